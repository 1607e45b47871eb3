"""A sheet of a workbook as offices print them: A4 landscape, Times New Roman 13, numbers as numbers, texts as texts.

Texts that a spreadsheet could take for a formula are marked with an apostrophe, so that neither this file nor a .csv
saved from it runs anything. The same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter

from dossier.errors import Code, Unavailable
from dossier.register import VIETNAM
from reports.numbers import rounded
from reports.rates import Rate
from reports.tables import Cell
from reports.wording import word

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_A4 = 9
_LINE_POINTS = 17.5  # one line of 13 point type
_CHARACTERS = 0.85  # of a column's width units: what 13 point type takes, bold included
_FACE = {"font_name": "Times New Roman", "font_size": 13}
_FONT = {**_FACE, "valign": "vcenter", "text_wrap": True}
_STYLES: dict[str, dict[str, Any]] = {
    "plain": {"text_wrap": False},
    "centre": {"bold": True, "align": "center"},
    "day": {"italic": True, "align": "center"},
    "title": {"bold": True, "align": "center", "font_size": 14},
    "section": {"bold": True, "text_wrap": False},
    "head": {"bold": True, "align": "center", "border": 1},
    "text": {"border": 1},
    "number": {"border": 1, "num_format": "#,##0", "align": "right"},
    "percent": {"border": 1, "num_format": "0.00%", "align": "right"},
    "total": {"border": 1, "bold": True},
    "total_number": {"border": 1, "bold": True, "num_format": "#,##0", "align": "right"},
}


@contextmanager
def book(path: Path, made_at: datetime) -> Iterator[Callable[[str, str], Sheet]]:
    """Give a function that adds a sheet by the name of its title in the wording, and its language.

    A file of that name is replaced only when the new one is complete.

    Raises:
        Unavailable: EXPORT_TARGET when the file cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "default_format_properties": _FACE}
    try:
        with xlsxwriter.Workbook(part, options) as made:
            made.set_properties({"created": made_at.astimezone(VIETNAM).replace(tzinfo=None)})
            styles = {name: made.add_format(_FONT | style) for name, style in _STYLES.items()}
            yield lambda name, language: Sheet(made, styles, name, language)
        part.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as exc:
        part.unlink(missing_ok=True)
        raise Unavailable(Code.EXPORT_TARGET, type(exc).__name__, subject=path.name) from exc


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class Sheet:
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
        if last > first:
            self._sheet.merge_range(self.row, first, self.row, last, "", self._styles[style])
        self._sheet.write_string(self.row, first, harmless(text), self._styles[style])

    def heads(self, unit: str, day: str, columns: tuple[int, int], last: int) -> None:
        """Write both heading blocks: the unit up to one column, state, motto and day from another to the last."""
        left, right = columns
        self.across(0, left, unit.upper(), "centre")
        self.across(right, last, word("republic", self.language), "centre")
        self.row += 1
        self.across(right, last, word("motto", self.language), "centre")
        self.row += 1
        self.across(right, last, day, "day")
        self.row += 2

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
