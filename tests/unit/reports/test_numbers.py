"""Vietnamese number formats and half-up rounding."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.numbers import count, decimal, percent, rounded


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (42, 9078, "0,46%"),
        (9036, 9078, "99,54%"),
        (1, 3, "33,33%"),
        (1, 800, "0,13%"),  # 0,125: half goes up
        (2723, 9078, "30,00%"),
        (0, 5, "0,00%"),
        (5, 5, "100,00%"),
        (0, 0, "–"),
    ],
)
def test_percent(numerator: int, denominator: int, text: str) -> None:
    """Two decimals with a comma, half up, nothing of nothing."""
    assert percent(numerator, denominator) == text


def test_thousands_have_points_and_decimals_a_comma() -> None:
    """9.078 and 109,7 as offices print them."""
    assert count(9078) == "9.078"
    assert count(1_234_567) == "1.234.567"
    assert decimal(Fraction(768, 7), 1) == "109,7"
    assert decimal(Fraction(2_500_001, 2), 1) == "1.250.000,5"


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(min_value=0, max_value=6))
def test_rounding_is_off_by_at_most_half_a_unit(value: Fraction, places: int) -> None:
    """The printed number is the nearest one, and ties go away from zero."""
    found = rounded(value, places)
    distance = abs(Fraction(found) - value)
    assert distance <= Fraction(1, 2 * 10**places)
    if distance == Fraction(1, 2 * 10**places):
        assert abs(Fraction(found)) > abs(value)


def test_places_are_kept() -> None:
    """A whole share keeps its two decimals."""
    assert str(rounded(Fraction(30), 2)) == "30.00"
    assert rounded(Fraction(1, 3), 0) == Decimal(0)
