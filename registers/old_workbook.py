"""Registers as .xls files, through calamine: at most 65,536 rows a sheet, held in memory by the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import python_calamine

from registers.settings import Limits
from registers.sheets import UNICODE, Row, Rows, Sheet, marks_of, unreadable

_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "VBA".encode("utf-16-le"))
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def old_workbook(path: Path, only: str, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of an .xls file, or the named one only.

    Raises:
        Rejected: REGISTER_UNREADABLE when it is damaged, encrypted or no workbook, holds macros, or breaks the bounds.
    """
    data = path.read_bytes()
    if len(data) > limits.old_bytes:
        raise unreadable("larger than allowed")
    if _ENCRYPTED in data:
        raise unreadable("encrypted")
    if all(mark in data for mark in _MACROS):
        raise unreadable("macros")
    del data
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                if only in ("", name):
                    yield _sheet(book, name, limits)
    except (python_calamine.CalamineError, OSError) as exc:
        raise unreadable(f"no workbook: {type(exc).__name__}") from exc


def _sheet(book: python_calamine.CalamineWorkbook, name: str, limits: Limits) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > limits.rows or sheet.total_width > limits.columns:
        raise unreadable("too many rows or columns")
    found: list[Row] = [list(row) for row in sheet.to_python(skip_empty_area=False)]

    def rows() -> Rows:
        return iter(enumerate(found, start=1))

    head = found[: limits.search_rows]
    return Sheet("xls", UNICODE, "", name, head, marks_of(head), rows)
