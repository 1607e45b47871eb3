"""Every way registers write a moment, and what is no moment."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.dates import VIETNAM, end_of_bare_day, moment

NINE_FORTY = datetime(2026, 2, 11, 9, 40, tzinfo=VIETNAM)
DAY = datetime(2026, 2, 11, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("11/02/2026", DAY),
        ("11/2/2026", DAY),
        ("11-02-2026", DAY),
        ("11.02.2026", DAY),
        ("11/02/2026 09:40", NINE_FORTY),
        ("11/02/2026 9:40:00", NINE_FORTY),
        ("11/02/2026, 9h40", NINE_FORTY),
        ("09:40 11/02/2026", NINE_FORTY),
        ("09:40:00, ngày 11/02/2026", NINE_FORTY),
        ("20260211094000", NINE_FORTY),
        ("202602110940", NINE_FORTY),
        ("20260211", DAY),
        (20260211094000.0, NINE_FORTY),
        (20260211, DAY),
        ("2026-02-11", DAY),
        ("2026-02-11T09:40:00", NINE_FORTY),
        ("2026-02-11 09:40:00.000", NINE_FORTY),
        ("2026-02-11T09:40:00+07:00", NINE_FORTY),
        (46064, DAY),
        (46064.0, DAY),
        (46064 + 580 / 1440, NINE_FORTY),
        ("46064", DAY),
        ("46064,402777777", NINE_FORTY),
        (date(2026, 2, 11), DAY),
        (datetime(2026, 2, 11, 9, 40), NINE_FORTY),  # noqa: DTZ001 - a spreadsheet knows no zone
    ],
)
def test_moments(cell: object, expected: datetime) -> None:
    """All of these are the same day or the same minute, in Vietnamese time."""
    assert moment(cell) == expected


@pytest.mark.parametrize("cell", ["", " ", "-", "/", None, "0"])
def test_nothing(cell: object) -> None:
    """Empty cells and the strokes that stand for them are no moment."""
    assert moment(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/2026",
        "02/13/2026",
        "11/02/26",
        "mai",
        "2026",
        "25:00 11/02/2026",
        0.5,
        True,
        -1.0,
        1e18,
        float("inf"),
        float("nan"),
        2958466,
        "2958466",
        [],
        "1/1/0001",
    ],
)
def test_no_moments(cell: object) -> None:
    """What is not a date between the configured years is refused, never guessed."""
    with pytest.raises((ValueError, OverflowError)):
        moment(cell)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31, 23, 59, 59)))  # noqa: DTZ001 - register time
def test_the_exchange_form_comes_back(when: datetime) -> None:
    """Both yyyyMMddHHmmss and dd/MM/yyyy HH:mm:ss keep every second."""
    expected = when.replace(microsecond=0, tzinfo=VIETNAM)
    assert moment(f"{when:%Y%m%d%H%M%S}") == expected
    assert moment(f"{when:%d/%m/%Y %H:%M:%S}") == expected


def test_a_deadline_without_time_lasts_the_day() -> None:
    """Only bare days are moved to their end."""
    assert end_of_bare_day(DAY) == datetime(2026, 2, 11, 23, 59, 59, tzinfo=VIETNAM)
    assert end_of_bare_day(NINE_FORTY) == NINE_FORTY
    assert end_of_bare_day(None) is None
