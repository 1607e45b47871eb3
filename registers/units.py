"""Units (đơn vị): a tree that changes with time, by the agency code inside a mã hồ sơ.

Names repeat, so units are known by code. A unit that ended names its successors; what it received is counted under
its own name in the historic view, and under the unit that has taken its place in the view of today.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from dossier.errors import Code, Rejected
from registers.reference import LEVELS, Kind, ReferenceRow, in_force


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as one dated row has it. `level`: `trung_uong`, `tinh`, `huyen` (until 30/6/2025) or `xa`.

    `successors` are the codes of the units that took its place, `fonds` names who keeps its archive now.
    """

    code: str
    name: str
    level: str
    parent: str
    valid_from: date
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    fonds: str = ""
    basis: str = ""


class UnitTree:
    """All units there ever were, and the tree they formed on any day."""

    def __init__(self, rows: Iterable[ReferenceRow]) -> None:
        self._rows = tuple(row for row in rows if row.kind is Kind.UNITS)
        self._last: dict[str, Unit] = {}
        self._days: dict[date, dict[str, Unit]] = {}
        for row in sorted(self._rows, key=lambda row: row.valid_from):
            self._last[row.key] = _unit(row)

    def on(self, day: date) -> Mapping[str, Unit]:
        """Return the units of a day by code."""
        if day not in self._days:
            self._days[day] = {row.key: _unit(row) for row in in_force(self._rows, Kind.UNITS, day)}
        return self._days[day]

    @property
    def last(self) -> Mapping[str, Unit]:
        """All units there ever were by code, each as it was last."""
        return self._last

    def name(self, code: str, day: date) -> str:
        """Return the name of a unit on a day: what it was called then, else last, else the code itself."""
        found = self.on(day).get(code) or self._last.get(code)
        return found.name if found is not None else code

    def present(self, code: str, day: date) -> str:
        """Return which unit of a day a code counts under in the view of that day.

        It is the code itself while the unit exists or when nobody knows it; after that its successor, followed as
        often as needed. A unit that was divided among several has no single successor and keeps its own code.
        """
        units, seen = self.on(day), {code}
        while code not in units and code in self._last:
            successors = self._last[code].successors
            if len(successors) != 1 or successors[0] in seen:
                break
            (code,) = successors
            seen.add(code)
        return code

    def above(self, code: str, day: date, level: str) -> str:
        """Return the unit of a level that a unit stands below on a day, or the code itself when it stands below none.

        A unit that had ended by then is looked up where it stood last.
        """
        units, at, seen = self.on(day), code, set[str]()
        while at not in seen:
            seen.add(at)
            unit = units.get(at) or self._last.get(at)
            if unit is None:
                break
            if unit.level == level:
                return unit.code
            at = unit.parent
        return code

    def within(self, code: str, top: str, day: date, *, present: bool) -> bool:
        """Return whether an agency code counts under a unit on a day, that unit itself and all below it.

        An agency that is in no list counts where the nearest known code above it does. `present`: as seen on that
        day, successors in place of units that ended; otherwise units that ended count where they stood last.
        """
        known = unit_of(code, self._last)
        at = code if known is None else known.code
        if code == top or code.startswith(f"{top}."):
            return True
        if present:
            at = self.present(at, day)
        units, seen = self.on(day), set[str]()
        while at and at not in seen and at != top:
            seen.add(at)
            unit = units.get(at) or self._last.get(at)
            at = unit.parent if unit is not None else ""
        return at == top

    def faults(self) -> list[str]:
        """Return the codes of units whose parent or successor nobody knows, or that stand below themselves."""
        unknown = {unit.code for unit in self._last.values() if {*unit.successors, unit.parent} - {"", *self._last}}
        return sorted(unknown | {code for code in self._last if self._stands_below_itself(code)})

    def _stands_below_itself(self, code: str) -> bool:
        seen: set[str] = set()
        while code in self._last and code not in seen:
            seen.add(code)
            code = self._last[code].parent
        return code in seen


def load_units(path: Path | None = None) -> dict[str, Unit]:
    """Return units by agency code, from a TOML file of the packaged form or the packaged one (invented units H99).

    Raises:
        Rejected: SETTINGS_INVALID when the file is not readable TOML of that form.
    """
    return {row.key: _unit(row) for row in unit_rows(path)}


def unit_rows(path: Path | None = None) -> tuple[ReferenceRow, ...]:
    """Return the same as rows of reference data; raises as `load_units`."""
    source = path or resources.files("registers").joinpath("data/units.toml")
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
        return tuple(_row_of(item, data) for item in data["unit"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as exc:
        raise Rejected(Code.SETTINGS_INVALID, f"{type(exc).__name__} {exc}", subject="units_file") from exc


def unit_of(agency: str, units: Mapping[str, Unit]) -> Unit | None:
    """Return the unit of an agency code, or the nearest unit above it; None when nothing above it is known."""
    code = agency
    while code not in units:
        code, dot, _ = code.rpartition(".")
        if not dot:
            return None
    return units[code]


def _row_of(item: Mapping[str, Any], data: Mapping[str, Any]) -> ReferenceRow:
    if item["level"] not in LEVELS:
        raise ValueError(item["level"])
    own = {name: item.get(name, "") for name in ("code", "name", "level", "parent", "fonds")}
    values = {**own, "successors": tuple(item.get("successors", ()))}
    start, end = item.get("valid_from", data["valid_from"]), item.get("valid_to")
    return ReferenceRow(Kind.UNITS, item["code"], start, end, item.get("basis", data["basis"]), values)


def _unit(row: ReferenceRow) -> Unit:
    text = {name: str(row.values.get(name) or "") for name in ("code", "name", "level", "parent", "fonds")}
    successors = row.values.get("successors") or ()
    return Unit(
        **text,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        successors=tuple(map(str, successors)) if isinstance(successors, tuple | list) else (),
        basis=row.basis,
    )
