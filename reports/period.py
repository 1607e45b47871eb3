"""Reporting periods: the administrative one (15th to 14th) and the calendar one.

Administrative: NĐ 09/2019/NĐ-CP; a month runs from the 15th of the month before to the 14th, longer periods from the
15th of the month before their first month to the 14th of their last, so a year from 15/12 to 14/12.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dossier.errors import Code, Rejected
from dossier.register import VIETNAM

_FIRST_DAY, _LAST_DAY = 15, 14
_MONTHS, _QUARTERS = 12, 4
_FORMS = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})|-?[qQ](?P<quarter>[1-4])|-?(?P<span>[69])[tTmM])?",
)
_RANGE = re.compile(r"(?P<start>\d{4}-\d{2}-\d{2})\.\.(?P<end>\d{4}-\d{2}-\d{2})")


class Counting(StrEnum):
    """How the days of a period are counted."""

    ADMINISTRATIVE = "administrative"
    CALENDAR = "calendar"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both inside. `name` is `2026`, `2026-02`, `2026-Q1`, `2026-6T` or the range."""

    start: date
    end: date
    name: str
    counting: Counting

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise Rejected(Code.PERIOD_INVALID, "period ends before it starts", subject=self.name)

    def contains(self, moment: datetime | None) -> bool:
        """Return whether a moment lies in the period by the Vietnamese day; None never does."""
        return moment is not None and self.start <= moment.astimezone(VIETNAM).date() <= self.end

    @property
    def starts_at(self) -> datetime:
        """The first moment of the period."""
        return datetime.combine(self.start, time(0), VIETNAM)

    @property
    def ends_at(self) -> datetime:
        """The last second of the period."""
        return datetime.combine(self.end, time(23, 59, 59), VIETNAM)

    def months(self) -> tuple[Period, ...]:
        """Return the months that the period is made of, counted as it is; the ends of a free range are cut off."""
        counting = Counting.CALENDAR if self.counting is Counting.FREE else self.counting
        found, at = [], self.start
        while at <= self.end:
            own = _month_of(at, counting)
            found.append(Period(max(own.start, self.start), min(own.end, self.end), own.name, counting))
            at = own.end + timedelta(days=1)
        return tuple(found)


def month(year: int, number: int, counting: Counting) -> Period:
    """Return one month."""
    return _months(year, number, number, f"{year}-{number:02d}", counting)


def quarter(year: int, number: int, counting: Counting) -> Period:
    """Return quarter 1 to 4."""
    last = number * (_MONTHS // _QUARTERS)
    return _months(year, last - 2, last, f"{year}-Q{number}", counting)


def first_months(year: int, count: int, counting: Counting) -> Period:
    """Return the first 6 or 9 months of a year."""
    return _months(year, 1, count, f"{year}-{count}T", counting)


def whole_year(year: int, counting: Counting) -> Period:
    """Return a year."""
    return _months(year, 1, _MONTHS, str(year), counting)


def free_range(start: date, end: date) -> Period:
    """Return any range of days, both ends inside."""
    return Period(start, end, f"{start.isoformat()}..{end.isoformat()}", Counting.FREE)


def parse_period(text: str, counting: Counting = Counting.CALENDAR) -> Period:
    """Return the period written as `2026`, `2026-02`, `2026-Q1`, `2026-6T`, `2026-9T` or `2026-01-01..2026-03-31`.

    Raises:
        Rejected: PERIOD_INVALID when it is none of these.
    """
    try:
        if found := _RANGE.fullmatch(text.strip()):
            return free_range(date.fromisoformat(found["start"]), date.fromisoformat(found["end"]))
        if found := _FORMS.fullmatch(text.strip()):
            return _named(found, counting)
    except ValueError as exc:
        raise Rejected(Code.PERIOD_INVALID, f"period: {exc}", subject=text[:40]) from exc
    raise Rejected(Code.PERIOD_INVALID, "period", subject=text[:40])


def _month_of(day: date, counting: Counting) -> Period:
    """Return the month that a day is counted in."""
    if counting is Counting.ADMINISTRATIVE and day.day >= _FIRST_DAY:
        day = day.replace(day=1) + timedelta(days=calendar.monthrange(day.year, day.month)[1])
    return month(day.year, day.month, counting)


def _named(found: re.Match[str], counting: Counting) -> Period:
    year = int(found["year"])
    if found["month"]:
        return month(year, int(found["month"]), counting)
    if found["quarter"]:
        return quarter(year, int(found["quarter"]), counting)
    if found["span"]:
        return first_months(year, int(found["span"]), counting)
    return whole_year(year, counting)


def _months(year: int, first: int, last: int, name: str, counting: Counting) -> Period:
    if counting is Counting.ADMINISTRATIVE:
        before = date(year, first, 1) - timedelta(days=1)
        return Period(before.replace(day=_FIRST_DAY), date(year, last, _LAST_DAY), name, counting)
    if counting is Counting.FREE:
        raise Rejected(Code.PERIOD_INVALID, "a free period needs two dates", subject=name)
    return Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), name, counting)
