"""Where a rate leads: exact on straight lines, and silent where the rule has nothing to say."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts.forecast import HORIZON, MARK, Outlook, forecast
from reports.charts.lines import month_after


def line(start: int, step: int, count: int) -> list[Fraction | None]:
    """Return rates in per cent on a straight line."""
    return [Fraction(start + step * place, 100) for place in range(count)]


def test_a_straight_line_is_followed_exactly() -> None:
    """30, 35, 40, 45 % reach 80 % seven months later, not six."""
    found = forecast(line(30, 5, 4))
    assert (found.outlook, found.periods, found.used) == (Outlook.IN_SIGHT, 7, 4)
    assert found.slope == Fraction(5, 100)
    assert found.at(7) == MARK
    assert found.at(6) < MARK


def test_only_the_last_six_count() -> None:
    """A fall long ago does not hide the rise of the last half year."""
    found = forecast([*line(70, -10, 5), *line(30, 2, 6)])
    assert (found.used, found.slope) == (6, Fraction(2, 100))


@pytest.mark.parametrize(
    ("rates", "outlook"),
    [
        (line(50, 0, 6), Outlook.NOT_RISING),
        (line(50, -1, 6), Outlook.NOT_RISING),
        (line(81, 0, 3), Outlook.REACHED),
        (line(10, 1, 6), Outlook.TOO_FAR),
        (line(10, 5, 2), Outlook.TOO_FEW),
        ([], Outlook.TOO_FEW),
        ([None, None, Fraction(1, 2), None, Fraction(1, 2)], Outlook.TOO_FEW),
    ],
)
def test_it_says_so_when_there_is_nothing_to_foresee(rates: list[Fraction | None], outlook: Outlook) -> None:
    """A flat or falling rate, too far a mark, too few months: no date is made up."""
    found = forecast(rates)
    assert (found.outlook, found.periods) == (outlook, 0)


def test_a_month_without_dossiers_keeps_its_place() -> None:
    """The slope is by month, so a gap does not make the rise steeper."""
    assert forecast([Fraction(1, 10), None, Fraction(3, 10), Fraction(4, 10)]).slope == Fraction(1, 10)


@given(st.lists(st.one_of(st.none(), st.fractions(0, 1, max_denominator=50)), max_size=12))
def test_what_is_foreseen_is_reached_then_and_not_before(rates: list[Fraction | None]) -> None:
    """Whatever the rates: the line is at the mark in the named month, below it in the one before, within bounds."""
    found = forecast(rates)
    if found.outlook is Outlook.IN_SIGHT:
        assert 1 <= found.periods <= HORIZON
        assert found.at(found.periods) >= MARK
        assert found.periods == 1 or found.at(found.periods - 1) < MARK
    assert 0 <= found.at(HORIZON) <= 1


def test_months_go_on_over_the_year() -> None:
    """December is followed by January."""
    assert [month_after("2026-11", step) for step in (0, 1, 2, 14)] == ["2026-11", "2026-12", "2027-01", "2028-01"]
