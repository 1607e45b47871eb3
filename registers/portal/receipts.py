"""Receipt files of one-stop software, .csv, .xlsx or .xls: which packages were accepted, which refused and why."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path

from confine import Confined, Died, OutOfMemory, TimedOut
from confine import Limits as ChildLimits
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.portal import KEY_LENGTH, Answer, Outcome
from registers.cells import as_text
from registers.choice import Choice
from registers.parts import form_of, sheets_of
from registers.portal.answers import bounded, refusal_of
from registers.returning import unguarded
from registers.settings import key, limits
from registers.sheets import Sheet

_HEX = frozenset("0123456789abcdef")


class Fault(StrEnum):
    """Why a row of a receipt file says nothing."""

    CODE = "code"  # neither a dossier code nor the key of a package
    STATE = "state"  # none of the words for a result


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One row: which dossier or package it is about, and what it says; `fault` when it says nothing."""

    row: int
    code: str
    key: str
    answer: Answer | None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class _Names:
    roles: dict[str, str]
    states: dict[str, Outcome]
    most_rows: int


def read_receipts(path: Path) -> list[ReceiptRow]:
    """Return the rows of a receipt file, in order; blank ones are left out.

    Raises:
        Rejected(RECEIPT_UNREADABLE): It is none, or too large, or has no columns for a dossier or package and a result.
    """
    try:
        if form_of(path) == "csv":
            return _rows(path)
        bounds = limits()
        child_limits = ChildLimits(bounds.wall_seconds, bounds.cpu_seconds, bounds.memory_bytes)
        with Confined("registers.portal.receipts:answer", child_limits) as child:
            found: list[ReceiptRow] = child.call(path)
            return found
    except (TimedOut, OutOfMemory, Died) as exc:
        raise _unreadable(type(exc).__name__, path) from exc
    except Rejected as exc:
        raise _unreadable(exc.detail, path) from exc


def answer(path: Path) -> list[ReceiptRow]:
    """Return the rows of a workbook; runs in the confined child."""
    return _rows(path)


def _rows(path: Path) -> list[ReceiptRow]:
    for sheet in sheets_of(path, form_of(path), Choice(), limits()):
        found = _header(sheet)
        if found is not None:
            last, columns = found
            below = (pair for pair in sheet.rows() if pair[0] > last + 1)
            read = [_row(number, cells, columns) for number, cells in islice(below, _names().most_rows + 1)]
            if len(read) > _names().most_rows:
                raise Rejected(Code.RECEIPT_UNREADABLE, "too many rows")
            return [row for row in read if row is not None]
    raise Rejected(Code.RECEIPT_UNREADABLE, "no header row found")


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Return the row, from 0, that names a dossier or package and a result, with its columns by role; or None."""
    for number, cells in enumerate(sheet.head):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            role = _names().roles.get(key(as_text(cell)), "") if isinstance(cell, str) else ""
            if role:
                columns.setdefault(role, place)
        if "state" in columns and columns.keys() & {"code", "key"}:
            return number, columns
    return None


def _row(number: int, cells: Sequence[object], columns: dict[str, int]) -> ReceiptRow | None:
    said = {role: _text(cells, place) for role, place in columns.items()}
    if not any(said.values()):
        return None
    parsed = parse_code(said.get("code", ""))
    code, package = parsed.normal if parsed else "", said.get("key", "").lower()
    if len(package) != KEY_LENGTH or not _HEX.issuperset(package):
        package = ""
    if not code and not package:
        return ReceiptRow(number, "", "", None, Fault.CODE)
    outcome = _names().states.get(key(said["state"]) or said["state"])
    if outcome is None:
        return ReceiptRow(number, code, package, None, Fault.STATE)
    refused = outcome is Outcome.REFUSED
    return ReceiptRow(
        number,
        code,
        package,
        Answer(
            outcome,
            receipt=bounded(said.get("receipt"), 100),
            refusal=refusal_of(said.get("refusal")) if refused else "",
            reason=bounded(said.get("reason")) if refused else "",
        ),
    )


def _text(cells: Sequence[object], place: int) -> str:
    return as_text(unguarded(cells[place]))[: limits().cell_characters] if place < len(cells) else ""


def _unreadable(detail: str, path: Path) -> Rejected:
    return Rejected(Code.RECEIPT_UNREADABLE, detail, subject=path.name)


@cache
def _names() -> _Names:
    data = tomllib.loads(resources.files("registers").joinpath("data/receipts.toml").read_text(encoding="utf-8"))
    roles = {key(name): role for role, names in data["roles"].items() for name in names}
    states = {key(word) or word: Outcome(state) for state, words in data["states"].items() for word in words}
    return _Names(roles, states, data["most_rows"])
