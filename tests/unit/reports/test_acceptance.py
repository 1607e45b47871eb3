"""The plan of a lot's sample holds what the minutes say of it, counted out by hand for small lots."""

from __future__ import annotations

from datetime import date
from math import comb, floor

import pytest

from reports.acceptance import acceptance, plan_on

PLAN = plan_on(date(2026, 11, 23))


def _passes(population: int, faulty: int, size: int, allowed: int) -> float:
    ways = sum(comb(faulty, found) * comb(population - faulty, size - found) for found in range(allowed + 1))
    return ways / comb(population, size)


@pytest.mark.parametrize("population", [1, 2, 7, 19, 20, 21, 60, 100, 333, 600, 1000])
def test_a_bad_lot_hardly_ever_passes(population: int) -> None:
    """With one faulty page more than the limit; and neither one page less judged nor one more allowed would do."""
    found, too_many = acceptance(population, PLAN), floor(PLAN.limit * population) + 1
    assert found.size >= PLAN.share * population
    assert _passes(population, too_many, found.size, found.most_faulty) <= PLAN.risk
    if found.size < population or found.most_faulty < too_many - 1:
        assert _passes(population, too_many, found.size, found.most_faulty + 1) > PLAN.risk
    if found.size - 1 >= PLAN.share * population:
        assert _passes(population, too_many, found.size - 1, 0) > PLAN.risk


def test_all_are_judged_where_they_have_to_be() -> None:
    """Then the limit itself is what is allowed; of nothing nothing is judged."""
    assert (acceptance(100, PLAN, whole=True).size, acceptance(100, PLAN, whole=True).most_faulty) == (100, 5)
    assert acceptance(0, PLAN).size == 0


def test_the_plan_says_what_it_rests_on() -> None:
    """And that it is no law; before the first edition the oldest holds."""
    assert "không phải quy định của pháp luật" in PLAN.basis
    assert plan_on(date(2000, 1, 1)) == PLAN
