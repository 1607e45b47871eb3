"""How many pages of a lot are judged, and how many of them may be faulty (sampling by attributes, a single sample).

The scheme is that of limiting quality for an isolated lot (Dodge and Romig, A Method of Sampling Inspection, Bell
System Technical Journal 8, 1929): a lot with more than `limit` faulty passes with a probability of at most `risk`. It
is worked out exactly, for the lot is finite and the sample is drawn without replacement.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from reports.sampling import at_most

_EVEN = 1 + 1e-7  # what is just as probable as the risk holds, however its logarithms were rounded


@dataclass(frozen=True, slots=True)
class AcceptancePlan:
    """One edition of the plan: the least share that is judged, the limit, the risk, and what they rest on."""

    valid_from: date
    share: float
    limit: float
    risk: float
    basis: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How many are drawn, and how many faulty ones among them a lot may have to be accepted."""

    size: int
    most_faulty: int


def plan_on(day: date) -> AcceptancePlan:
    """Return the plan in force on a day; the oldest for days before it."""
    begun = [one for one in _plans() if one.valid_from <= day]
    return begun[-1] if begun else _plans()[0]


def acceptance(population: int, plan: AcceptancePlan, *, whole: bool = False) -> Acceptance:
    """Return how many of so many are to be judged, at least the plan's share, and how many may be faulty.

    Args:
        population: How many there are.
        plan: Share, limit and risk.
        whole: All are judged.
    """
    if not population:
        return Acceptance(0, 0)
    too_many = math.floor(plan.limit * population + 1e-9) + 1  # of so many faulty ones a lot is to be sent back
    least = population if whole else max(1, math.ceil(plan.share * population - 1e-9))
    risk = plan.risk * _EVEN
    size = next(n for n in range(least, population + 1) if _passes(0, n, too_many, population) <= risk)
    allowed = 0
    while allowed < size and _passes(allowed + 1, size, too_many, population) <= risk:
        allowed += 1
    return Acceptance(size, allowed)


def _passes(allowed: int, size: int, faulty: int, population: int) -> float:
    """Return how probably a sample has no more than so many faulty ones."""
    if allowed >= min(size, faulty):
        return 1.0
    return at_most(allowed, size, faulty, population)


@cache
def _plans() -> tuple[AcceptancePlan, ...]:
    text = resources.files("reports").joinpath("data/lots.toml").read_text(encoding="utf-8")
    plans = (AcceptancePlan(**one) for one in tomllib.loads(text)["plan"])
    return tuple(sorted(plans, key=lambda one: one.valid_from))
