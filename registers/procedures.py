"""Procedures (TTHC) as dated rows: what an office asks for, how long it has, what it gives, whether it keeps papers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from dossier.errors import Code, Rejected
from dossier.register import ComponentRule, Procedure
from registers.reference import Kind, ReferenceRow, Value, in_force
from registers.settings import key


class Procedures:
    """All procedures there ever were, each as it was on any day."""

    def __init__(self, rows: Iterable[ReferenceRow]) -> None:
        self._rows = tuple(row for row in rows if row.kind in {Kind.PROCEDURES, Kind.COMPONENTS})
        starts = (row.valid_from for row in self._rows)
        ends = (date.fromordinal(row.valid_to.toordinal() + 1) for row in self._rows if row.valid_to is not None)
        self._changes = sorted({*starts, *ends})
        self._lists: dict[date, dict[str, Procedure]] = {}

    def on(self, day: date) -> Mapping[str, Procedure]:
        """Return the procedures of a day by code. A list is built once for all days between two changes."""
        since = max((change for change in self._changes if change <= day), default=date.min)
        if since not in self._lists:
            self._lists[since] = _listed(self._rows, since)
        return self._lists[since]

    def find(self, code: str, day: date) -> Procedure | None:
        """Return a procedure as it was on a day, before its first row as that has it; None when nobody knows it.

        Registers reach further back than lists do: a dossier of an earlier day is judged by the oldest row.
        """
        found = self.on(day).get(code)
        if found is not None:
            return found
        starts = [row.valid_from for row in self._rows if row.kind is Kind.PROCEDURES and row.key == code]
        first = min(starts, default=None)
        return self.on(first).get(code) if first is not None and day < first else None


def load_procedures(path: Path | None = None) -> dict[str, Procedure]:
    """Return the procedures by code.

    Args:
        path: A TOML file of the packaged form (`registers/data/procedures.toml`); None reads the packaged one.

    Returns:
        Procedures by short TTHC code (`1.001193`). The component `ket-qua` is the result, not a paper handed in.

    Raises:
        Rejected: SETTINGS_INVALID when the file is not readable TOML of that form.
    """
    return _listed(procedure_rows(path), date.max)


def procedure_rows(path: Path | None = None) -> tuple[ReferenceRow, ...]:
    """Return the same as rows of reference data, procedures and components; raises as `load_procedures`."""
    try:
        data = tomllib.loads(_text(path))
        return tuple(row for item in data["procedure"] for row in _rows(item, data))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as exc:
        raise Rejected(Code.SETTINGS_INVALID, f"{type(exc).__name__} {exc}", subject="procedures_file") from exc


def by_name(procedures: Iterable[Procedure]) -> Mapping[str, str]:
    """Return procedure codes by compared name (`settings.key`), for registers that print only the name of the TTHC."""
    return {key(procedure.name): procedure.code for procedure in procedures}


def _text(path: Path | None) -> str:
    if path is None:
        return resources.files("registers").joinpath("data/procedures.toml").read_text(encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _rows(item: Mapping[str, Any], data: Mapping[str, Any]) -> list[ReferenceRow]:
    own: dict[str, Value] = {name: str(item[name]) for name in ("code", "name", "field")}
    own |= {name: str(item.get(name, "")) for name in ("level", "result")}
    own |= {name: bool(item[name]) for name in ("has_result", "keeps_papers")}
    own |= {"deadline": item.get("deadline"), "published": item.get("published")}
    start, end = item.get("valid_from", data["valid_from"]), item.get("valid_to")
    basis, checked = item.get("basis", data["basis"]), bool(item.get("code_checked", False))
    rows = [ReferenceRow(Kind.PROCEDURES, item["code"], start, end, basis, own, checked)]
    for position, part in enumerate(item["components"], start=1):
        values: dict[str, Value] = {
            "procedure": item["code"],
            "code": str(part["code"]),
            "name": str(part["name"]),
            "required": bool(part["required"]),
            "kinds": tuple(part.get("kinds", ())),
            "position": position,
        }
        rows.append(ReferenceRow(Kind.COMPONENTS, f"{item['code']}/{part['code']}", start, end, basis, values, checked))
    return rows


def _listed(rows: Iterable[ReferenceRow], day: date) -> dict[str, Procedure]:
    rows = tuple(rows)
    parts: dict[str, list[tuple[int, ComponentRule]]] = {}
    for row in in_force(rows, Kind.COMPONENTS, day):
        position = row.values.get("position")
        parts.setdefault(str(row.values["procedure"]), []).append(
            (position if isinstance(position, int) else 0, _component(row.values))
        )
    return {row.key: _procedure(row, parts.get(row.key, [])) for row in in_force(rows, Kind.PROCEDURES, day)}


def _procedure(row: ReferenceRow, parts: list[tuple[int, ComponentRule]]) -> Procedure:
    values = row.values
    deadline, published = values.get("deadline"), values.get("published")
    return Procedure(
        code=row.key,
        name=str(values["name"]),
        field=str(values["field"]),
        components=tuple(rule for _, rule in sorted(parts, key=lambda part: part[0])),
        has_result=bool(values["has_result"]),
        keeps_papers=bool(values["keeps_papers"]),
        valid_from=row.valid_from,
        basis=row.basis,
        valid_to=row.valid_to,
        level=str(values.get("level") or ""),
        deadline=deadline if isinstance(deadline, int) and not isinstance(deadline, bool) else None,
        result=str(values.get("result") or ""),
        published=published if isinstance(published, bool) else None,
    )


def _component(values: Mapping[str, Value]) -> ComponentRule:
    kinds = values.get("kinds") or ()
    listed = tuple(map(str, kinds)) if isinstance(kinds, tuple | list) else ()
    return ComponentRule(str(values["code"]), str(values["name"]), bool(values["required"]), listed)
