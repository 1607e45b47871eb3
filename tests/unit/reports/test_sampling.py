"""Samples can be drawn again by anybody; limits hold the true number as often as they say."""

from __future__ import annotations

import hashlib
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sampling import draw, limits

CODES = [f"H99.27.14-260211-{number:04}" for number in range(1, 301)]


def test_a_sample_is_drawn_again_by_the_rule_that_is_printed() -> None:
    """Whatever the order of the register; another seed draws others."""
    drawn = draw(reversed(CODES), 20, "2026-HĐND")
    by_hand = sorted(CODES, key=lambda code: hashlib.sha256(b"2026-H\xc4\x90ND:" + code.encode()).hexdigest())
    assert drawn == by_hand[:20]
    assert draw(CODES, 20, "2027") != drawn
    assert draw([*CODES, *CODES], 1000, "1") == draw(CODES, 300, "1")


def test_a_larger_sample_holds_the_smaller_one() -> None:
    """An inspector who wants more goes on where they stopped."""
    assert draw(CODES, 50, "s")[:20] == draw(CODES, 20, "s")


@pytest.mark.parametrize(
    ("found", "drawn", "population", "expected"),
    [
        (0, 10, 10, (0, 0)),
        (7, 10, 10, (7, 7)),
        (0, 0, 9, (0, 9)),
        (0, 2, 16, (0, 12)),  # of 13 in 16, two draws miss all in exactly 2.5 % of cases
        (10, 10, 9078, (6279, 9078)),  # Clopper-Pearson, binomial: 69.15 %
        (30, 100, 10**6, (212_424, 399_796)),  # Clopper-Pearson: 21.24 % to 39.98 %
    ],
)
def test_limits(found: int, drawn: int, population: int, expected: tuple[int, int]) -> None:
    """Nothing is uncertain about a sample of everything; large populations come near to the binomial limits."""
    got = limits(found, drawn, population)
    for one, other in zip((got.low, got.high), expected, strict=True):
        assert abs(one - other) <= population * 0.001


@given(st.integers(1, 60), st.data())
def test_limits_are_exactly_those_numbers_that_are_not_too_unlikely(population: int, data: st.DataObject) -> None:
    """Counted out with whole numbers."""
    drawn = data.draw(st.integers(0, population))
    found = data.draw(st.integers(0, drawn))
    believable = []
    for having in range(found, population - drawn + found + 1):
        most, least = (_tail(seen, drawn, having, population) for seen in (range(found, drawn + 1), range(found + 1)))
        if min(most, least) > 0.025:
            believable.append(having)
    got = limits(found, drawn, population)
    assert (got.low, got.high) == (min(believable), max(believable))


def _tail(seen: range, drawn: int, having: int, population: int) -> float:
    ways = sum(math.comb(having, one) * math.comb(population - having, drawn - one) for one in seen if one <= drawn)
    return ways / math.comb(population, drawn)


def test_limits_hold_the_true_number_as_often_as_they_say() -> None:
    """Two thousand samples of sixty from five hundred, with a seed."""
    dice, true, held = random.Random(7), 180, 0
    for _ in range(2000):
        found = sum(one < true for one in dice.sample(range(500), 60))
        got = limits(found, 60, 500)
        held += got.low <= true <= got.high
    assert held >= 1900


@pytest.mark.parametrize("numbers", [(1, 0, 5), (2, 6, 5), (-1, 3, 5)])
def test_numbers_that_contradict_each_other_are_refused(numbers: tuple[int, int, int]) -> None:
    """Instead of limits about nothing."""
    with pytest.raises(ValueError, match="more found"):
        limits(*numbers)
