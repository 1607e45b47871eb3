"""One row of a register to one entry, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from dossier.codes import DossierCode, parse_code
from dossier.register import RegisterEntry
from dossier.text import nfc, spaces_collapsed
from registers.dates import end_of_bare_day, is_bare_day, moment
from registers.settings import key, limits, names

V = TypeVar("V")
_PROCEDURE = re.compile(r"(?<![\d.])([1-9]\.\d{6})(?:\.\d{3}(?:\.\d{2}){2}\.[A-Z]\d{2})?(?![\d.])")
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")
_SHOWN = 200


class RowReason(StrEnum):
    """Why a row was set aside."""

    CODE_MISSING = "CODE_MISSING"
    CODE_INVALID = "CODE_INVALID"
    CODE_DUPLICATE = "CODE_DUPLICATE"
    DATE_IMPOSSIBLE = "DATE_IMPOSSIBLE"
    FINISHED_BEFORE_RECEIVED = "FINISHED_BEFORE_RECEIVED"
    STATUS_UNKNOWN = "STATUS_UNKNOWN"
    CHANNEL_UNKNOWN = "CHANNEL_UNKNOWN"
    FLAG_UNKNOWN = "FLAG_UNKNOWN"
    CELL_TOO_LONG = "CELL_TOO_LONG"


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was set aside: its number in the file from 1, why, and its cells as text (may name people)."""

    row: int
    reason_code: RowReason
    values: tuple[str, ...]


class _Unfit(Exception):  # noqa: N818 - carries a reason within this module
    def __init__(self, reason: RowReason) -> None:
        super().__init__(reason)
        self.reason = reason


class RowReader:
    """Reads the data rows of one register and remembers which codes it has seen.

    Args:
        columns: Column index by role, see `registers/data/columns.toml`.
        procedures: Procedure codes by compared name, for registers that print no code.
    """

    def __init__(self, columns: Mapping[str, int], procedures: Mapping[str, str]) -> None:
        self._columns = columns
        self._procedures = procedures
        self._seen: set[str] = set()

    def read(self, number: int, row: Sequence[object]) -> RegisterEntry | RejectedRow | None:
        """Return the entry of row `number`, the row set aside, or None for a row that is no dossier."""
        raw = self._text(row, "code")
        code = parse_code(raw)
        if code is None and self._is_no_dossier(raw, row):
            return None
        try:
            entry = self._entry(number, row, self._fresh(raw, code))
        except _Unfit as unfit:
            return RejectedRow(number, unfit.reason, tuple(as_text(cell)[:_SHOWN] for cell in row))
        self._seen.add(entry.code)
        return entry

    def _is_no_dossier(self, raw: str, row: Sequence[object]) -> bool:
        """Titles, section rows, totals, the row of column numbers, signature lines: no code where a code stands."""
        start = [text for text in map(as_text, row[:4]) if text]
        if any(key(text) in names().totals for text in start):
            return True
        if raw:
            return all(_COLUMN_NUMBER.fullmatch(text) for text in (raw, self._text(row, "received")))
        return not any(self._text(row, role) for role in ("received", "due", "settled", "returned"))

    def _fresh(self, raw: str, code: DossierCode | None) -> DossierCode:
        if code is None:
            raise _Unfit(RowReason.CODE_INVALID if raw else RowReason.CODE_MISSING)
        if code.normal in self._seen:
            raise _Unfit(RowReason.CODE_DUPLICATE)
        return code

    def _entry(self, number: int, row: Sequence[object], code: DossierCode) -> RegisterEntry:
        received, due = self._moment(row, "received"), self._moment(row, "due")
        settled, returned = self._moment(row, "settled"), self._moment(row, "returned")
        for finished in (settled, returned):
            if received and finished and _is_before(finished, received):
                raise _Unfit(RowReason.FINISHED_BEFORE_RECEIVED)
        name = self._long(row, "procedure_name")
        return RegisterEntry(
            code=code.normal,
            raw_code=code.raw,
            row=number,
            unit=code.agency,
            field=self._long(row, "field"),
            procedure=self._procedure(self._text(row, "procedure"), name),
            procedure_name=name,
            channel=self._value(row, "channel", names().channels, RowReason.CHANNEL_UNKNOWN),
            status=self._value(row, "status", names().statuses, RowReason.STATUS_UNKNOWN),
            received_at=received,
            due_at=end_of_bare_day(due),
            settled_at=settled,
            returned_at=returned,
            applicant=self._long(row, "applicant"),
            portal_components=self._flag(row, "components"),
            portal_result=self._result(row),
            portal_reused=self._flag(row, "reused"),
            note=self._long(row, "note"),
        )

    def _procedure(self, code: str, name: str) -> str:
        if match := _PROCEDURE.search(code) or _PROCEDURE.search(name):
            return match[1]
        return code.upper() or self._procedures.get(key(name), "")

    def _moment(self, row: Sequence[object], role: str) -> datetime | None:
        try:
            return moment(self._cell(row, role))
        except (ValueError, OverflowError) as exc:
            raise _Unfit(RowReason.DATE_IMPOSSIBLE) from exc

    def _value(self, row: Sequence[object], role: str, known: Mapping[str, V], reason: RowReason) -> V | None:
        text = self._text(row, role)
        if not text:
            return None
        found = known.get(key(text) or text)
        if found is None:
            raise _Unfit(reason)
        return found

    def _flag(self, row: Sequence[object], role: str) -> bool | None:
        if role not in self._columns:
            return None
        return bool(self._value(row, role, names().flags, RowReason.FLAG_UNKNOWN))

    def _result(self, row: Sequence[object]) -> bool | None:
        """A result column holds a flag, or the link itself, or nothing."""
        if "result" not in self._columns:
            return None
        text = self._text(row, "result")
        return names().flags.get(key(text) or text, True) if text else False

    def _long(self, row: Sequence[object], role: str) -> str:
        text = self._text(row, role)
        if len(text) > limits().cell_characters:
            raise _Unfit(RowReason.CELL_TOO_LONG)
        return text

    def _text(self, row: Sequence[object], role: str) -> str:
        return as_text(self._cell(row, role))

    def _cell(self, row: Sequence[object], role: str) -> object:
        column = self._columns.get(role)
        return row[column] if column is not None and column < len(row) else None


def as_text(cell: object) -> str:
    """Return a cell as text: whole numbers without a point, NFC, trimmed, without NUL, which no database stores."""
    if isinstance(cell, str):
        cell = cell.replace("\0", "")
        return cell.strip() if cell.isascii() else spaces_collapsed(nfc(cell))
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _is_before(finished: datetime, received: datetime) -> bool:
    if finished.date() == received.date() and is_bare_day(finished):
        return False
    return finished < received
