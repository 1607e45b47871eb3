"""Rows that were set aside, given back in the form they came in, and why: to be corrected and imported anew."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from dossier.text import spaces_collapsed
from registers.alphabets import LEGACY, writer
from registers.dates import is_bare_day, moment
from registers.reasons import RowReason
from registers.register_file import Layout, RegisterFile

REASON_HEADER = "Lý do bị để riêng"
_DATES = ("submitted", "received", "due", "settled", "returned")
_STARTS = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet takes a cell for a formula
_GUARD = "'"
_WIDTH, _REASON_WIDTH = 18, 60
Row = Sequence[str]


def write_rejected(found: RegisterFile, target: Path, reason: Callable[[RowReason], str]) -> Path:
    """Write the rows that were set aside: what stood above them, the rows, and a column with the reason of each.

    A .csv file comes back with its encoding and separator; a workbook as .xlsx, an .xls too. Nothing in it can act as a
    formula. Importing it again ignores the added column.

    Args:
        found: The register that was read.
        target: Where to; its suffix is replaced.
        reason: Says a reason in words.

    Returns:
        The file that was written.
    """
    layout = found.layout
    place = _reason_place(layout)
    head = [_with_reason(row, place, "") for row in layout.head[:-1]]
    head.append(_with_reason(layout.head[-1], place, REASON_HEADER))
    rows = (_with_reason(row.values, place, reason(row.reason_code)) for row in found.rejected)
    if layout.form == "csv":
        path = target.with_suffix(".csv")
        _write_text(path, [*head], rows, layout)
    else:
        path = target.with_suffix(".xlsx")
        _write_workbook(path, [*head], rows, layout)
    return path


def guarded(cell: str) -> str:
    """Return a cell with the sign that keeps a spreadsheet from computing it, where it might."""
    return _GUARD + cell if cell.startswith(_STARTS) and len(cell) > 1 else cell


def unguarded(cell: object) -> object:
    """Return a cell without the sign that keeps a spreadsheet from computing it."""
    return cell[1:] if isinstance(cell, str) and cell.startswith(_GUARD) and cell[1:].startswith(_STARTS) else cell


def _reason_place(layout: Layout) -> int:
    printed = [spaces_collapsed(text) for text in layout.printed]
    return printed.index(REASON_HEADER) if REASON_HEADER in printed else len(printed)


def _with_reason(row: Row, place: int, reason: str) -> list[str]:
    return [*row[:place], *[""] * (place - len(row)), reason, *row[place + 1 :]]


def _write_text(path: Path, head: list[list[str]], rows: Iterable[list[str]], layout: Layout) -> None:
    is_legacy = layout.encoding in LEGACY and layout.form == "csv"
    turn = writer(layout.encoding) if is_legacy else str
    with path.open("w", encoding="latin-1" if is_legacy else layout.encoding, newline="") as stream:
        lines = csv.writer(stream, delimiter=layout.separator, lineterminator="\r\n")
        for row in head:
            lines.writerow([turn(guarded(cell)) for cell in row])
        for row in rows:
            lines.writerow([turn(guarded(cell)) for cell in row])


def _write_workbook(path: Path, head: list[list[str]], rows: Iterable[list[str]], layout: Layout) -> None:
    dates = {layout.columns[role] for role in _DATES if role in layout.columns}
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Bi de rieng")
        bold, moment_format = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        day_format = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.set_column(0, len(layout.printed), _WIDTH)
        sheet.set_column(len(head[-1]) - 1, len(head[-1]) - 1, _REASON_WIDTH)
        for number, row in enumerate(head):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, bold)
        for number, row in enumerate(rows, start=len(head)):
            for column, cell in enumerate(row):
                value = _moment(cell) if column in dates else None
                if value is None:
                    sheet.write_string(number, column, cell)
                else:
                    sheet.write_datetime(number, column, value, day_format if is_bare_day(value) else moment_format)


def _moment(cell: str) -> datetime | None:
    """Return the time that a cell holds as a spreadsheet keeps it, without a zone, or None."""
    try:
        found = moment(cell)
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=None) if found else None
