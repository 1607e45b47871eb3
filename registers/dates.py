"""Dates as registers write them: Vietnamese day order, Excel serials, the sync form yyyyMMddHHmmss."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

from registers.settings import limits

VIETNAM = timezone(timedelta(hours=7))
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=VIETNAM)
_LAST_SERIAL = 2_958_465  # 31/12/9999
_TIME = r"(?P<hour>\d{1,2})[:hg](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
_DAY_FIRST = r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"
_FORMS = (
    re.compile(rf"{_DAY_FIRST}(?:[ ,]+{_TIME})?"),
    re.compile(rf"{_TIME}[ ,]+(?:ngày )?{_DAY_FIRST}"),
    re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:[T ]{_TIME}(?:\+07:?00)?)?"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"),
)
_DAY, _CLOCK = re.compile(_DAY_FIRST), re.compile(_TIME)
_SERIAL = re.compile(r"\d{4,7}(?:[.,]\d+)?")
_NOTHING = frozenset({"", "-", "/", "//", "0"})


def moment(cell: object) -> datetime | None:
    """Return the aware time (+07:00) a cell holds, None for an empty cell; a bare day is its midnight.

    Raises:
        ValueError: The cell is not a date, or not one between the years in `limits.toml`.
    """
    if type(cell) is str:
        return of_text(cell)
    return _in_range(_of_cell(cell))


def end_of_bare_day(value: datetime | None) -> datetime | None:
    """Return a deadline given as a day only as the last second of that day, other times unchanged."""
    if value is not None and is_bare_day(value):
        return value.replace(hour=23, minute=59, second=59)
    return value


def is_bare_day(value: datetime) -> bool:
    """Return whether a time says no more than the day."""
    return not (value.hour or value.minute or value.second or value.microsecond)


def _of_cell(cell: object) -> datetime | None:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=VIETNAM, microsecond=0)
    if isinstance(cell, date):
        return datetime.combine(cell, time(0), VIETNAM)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _of_number(cell)
    if cell is None:
        return None
    raise ValueError("not a date")


def _in_range(found: datetime | None) -> datetime | None:
    if found is not None and not limits().first_year <= found.year <= limits().last_year:
        raise ValueError("year out of range")
    return found


@lru_cache(maxsize=1 << 14)
def of_text(cell: str) -> datetime | None:
    """Return what `moment` does, for a text."""
    text = cell.strip()
    return None if text in _NOTHING else _in_range(_of_text(text))


def _of_text(text: str) -> datetime:
    day, space, clock = text.partition(" ")
    if space and (time_of_day := _clock(clock)) is not None and (midnight := _day(day)) is not None:
        return midnight + time_of_day
    if found := _of_form(text):
        return found
    if _SERIAL.fullmatch(text):
        return _of_number(float(text.replace(",", ".")))
    raise ValueError("not a date")


@lru_cache(maxsize=1 << 14)
def _day(text: str) -> datetime | None:
    """Return the midnight of a day as registers print it most; there are few days and many times."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = map(int, match.group("year", "month", "day"))
    return datetime(year, month, day, tzinfo=VIETNAM)


@lru_cache(maxsize=1 << 14)
def _clock(text: str) -> timedelta | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.group("hour", "minute", "second"))
    return datetime(1, 1, 1, hour, minute, second) - datetime(1, 1, 1)  # noqa: DTZ001 - checks the three


def _of_form(text: str) -> datetime | None:
    for form in _FORMS:
        if match := form.fullmatch(text):
            parts = {name: int(value) for name, value in match.groupdict().items() if value is not None}
            return datetime(**parts, tzinfo=VIETNAM)
    return None


def _of_number(number: float) -> datetime:
    if 0 < number <= _LAST_SERIAL:
        return _EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))
    if math.isfinite(number) and number == int(number) and (found := _of_form(str(int(number)))):
        return found
    raise ValueError("not a date")
