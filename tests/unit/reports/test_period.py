"""Administrative periods from the 15th to the 14th, calendar ones, and free ranges."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import Code, Rejected
from dossier.register import VIETNAM
from reports.period import Counting, first_months, free_range, month, parse_period, quarter, whole_year

ADMINISTRATIVE, CALENDAR = Counting.ADMINISTRATIVE, Counting.CALENDAR


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-02", date(2026, 1, 15), date(2026, 2, 14)),
        ("2026-01", date(2025, 12, 15), date(2026, 1, 14)),
        ("2026-Q1", date(2025, 12, 15), date(2026, 3, 14)),
        ("2026-Q4", date(2026, 9, 15), date(2026, 12, 14)),
        ("2026-6T", date(2025, 12, 15), date(2026, 6, 14)),
        ("2026-9T", date(2025, 12, 15), date(2026, 9, 14)),
        ("2026", date(2025, 12, 15), date(2026, 12, 14)),
    ],
)
def test_administrative_periods(text: str, start: date, end: date) -> None:
    """Every administrative period begins on a 15th and ends on a 14th."""
    period = parse_period(text, ADMINISTRATIVE)
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-9t", date(2026, 1, 1), date(2026, 9, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2023-01-01..2024-09-30", date(2023, 1, 1), date(2024, 9, 30)),
    ],
)
def test_calendar_periods_and_ranges(text: str, start: date, end: date) -> None:
    """Calendar periods are whole months; a range is taken as written."""
    period = parse_period(text)
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-Q5", "2026-7T", "02/2026", "2026-02-01..2026-01-01", "0000"])
def test_other_texts_are_refused(text: str) -> None:
    """What is no period is refused with a code a person can act on."""
    with pytest.raises(Rejected) as told:
        parse_period(text)
    assert told.value.code is Code.PERIOD_INVALID


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)), st.sampled_from([ADMINISTRATIVE, CALENDAR]))
def test_months_cover_every_day_once(day: date, counting: Counting) -> None:
    """Months, quarters and years each cut time into pieces without gap or overlap."""
    years = range(day.year - 1, day.year + 2)
    months = [month(year, number, counting) for year in years for number in range(1, 13)]
    quarters = [quarter(year, number, counting) for year in years for number in range(1, 5)]
    for pieces in (months, quarters, [whole_year(year, counting) for year in years]):
        assert sum(piece.start <= day <= piece.end for piece in pieces) == 1
        assert all(a.end + timedelta(days=1) == b.start for a, b in itertools.pairwise(pieces))


def test_the_first_months_are_the_sum_of_their_months() -> None:
    """Six months run from the first day of month one to the last day of month six."""
    for counting in (ADMINISTRATIVE, CALENDAR):
        half = first_months(2026, 6, counting)
        assert half.start == month(2026, 1, counting).start
        assert half.end == month(2026, 6, counting).end


def test_the_vietnamese_day_decides() -> None:
    """A moment late in the evening UTC lies in the next Vietnamese day."""
    period = free_range(date(2026, 2, 11), date(2026, 2, 11))
    assert period.contains(datetime(2026, 2, 10, 17, 0, tzinfo=UTC))
    assert not period.contains(datetime(2026, 2, 11, 17, 0, tzinfo=UTC))
    assert not period.contains(None)
    assert period.contains(period.starts_at)
    assert period.contains(period.ends_at)
    assert period.starts_at.tzinfo is VIETNAM
