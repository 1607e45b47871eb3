"""Register files as rows of cells: .xlsx through calamine, .csv in the encodings and separators Excel writes."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import python_calamine

from dossier.errors import Code, Rejected
from dossier.text import nfc
from registers.settings import Limits

Row = list[object]
DELIMITERS = (";", ",", "\t")
_UTF8_BOM, _UTF16_BOMS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One possible reading of a register file. `rows` are read once, in order; `head` is a copy of their start."""

    encoding: str
    head: list[Row]
    rows: Iterable[Row]


def workbook(data: bytes, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of an .xlsx file that passed the bounds, rows from the first row of the sheet.

    Raises:
        Rejected: REGISTER_UNREADABLE when it is damaged, encrypted or no workbook, or has too many rows or columns.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > limits.rows or sheet.total_width > limits.columns:
                raise unreadable("too many rows or columns")
            rows: list[Row] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
            yield Sheet("xlsx", rows[: limits.search_rows], rows)
    except (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error) as exc:
        raise unreadable(type(exc).__name__) from exc


def delimited(data: bytes, limits: Limits) -> Iterator[Sheet]:
    """Yield one reading of a .csv file per separator; the caller takes the one whose header it knows.

    Raises:
        Rejected: REGISTER_UNREADABLE when no encoding fits.
    """
    text, encoding = decoded(data)
    for delimiter in DELIMITERS:
        start = list(_first(_cells(text, delimiter), limits.search_rows))
        yield Sheet(encoding, start, _bounded(_cells(text, delimiter), limits))


def decoded(data: bytes) -> tuple[str, str]:
    """Return text and encoding name: UTF-8 with or without BOM, UTF-16 with BOM, else CP1258 composed to NFC."""
    if data.startswith(_UTF16_BOMS):
        encodings = ["utf-16"]
    elif data.startswith(_UTF8_BOM):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "cp1258"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return (nfc(text) if encoding == "cp1258" else text), encoding
    raise unreadable("encoding")


def unreadable(detail: str) -> Rejected:
    """Return the error for a register file that cannot be read at all."""
    return Rejected(Code.REGISTER_UNREADABLE, detail, subject="register")


def _cells(text: str, delimiter: str) -> Iterator[Row]:
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _first(rows: Iterator[Row], count: int) -> Iterator[Row]:
    try:
        for _, row in zip(range(count), rows, strict=False):
            yield row
    except csv.Error:
        return


def _bounded(rows: Iterator[Row], limits: Limits) -> Iterator[Row]:
    try:
        for number, row in enumerate(rows, start=1):
            if number > limits.rows or len(row) > limits.columns:
                raise unreadable("too many rows or columns")
            yield row
    except csv.Error as exc:
        raise unreadable(f"csv: {exc}") from exc
