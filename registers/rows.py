"""One row of a register to one entry, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from dossier.codes import DossierCode, parse_code
from dossier.register import RegisterEntry
from registers.cells import Cells, as_text
from registers.dates import end_of_bare_day, is_bare_day
from registers.reasons import RejectedRow, RowReason, Unfit, Warned
from registers.settings import key, limits, names
from registers.sheets import BadCell

_PROCEDURE = re.compile(r"(?<![\d.])([1-9]\.\d{6})(?:\.\d{3}(?:\.\d{2}){2}\.[A-Z]\d{2})?(?![\d.])")
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")
_DIGITS = re.compile(r"\d+")
_REMEMBERED = 4000  # pairs of code and name of procedures
_ODD_CLOCK = timedelta(days=1)  # by which the clock that wrote a register may be ahead of ours


class RowReader:
    """Reads the data rows of one register and remembers which codes it has seen.

    Args:
        columns: Column index by role, see `registers/data/columns.toml`.
        procedures: Procedure codes by compared name, for registers that print no code.
        units: Agency codes that are known, with all below them; None when the office has not listed its units.
        at: When the register is imported: nothing in it can have happened after that. None does not look.
        serial_shift: See `Cells`.

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
        self._cells = Cells(columns, serial_shift)
        self._procedures = procedures
        self._procedure_of: dict[tuple[str, str], str] = {}
        self._units = units
        self._unit_known: dict[str, bool] = {}
        self._latest = at + _ODD_CLOCK if at else None
        self._seen: set[str] = set()
        self.warnings: list[tuple[int, Warned]] = []

    def read(self, number: int, row: Sequence[object]) -> RegisterEntry | RejectedRow | None:
        """Return the entry of row `number`, the row set aside, or None for a row that is no dossier."""
        raw = self._cells.text(row, "code")
        code = parse_code(raw)
        if code is None and self._is_no_dossier(raw, row):
            return None
        try:
            self._cells.check(row)
            entry = self._entry(number, row, self._fresh(raw, code))
        except Unfit as unfit:
            return rejected(number, row, unfit.reason)
        self._seen.add(entry.code)
        return entry

    def _is_no_dossier(self, raw: str, row: Sequence[object]) -> bool:
        """Titles, section rows, totals, the row of column numbers, signature lines: no code where a code stands."""
        if any(_is_total(text) for text in map(as_text, row[:4])) or key(raw) in names().roles:
            return True
        received = self._cells.text(row, "received")
        if raw:
            return all(_COLUMN_NUMBER.fullmatch(text) for text in (raw, received))
        if any(isinstance(cell, BadCell) for cell in row):
            return False
        return not any(self._cells.text(row, role) for role in ("received", "due", "settled", "returned"))

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

    def _entry(self, number: int, row: Sequence[object], code: DossierCode) -> RegisterEntry:
        cells = self._cells
        received, due = cells.moment(row, "received"), end_of_bare_day(cells.moment(row, "due"))
        settled, returned = cells.moment(row, "settled"), cells.moment(row, "returned")
        submitted = cells.moment(row, "submitted")
        self._check_times(received, due, (settled, returned), submitted)
        name = cells.text(row, "procedure_name")
        field_code = cells.text(row, "field_code")
        entry = RegisterEntry(
            code=code.normal,
            raw_code=code.raw,
            row=number,
            unit=code.agency,
            field=cells.text(row, "field") or field_code,
            procedure=self._procedure(cells.procedure(row, "procedure"), name),
            procedure_name=name,
            channel=cells.value(row, "channel", names().channels, RowReason.CHANNEL_UNKNOWN),
            status=cells.value(row, "status", names().statuses, RowReason.STATUS_UNKNOWN),
            received_at=received,
            due_at=due,
            settled_at=settled,
            returned_at=returned,
            applicant=cells.text(row, "applicant"),
            portal_components=cells.flag(row, "components"),
            portal_result=cells.link(row, "result"),
            portal_reused=cells.flag(row, "reused"),
            note=cells.text(row, "note"),
            submitted_at=submitted,
            field_code=field_code,
            agency=cells.text(row, "agency"),
            applicant_id=self._identity(number, row),
            address=cells.text(row, "address"),
            copies=cells.number(row, "copies"),
            result_method=cells.text(row, "result_method"),
            portal_from_store=cells.flag(row, "from_store"),
            certified_copy=cells.flag(row, "certified_copy"),
        )
        if received and received.date() != code.received:
            self.warnings.append((number, Warned.CODE_DAY_DIFFERS))
        return entry

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
            match = _PROCEDURE.search(code) or _PROCEDURE.search(name)
            found = match[1] if match else code.upper() or self._procedures.get(key(name), "")
            if len(self._procedure_of) < _REMEMBERED:
                self._procedure_of[code, name] = found
        return found

    def _identity(self, number: int, row: Sequence[object]) -> str:
        text, warning = self._cells.identity(row, "applicant_id")
        if warning:
            self.warnings.append((number, warning))
        return text


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
