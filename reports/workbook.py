"""The inspection report as an .xlsx workbook: typed numbers, A4 landscape, Times New Roman, both header blocks.

Texts are written as texts and those that a spreadsheet could take for a formula are marked with an apostrophe, so
that neither this file nor a .csv saved from it runs anything. The same figures give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter

from dossier.errors import Code, Unavailable
from dossier.register import VIETNAM
from reports import tables
from reports.inspection import InspectionFigures
from reports.lists import Detail
from reports.numbers import count, rounded
from reports.rates import Rate
from reports.tables import Cell, Table
from reports.wording import word

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_A4 = 9
_NUMBERS = 11  # width of a column of counts
_LINE_POINTS = 17.5  # one line of 13 point type
_MOST_LISTED = 100_000
_CHARACTERS = 0.85  # of a column's width units: what 13 point type takes, bold included
_FONT = {"font_name": "Times New Roman", "font_size": 13, "valign": "vcenter", "text_wrap": True}
_STYLES: dict[str, dict[str, Any]] = {
    "plain": {"text_wrap": False},
    "centre": {"bold": True, "align": "center"},
    "title": {"bold": True, "align": "center", "font_size": 14},
    "section": {"bold": True, "text_wrap": False},
    "head": {"bold": True, "align": "center", "border": 1},
    "text": {"border": 1},
    "number": {"border": 1, "num_format": "#,##0", "align": "right"},
    "percent": {"border": 1, "num_format": "0.00%", "align": "right"},
    "total": {"border": 1, "bold": True},
    "total_number": {"border": 1, "bold": True, "num_format": "#,##0", "align": "right"},
}


def write_xlsx(figures: InspectionFigures, path: Path, language: str = "vi", details: Iterable[Detail] = ()) -> None:
    """Write the report: figures and rates, Biểu 06, digitisation by field, causes, and the list behind them.

    A file of that name is replaced only when the new one is complete. Of a list that is longer than people read in a
    sheet the first 100.000 dossiers are written, and a line says so.

    Raises:
        Unavailable: EXPORT_TARGET when the file cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with xlsxwriter.Workbook(part, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            book.set_properties({"created": figures.question.as_of.astimezone(VIETNAM).replace(tzinfo=None)})
            styles = {name: book.add_format(_FONT | style) for name, style in _STYLES.items()}
            _report(_Sheet(book, styles, "sheet_report", language), figures)
            _tables(_Sheet(book, styles, "sheet_form", language), figures, [tables.form(figures, language)])
            _tables(_Sheet(book, styles, "sheet_split", language), figures, [tables.split(figures, language)])
            _tables(_Sheet(book, styles, "sheet_causes", language), figures, _gaps(figures, language))
            _listing(_Sheet(book, styles, "sheet_list", language), details)
        part.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as exc:
        part.unlink(missing_ok=True)
        raise Unavailable(Code.EXPORT_TARGET, type(exc).__name__, subject=path.name) from exc


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class _Sheet:
    """One sheet, written from the top down."""

    def __init__(self, book: Any, styles: dict[str, Any], name: str, language: str) -> None:  # noqa: ANN401
        self.language = language
        self.row = 0
        self._widths: tuple[int, ...] = ()
        self._styles = styles
        self._sheet = book.add_worksheet(word(name, language))
        self._sheet.set_default_row(_LINE_POINTS)
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer(f"&C{word('page', language)}")

    def widths(self, *widths: int) -> None:
        """Set the widths of the first columns, in characters."""
        self._widths = widths
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def line(self, cells: Sequence[Cell | Rate | None], text: str = "plain", number: str = "number") -> None:
        """Write one row in the given styles and go to the next."""
        for column, cell in enumerate(cells):
            if isinstance(cell, Rate):
                self._rate(column, cell)
            elif isinstance(cell, str):
                self._sheet.write_string(self.row, column, harmless(cell), self._styles[text])
            elif cell is not None:
                self._sheet.write_number(self.row, column, cell, self._styles[number])
        if _STYLES[text].get("text_wrap", True):
            self._sheet.set_row(self.row, _LINE_POINTS * self._lines(cells))
        self.row += 1

    def _lines(self, cells: Sequence[Cell | Rate | None]) -> int:
        """Return how many lines the longest text of a row takes: not every program fits rows by itself."""
        pairs = [(cell, width) for cell, width in zip(cells, self._widths, strict=False) if isinstance(cell, str)]
        return max((max(1, ceil(len(cell) / (width * _CHARACTERS))) for cell, width in pairs), default=1)

    def across(self, first: int, last: int, text: str, style: str) -> None:
        """Write a text over several columns of the present row."""
        self._sheet.merge_range(self.row, first, self.row, last, "", self._styles[style])
        self._sheet.write_string(self.row, first, harmless(text), self._styles[style])

    def freeze_here(self) -> None:
        """Keep what stands above in sight, on paper too."""
        self._sheet.freeze_panes(self.row, 0)
        self._sheet.repeat_rows(self.row - 1)

    def filter_above(self, first_row: int, columns: int) -> None:
        """Let people filter the rows from `first_row` to the present one."""
        self._sheet.autofilter(first_row, 0, max(self.row - 1, first_row), columns - 1)

    def _rate(self, column: int, rate: Rate) -> None:
        if rate.value is None:
            self._sheet.write_string(self.row, column, rate.text, self._styles["text"])
        else:
            self._sheet.write_number(self.row, column, float(rounded(rate.value, 4)), self._styles["percent"])


def _report(sheet: _Sheet, figures: InspectionFigures) -> None:
    language = sheet.language
    sheet.widths(60, 14, 14, 14, 32, 60)
    sheet.across(3, 5, word("republic", language), "centre")
    sheet.line([(figures.question.unit or word("unit_unnamed", language)).upper()], "centre")
    sheet.across(3, 5, word("motto", language), "centre")
    sheet.row += 2
    sheet.across(0, 5, word("title", language), "title")
    sheet.row += 1
    for text in tables.heading(figures, language):
        sheet.line([text])
    sheet.row += 1
    sheet.line([word("works", language)], "section")
    sheet.line([word("indicator", language), word("value", language)], "head")
    for depth, name, number in tables.work_lines(figures.total, language):
        sheet.line(["    " * depth + name, number], "text")
    _rates(sheet, figures)
    sheet.line([word("notes", language)], "section")
    for text in tables.notes(figures, language):
        sheet.line([text])
    sheet.row += 1
    sheet.across(3, 5, word("head_of_unit", language), "centre")
    sheet.line([word("made_by", language)], "centre")


def _rates(sheet: _Sheet, figures: InspectionFigures) -> None:
    sheet.row += 1
    columns = ("indicator", "numerator", "denominator", "rate", "definition", "basis")
    sheet.line([word(column, sheet.language) for column in columns], "head")
    for rate in tables.rates(figures):
        definition = rate.definition
        name = definition.name(sheet.language)
        if not rate.known:
            sheet.line(
                [name, None, None, word("no_data", sheet.language), definition.version, definition.basis], "text"
            )
            continue
        sheet.line([name, rate.numerator, rate.denominator, rate, definition.version, definition.basis], "text")
    sheet.row += 1


def _tables(sheet: _Sheet, figures: InspectionFigures, found: Sequence[Table]) -> None:
    width = max(len(table.columns) for table in found)
    sheet.widths(*((44, 14) if width == len(("cause", "dossiers")) else (6, 36, *[_NUMBERS] * (width - 2))))
    for table in found:
        sheet.line([table.title], "section")
        for text in tables.heading(figures, sheet.language):
            sheet.line([text])
        sheet.line(table.columns, "head")
        for row in table.rows:
            sheet.line(row, "text")
        sheet.line(table.total, "total", "total_number")
        sheet.row += 1


def _gaps(figures: InspectionFigures, language: str) -> tuple[Table, ...]:
    return (tables.component_statuses(figures, language), *tables.causes(figures, language))


def _listing(sheet: _Sheet, details: Iterable[Detail]) -> None:
    columns, rows = tables.listing(details, sheet.language)
    sheet.widths(30, 24, 14, 30, 38, 30)
    sheet.line([word("list_title", sheet.language)], "section")
    sheet.line(columns, "head")
    header = sheet.row - 1
    sheet.freeze_here()
    for row in islice(rows, _MOST_LISTED):
        sheet.line(row, "text")
    sheet.filter_above(header, len(columns))
    if next(rows, None) is not None:
        sheet.line([word("list_cut", sheet.language, count=count(_MOST_LISTED))])
