"""The inspection report as an .xlsx workbook: typed numbers, A4 landscape, Times New Roman, both header blocks.

Texts are written as texts and those that a spreadsheet could take for a formula are marked with an apostrophe, so
that neither this file nor a .csv saved from it runs anything. The same figures give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from reports import tables
from reports.inspection import InspectionFigures
from reports.lists import Detail
from reports.numbers import count
from reports.printed.page import place_and_day
from reports.sheet import Sheet, book
from reports.tables import Table
from reports.wording import word

_NUMBERS = 11  # width of a column of counts
_MOST_LISTED = 100_000


def write_xlsx(figures: InspectionFigures, path: Path, language: str = "vi", details: Iterable[Detail] = ()) -> None:
    """Write the report: figures and rates, Biểu 06, digitisation by field, causes, and the list behind them.

    A file of that name is replaced only when the new one is complete. Of a list that is longer than people read in a
    sheet the first 100.000 dossiers are written, and a line says so.

    Raises:
        Unavailable: EXPORT_TARGET when the file cannot be written.
    """
    with book(path, figures.question.as_of) as sheets:
        _report(sheets("sheet_report", language), figures)
        _tables(sheets("sheet_form", language), figures, [tables.form(figures, language)])
        _tables(sheets("sheet_split", language), figures, [tables.split(figures, language)])
        _tables(sheets("sheet_causes", language), figures, _gaps(figures, language))
        _listing(sheets("sheet_list", language), details)


def _report(sheet: Sheet, figures: InspectionFigures) -> None:
    language = sheet.language
    sheet.widths(60, 14, 14, 14, 32, 18, 60)
    unit = figures.question.unit or word("unit_unnamed", language)
    sheet.heads(unit, place_and_day(figures.question.as_of, language), (0, 3), 6)
    sheet.across(0, 6, word("title", language), "title")
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
    sheet.across(3, 6, word("head_of_unit", language), "centre")
    sheet.line([word("made_by", language)], "centre")


def _rates(sheet: Sheet, figures: InspectionFigures) -> None:
    sheet.row += 1
    columns = ("indicator", "numerator", "denominator", "rate", "definition", "base_name", "basis")
    sheet.line([word(column, sheet.language) for column in columns], "head")
    for rate in tables.rates(figures):
        definition = rate.definition
        about = (definition.version, tables.base_of(rate, figures, sheet.language), definition.basis)
        counts = (
            (rate.numerator, rate.denominator, rate) if rate.known else (None, None, word("no_data", sheet.language))
        )
        sheet.line([definition.name(sheet.language), *counts, *about], "text")
    sheet.row += 1


def _tables(sheet: Sheet, figures: InspectionFigures, found: Sequence[Table]) -> None:
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


def _listing(sheet: Sheet, details: Iterable[Detail]) -> None:
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
