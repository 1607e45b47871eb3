"""All reference data of one moment: packaged or own files, with the editions of the catalogue over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

from dossier.digest import canonical, of_bytes
from dossier.errors import Code, Rejected
from registers.procedures import Procedures, procedure_rows
from registers.reference import Kind, ReferenceRow, in_force, overlaid
from registers.reference_cells import cells_of
from registers.reference_files import packaged
from registers.units import UnitTree, unit_rows
from registers.working_days import Saturdays, WorkingDays


class Reference:
    """Reference data as known at one edition (0: the files only)."""

    def __init__(self, rows: Iterable[ReferenceRow], edition: int = 0, saturdays: Saturdays = Saturdays.OFF) -> None:
        self.rows = tuple(rows)
        self.edition = edition
        self.saturdays = saturdays
        self.units = UnitTree(self.rows)
        self.procedures = Procedures(self.rows)
        self.working_days = WorkingDays(self.rows, saturdays)

    @cached_property
    def digest(self) -> str:
        """The digest of all rows and of the office's setting: two references with one digest say the same."""
        texts = sorted(_line(row) for row in self.rows)
        return of_bytes("\n".join([self.saturdays.value, *texts]).encode())

    def of_kind(self, kind: Kind, day: date | None = None) -> list[ReferenceRow]:
        """Return the rows of a kind, those in force on a day or all."""
        if day is not None:
            return list(in_force(self.rows, kind, day))
        return [row for row in self.rows if row.kind is kind]

    def with_edition(self, rows: Iterable[ReferenceRow], edition: int) -> Reference:
        """Return the same with the rows of the catalogue's editions up to one over it.

        Raises:
            Rejected(REFERENCE_INVALID): What comes out is not sound: a component of no procedure, a unit below itself
                or under one that nobody knows.
        """
        whole = Reference(overlaid(self.rows, rows), edition, self.saturdays)
        if faults := whole.faults():
            raise Rejected(Code.REFERENCE_INVALID, ", ".join(faults[:5]), subject="reference")
        return whole

    def faults(self) -> list[str]:
        """Return the keys of rows that refer to nothing."""
        procedures = {row.key for row in self.rows if row.kind is Kind.PROCEDURES}
        parts = (row for row in self.rows if row.kind is Kind.COMPONENTS)
        return [*self.units.faults(), *sorted(row.key for row in parts if row.values["procedure"] not in procedures)]


def of_files(units: Path | None, procedures: Path | None, saturdays: Saturdays = Saturdays.OFF) -> Reference:
    """Return the reference data of the packaged files, or of an office's own in their place.

    Raises:
        Rejected(SETTINGS_INVALID): A file is not readable TOML of its form.
    """
    lists = (packaged(name) for name in ("holidays", "retention", "codes"))
    rows = (*unit_rows(units), *procedure_rows(procedures), *(row for one in lists for row in one))
    return Reference(overlaid(rows, ()), saturdays=saturdays)


def as_stored(row: ReferenceRow) -> dict[str, object]:
    """Return a row's own values as JSON knows them."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.values.items()}


def from_stored(kind: str, dated: Mapping[str, object], values: Mapping[str, object]) -> ReferenceRow:
    """Return the row that was stored, from its kind, its dating columns and `as_stored`."""
    own = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return ReferenceRow(kind=Kind(kind), values=own, **dated)  # type: ignore[arg-type]


def _line(row: ReferenceRow) -> str:
    cells = {name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in cells_of(row).items()}
    return f"{row.kind}|{canonical(cells).decode()}"
