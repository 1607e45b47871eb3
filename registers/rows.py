"""One row of a register to one entry, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from dossier.codes import DossierCode, parse_code
from dossier.register import RegisterEntry
from registers.cells import (
    Reader,
    as_text,
    identity,
    link,
    number,
    procedure,
    text,
    time_reader,
    value_reader,
)
from registers.columns import FIELD_OF
from registers.dates import end_of_bare_day, is_bare_day
from registers.reasons import RejectedRow, RowReason, Unfit, Warned
from registers.settings import key, limits, names
from registers.sheets import BadCell

_PROCEDURE_CODE = re.compile(r"(?<![\d.])([1-9]\.\d{6})(?:\.\d{3}(?:\.\d{2}){2}\.[A-Z]\d{2})?(?![\d.])")
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")
_DIGITS = re.compile(r"\d+")
_REMEMBERED = 4000  # pairs of code and name of procedures
_ODD_CLOCK = timedelta(days=1)  # by which the clock that wrote a register may be ahead of ours
_FIELDS = fields(RegisterEntry)
_PLACE = {field.name: place for place, field in enumerate(_FIELDS)}
_BLANK = tuple("" if field.type == "str" else None for field in _FIELDS)
_CODE, _RAW, _ROW, _UNIT = (_PLACE[name] for name in ("code", "raw_code", "row", "unit"))
_PROCEDURE, _PROCEDURE_NAME = _PLACE["procedure"], _PLACE["procedure_name"]
_SUBMITTED, _RECEIVED = _PLACE["submitted_at"], _PLACE["received_at"]
_SETTLED, _RETURNED = _PLACE["settled_at"], _PLACE["returned_at"]
_FIELD, _FIELD_CODE, _DUE, _ID = (_PLACE[name] for name in ("field", "field_code", "due_at", "applicant_id"))


class RowReader:
    """Reads the data rows of one register and remembers which codes it has seen.

    Args:
        columns: Column index by role, see `registers/data/columns.toml`.
        procedures: Procedure codes by compared name, for registers that print no code.
        units: Agency codes that are known, with all below them; None when the office has not listed its units.
        at: When the register is imported: nothing in it can have happened after that. None does not look.
        serial_shift: Days between the file's day numbers and those that count from 30/12/1899.

    Attributes:
        warnings: What to tell of rows that were taken, with their numbers; the caller may empty it.
    """

    def __init__(
        self,
        columns: Mapping[str, int],
        procedures: Mapping[str, str],
        units: Collection[str] | None = None,
        at: datetime | None = None,
        serial_shift: int = 0,
    ) -> None:
        self._columns = columns
        self._width = max(columns.values(), default=-1) + 1
        self._steps = _steps(columns, serial_shift)
        self._procedures = procedures
        self._procedure_of: dict[tuple[str, str], str] = {}
        self._units = units
        self._unit_known: dict[str, bool] = {}
        self._latest = at + _ODD_CLOCK if at else None
        self._seen: set[str] = set()
        self.warnings: list[tuple[int, Warned]] = []

    def read(self, number: int, row: Sequence[object]) -> RegisterEntry | RejectedRow | None:
        """Return the entry of row `number`, the row set aside, or None for a row that is no dossier."""
        found = self.values(number, row)
        return RegisterEntry(*found) if isinstance(found, tuple) else found

    def values(self, number: int, row: Sequence[object]) -> tuple[Any, ...] | RejectedRow | None:
        """Return what `read` does, an entry as the values of its fields: a register has up to a million."""
        cells = row if len(row) >= self._width else [*row, *[None] * (self._width - len(row))]
        raw = self._text(cells, "code")
        code = parse_code(raw)
        if code is None and self._is_no_dossier(raw, cells):
            return None
        try:
            entry = self._entry(number, cells, self._fresh(raw, code))
        except Unfit as unfit:
            return rejected(number, row, unfit.reason)
        self._seen.add(entry[_CODE])
        return entry

    def _is_no_dossier(self, raw: str, row: Sequence[object]) -> bool:
        """Titles, section rows, totals, the row of column numbers, signature lines: no code where a code stands."""
        if any(_is_total(text) for text in map(as_text, row[:4])) or key(raw) in names().roles:
            return True
        if raw:
            return all(_COLUMN_NUMBER.fullmatch(text) for text in (raw, self._text(row, "received")))
        if any(isinstance(cell, BadCell) for cell in row):
            return False
        return not any(self._text(row, role) for role in ("received", "due", "settled", "returned"))

    def _text(self, row: Sequence[object], role: str) -> str:
        column = self._columns.get(role)
        return "" if column is None else as_text(row[column])

    def _fresh(self, raw: str, code: DossierCode | None) -> DossierCode:
        if code is None:
            raise Unfit(RowReason.CODE_INVALID if raw else RowReason.CODE_MISSING)
        if code.normal in self._seen:
            raise Unfit(RowReason.CODE_DUPLICATE)
        known = self._unit_known.get(code.agency)
        if known is None:
            known = self._unit_known[code.agency] = self._units is None or is_below(code.agency, self._units)
        if not known:
            raise Unfit(RowReason.UNIT_UNKNOWN)
        return code

    def _entry(self, number: int, row: Sequence[object], code: DossierCode) -> tuple[Any, ...]:
        values: list[Any] = list(_BLANK)
        for place, column, read in self._steps:
            values[place] = read(row[column])
        values[_CODE], values[_RAW], values[_ROW], values[_UNIT] = code.normal, code.raw, number, code.agency
        values[_PROCEDURE] = self._procedure(values[_PROCEDURE], values[_PROCEDURE_NAME])
        values[_FIELD] = values[_FIELD] or values[_FIELD_CODE]
        values[_DUE] = end_of_bare_day(values[_DUE])
        warning: Warned | None = None
        if values[_ID]:
            values[_ID], warning = values[_ID]
        received = values[_RECEIVED]
        self._check_times(received, values[_DUE], (values[_SETTLED], values[_RETURNED]), values[_SUBMITTED])
        if warning:
            self.warnings.append((number, warning))
        if received and received.date() != code.received:
            self.warnings.append((number, Warned.CODE_DAY_DIFFERS))
        return tuple(values)

    def _check_times(
        self,
        received: datetime | None,
        due: datetime | None,
        finished: tuple[datetime | None, datetime | None],
        submitted: datetime | None,
    ) -> None:
        if self._latest:
            for moment in (received, *finished, submitted):
                if moment and moment > self._latest:
                    raise Unfit(RowReason.DATE_IN_FUTURE)
        if received is None:
            return
        if due and _is_before(due, received):
            raise Unfit(RowReason.DUE_BEFORE_RECEIVED)
        for moment in finished:
            if moment and _is_before(moment, received):
                raise Unfit(RowReason.FINISHED_BEFORE_RECEIVED)

    def _procedure(self, code: str, name: str) -> str:
        found = self._procedure_of.get((code, name))
        if found is None:
            match = _PROCEDURE_CODE.search(code) or _PROCEDURE_CODE.search(name)
            found = match[1] if match else code.upper() or self._procedures.get(key(name), "")
            if len(self._procedure_of) < _REMEMBERED:
                self._procedure_of[code, name] = found
        return found


def _steps(columns: Mapping[str, int], serial_shift: int) -> list[tuple[int, int, Reader]]:
    """Return where among the fields of an entry, from which column and how each role's cell is read."""
    time = time_reader(serial_shift)
    special: dict[str, Reader] = {
        **dict.fromkeys(("submitted", "received", "due", "settled", "returned"), time),
        "channel": value_reader(names().channels, RowReason.CHANNEL_UNKNOWN),
        "status": value_reader(names().statuses, RowReason.STATUS_UNKNOWN),
        "result": link,
        "copies": number,
        "applicant_id": identity,
        "procedure": procedure,
    }
    for role in ("components", "reused", "from_store", "certified_copy"):
        special[role] = value_reader(names().flags, RowReason.FLAG_UNKNOWN, empty=False)
    return [
        (_PLACE[field], columns[role], special.get(role, text))
        for role, field in FIELD_OF.items()
        if role in columns and role != "code"
    ]


def rejected(number: int, row: Sequence[object], reason: RowReason) -> RejectedRow:
    """Return a row as one that is set aside."""
    return RejectedRow(number, reason, tuple(as_text(cell)[: limits().cell_characters] for cell in row))


def is_below(agency: str, units: Collection[str]) -> bool:
    """Return whether an agency code is one of these or stands below one of them."""
    while agency not in units:
        agency, dot, _ = agency.rpartition(".")
        if not dot:
            return False
    return True


def _is_total(text: str) -> bool:
    """Return whether a cell says that its row adds up others: `Tổng cộng`, `Cộng: 12`, `Tổng số hồ sơ: 9.078`."""
    letters = _DIGITS.sub("", key(text))
    return letters in names().totals or letters.startswith(names().sums)


def _is_before(finished: datetime, received: datetime) -> bool:
    if finished >= received:
        return False
    return not (finished.date() == received.date() and is_bare_day(finished))
