"""What every form of register file is read as: sheets of rows, numbered as a spreadsheet shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from itertools import islice

from dossier.errors import Code, Rejected
from dossier.text import nfc
from registers.alphabets import LEGACY, reader
from registers.columns import row_mark
from registers.syllables import score

Row = list[object]
Rows = Iterator[tuple[int, Row]]
UNICODE = "unicode"
_SURE = 0.5  # a text whose accented words are Vietnamese this much more often than not is in no old code table


class BadCell(Enum):
    """What a spreadsheet shows in a cell in place of a value, or computes anew each time."""

    ERROR = "#LỖI!"
    UNCOMPUTED = "=?"
    UNSTABLE = "=TODAY()"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One possible reading of a register file.

    Attributes:
        form: `csv`, `xls` or `xlsx`.
        encoding: Of the texts: an encoding of Python for a .csv file, `unicode` or an old code table for a workbook.
        separator: Between the cells of a .csv file, else empty.
        name: Of the sheet, empty for a .csv file.
        head: The first rows, from the first row of the sheet on.
        marks: What each of them is known again by (`columns.row_mark`), before its texts were put into Unicode.
        rows: Reads all rows anew, in order, each with its number from 1; rows without a cell may be left out.
        serial_shift: Days between this workbook's day numbers and those that count from 30/12/1899.
        written: When the file says that it was written.
    """

    form: str
    encoding: str
    separator: str
    name: str
    head: list[Row]
    marks: tuple[str, ...]
    rows: Callable[[], Rows]
    serial_shift: int = 0
    written: datetime | None = None


def marks_of(head: list[Row]) -> tuple[str, ...]:
    """Return what the rows of a head are known again by."""
    return tuple(row_mark(row) for row in head)


def head_of(rows: Iterable[tuple[int, Row]], count: int) -> list[Row]:
    """Return the first rows, blank ones where a number is left out."""
    head: list[Row] = []
    for number, row in islice(rows, count):
        if number > count:
            break
        head += [[] for _ in range(number - 1 - len(head))] + [row]
    return head


def in_words(sheet: Sheet, encoding: str = "") -> Sheet:
    """Return a sheet with its texts in Unicode: out of the given code table, or the likeliest when none is given.

    Texts out of a workbook are Unicode on paper; with an old font they are bytes of TCVN3, VNI or VPS that happen to
    be characters too.
    """
    table = encoding if encoding in LEGACY else "" if encoding else likeliest(_texts(sheet.head))
    if not table:
        return sheet
    turn = reader(table)

    def rows() -> Rows:
        for number, row in sheet.rows():
            yield number, converted(row, turn)

    return replace(sheet, encoding=table, head=[converted(row, turn) for row in sheet.head], rows=rows)


def likeliest(texts: list[str], tables: tuple[str, ...] = LEGACY[1:]) -> str:
    """Return the code table in which texts read most like Vietnamese, empty when they do as they are."""
    best, worth = "", score(map(nfc, texts))
    if worth >= _SURE:
        return best
    for table in tables:
        turn = reader(table)
        own = score(map(turn, texts))
        if own > worth and own > 0:
            best, worth = table, own
    return best


def converted(row: Row, turn: Callable[[str], str]) -> Row:
    """Return a row with its texts turned."""
    return [turn(cell) if isinstance(cell, str) and not cell.isascii() else cell for cell in row]


def unreadable(detail: str) -> Rejected:
    """Return the error for a register file that cannot be read at all."""
    return Rejected(Code.REGISTER_UNREADABLE, detail, subject="register")


def _texts(head: list[Row]) -> list[str]:
    return [cell for row in head for cell in row if isinstance(cell, str)]
