"""Working days: Saturdays as the office has them, public holidays, Tết, and days swapped by decree.

A day off or a day worked instead is a row of reference data (`registers/data/holidays.toml` ships what is known);
everything else is the week.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from registers.reference import Kind, ReferenceRow, holds_on

_SATURDAY, _SUNDAY = 5, 6
_MOST_DAYS = 10_000
_ONE = timedelta(days=1)


class Saturdays(StrEnum):
    """Whether an office counts Saturdays as working days."""

    OFF = "off"
    WORKED = "worked"


class WorkingDays:
    """The calendar of an office."""

    def __init__(self, rows: Iterable[ReferenceRow], saturdays: Saturdays = Saturdays.OFF) -> None:
        self._saturdays = saturdays
        self._works: dict[date, bool] = {}
        ordered = sorted((row for row in rows if row.kind is Kind.HOLIDAYS), key=lambda row: row.valid_from)
        for row in ordered:
            day = date.fromisoformat(row.key)
            if holds_on(row, day):
                self._works[day] = bool(row.values["works"])

    def works(self, day: date) -> bool:
        """Return whether the office works on a day."""
        if day in self._works:
            return self._works[day]
        if day.weekday() == _SATURDAY:
            return self._saturdays is Saturdays.WORKED
        return day.weekday() != _SUNDAY

    def after(self, day: date, count: int) -> date:
        """Return the last day of so many working days that begin the day after `day`; 0 is the day itself.

        Raises:
            ValueError: `count` is negative or beyond 10.000.
        """
        if not 0 <= count <= _MOST_DAYS:
            raise ValueError(f"{count} working days")
        while count:
            day += _ONE
            count -= self.works(day)
        return day
