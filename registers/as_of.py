"""The moment that a register's export speaks of, so that an older export does not undo a newer one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from dossier.text import fold
from registers.dates import end_of_bare_day, moment
from registers.sheets import Row, Sheet

_TIME = r"(?:(?P<clock>\d{1,2}[:hg]\d{2}(?::\d{2})?)[ ,]*(?:ngay )?)?"
_DAY = r"(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{4})(?:[ ,]+(?P<later>\d{1,2}[:hg]\d{2}(?::\d{2})?))?"
_PRINTED = re.compile(
    r"(?:ngay|thoi diem|thoi gian|luc) (?:xuat|in|ket xuat|lap|trich xuat)"
    rf"(?: (?:bao cao|so|so lieu|du lieu|file|tep|bieu))?\s*:?\s*{_TIME}{_DAY}"
)


def as_of(sheet: Sheet, last_header_row: int) -> tuple[datetime | None, bool]:
    """Return when an export was made, and whether it says so itself, in its title rows.

    Else it is when its workbook was written last: who only opens and saves an old export makes that a new one. A day
    without a time lasts to its end. None when the file says nothing.
    """
    for row in sheet.head[: last_header_row + 1]:
        if found := _printed(row):
            return found, True
    return sheet.written, False


def _printed(row: Sequence[object] | Row) -> datetime | None:
    text = " ".join(fold(cell) for cell in row if isinstance(cell, str))
    match = _PRINTED.search(text)
    if match is None:
        return None
    clock = match["later"] or match["clock"]
    try:
        return end_of_bare_day(moment(" ".join(filter(None, (match["day"], clock)))))
    except ValueError:
        return None
