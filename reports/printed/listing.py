"""A form filled in: heading, rows, sums and signatures, as PDF/A-2b or as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reports.printed.forms import FORMS_LANGUAGE, Column, Form
from reports.printed.page import page, place_and_day
from reports.printed.pdf import write_pdf
from reports.sheet import Sheet, book
from reports.tables import Cell, Table
from reports.wording import word

_SUMMED = frozenset({"documents", "pages"})
_SPAN = 3  # columns of a heading block in a workbook, where there are enough


@dataclass(frozen=True, slots=True)
class Listing:
    """What is printed on a form.

    Attributes:
        form: Which one.
        unit: Whose it is.
        made_at: The moment that it names as its own.
        lines: What stands between title and table.
        rows: Values by the keys of the form's columns; what is missing is left free to be written in by hand.
        closing: What stands under the table.
    """

    form: Form
    unit: str
    made_at: datetime
    lines: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]
    closing: tuple[str, ...] = ()

    @property
    def table(self) -> Table:
        """The rows under the form's columns, counted from 1, with sums where there are any."""
        columns = self.form.columns
        rows = tuple(
            tuple({"ordinal": number, **row}.get(column.key, "") for column in columns)
            for number, row in enumerate(self.rows, start=1)
        )
        return Table(self.form.title, tuple(column.name for column in columns), rows, self._sums())

    def _sums(self) -> tuple[Cell, ...]:
        if not self.rows or not any(column.key in _SUMMED for column in self.form.columns):
            return ()
        return ("", *(self._sum(number, column) for number, column in enumerate(self.form.columns[1:])))

    def _sum(self, number: int, column: Column) -> Cell:
        if column.key in _SUMMED:
            return sum(int(row.get(column.key, 0)) for row in self.rows)
        return word("total", FORMS_LANGUAGE) if number == 0 else ""


def write_listing_pdf(listing: Listing, path: Path) -> None:
    """Write a filled form as PDF/A-2b.

    Raises:
        Unavailable: FONT_MISSING; EXPORT_TARGET when the file cannot be written.
    """
    write_pdf(listing_html(listing), path)


def listing_html(listing: Listing) -> str:
    """Return a filled form as the HTML page that the PDF is made of."""
    return page(
        "listing.html",
        FORMS_LANGUAGE,
        listing.made_at,
        title=listing.form.title,
        unit=listing.unit,
        day=place_and_day(listing.made_at, FORMS_LANGUAGE),
        paper=listing.form.paper,
        lines=listing.lines,
        table=listing.table,
        widths=listing.form.shares,
        closing=listing.closing,
        signatures=listing.form.signatures,
    )


def write_sheets_pdf(listings: Sequence[Listing], path: Path) -> None:
    """Write several filled forms one after the other as one PDF/A-2b, each on pages of its own; raises as above."""
    write_pdf(sheets_html(listings), path)


def sheets_html(listings: Sequence[Listing]) -> str:
    """Return filled forms as the HTML page that the PDF is made of; all are of one form and one unit."""
    first = listings[0]
    return page(
        "sheets.html",
        FORMS_LANGUAGE,
        first.made_at,
        title=first.form.title,
        unit=first.unit,
        day=place_and_day(first.made_at, FORMS_LANGUAGE),
        paper=first.form.paper,
        widths=first.form.shares,
        signatures=first.form.signatures,
        listings=listings,
    )


def write_listing_xlsx(listing: Listing, path: Path) -> None:
    """Write a filled form as a workbook: A4 landscape, heading and signature blocks, numbers as numbers.

    Raises:
        Unavailable: EXPORT_TARGET when the file cannot be written.
    """
    with book(path, listing.made_at) as sheets:
        sheet = sheets("sheet_form_filled", FORMS_LANGUAGE)
        sheet.widths(*(column.width for column in listing.form.columns))
        last = len(listing.form.columns) - 1
        left, right = min(_SPAN - 1, (last - 1) // 2), max(last - _SPAN, (last + 1) // 2)
        sheet.heads(listing.unit, place_and_day(listing.made_at, FORMS_LANGUAGE), (left, right), last)
        sheet.across(0, last, listing.form.title, "title")
        sheet.row += 1
        for line in listing.lines:
            sheet.line([line])
        _rows(sheet, listing.table)
        for line in listing.closing:
            sheet.line([line])
        sheet.row += 1
        giver, taker = listing.form.signatures
        sheet.across(0, left, giver, "centre")
        sheet.across(right, last, taker, "centre")


def _rows(sheet: Sheet, table: Table) -> None:
    sheet.row += 1
    sheet.line(table.columns, "head")
    sheet.freeze_here()
    for row in table.rows:
        sheet.line(row, "text")
    if table.total:
        sheet.line(table.total, "total", "total_number")
    sheet.row += 1
