"""A sample that anybody can draw again, and what it says about all dossiers it was drawn from.

Drawn without replacement, so that the limits are those of the hypergeometric distribution, found exactly: the same idea
as Clopper and Pearson's for the binomial one (Biometrika 26, 1934), for a population that is finite and known.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

CONFIDENCE = 0.95
_EVEN = 1 + 1e-7


@dataclass(frozen=True, slots=True)
class Limits:
    """Between how many of a population have what `found` of `drawn` were seen to have.

    Attributes:
        low: The least number that is still believable.
        high: The greatest.
        population: How many there are.
        confidence: How often such limits hold the true number, at least.
    """

    low: int
    high: int
    population: int
    confidence: float


def draw(codes: Iterable[str], count: int, seed: str) -> list[str]:
    """Return so many of the codes, in the order in which they were drawn; all of them where there are no more.

    The order is that of SHA-256 over seed, a colon and code, so that no program of ours is needed to draw again:
    `printf %s SEED:CODE | sha256sum`.
    """
    return sorted(set(codes), key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).digest())[:count]


def limits(found: int, drawn: int, population: int, confidence: float = CONFIDENCE) -> Limits:
    """Return between how many of a population have what a sample without replacement shows.

    Args:
        found: How many of those drawn have it.
        drawn: How many were drawn.
        population: From how many.
        confidence: How often limits that are found so hold the true number, at least.

    Raises:
        ValueError: The numbers contradict each other.
    """
    if not 0 <= found <= drawn <= population:
        raise ValueError("more found than drawn, or drawn than there are")
    tail = (1 - confidence) / 2 * _EVEN  # what is just as unlikely is out, however its logarithms were rounded
    least, most = found, population - (drawn - found)
    low = _first(least, most, lambda having: _at_least(found, drawn, having, population) > tail)
    beyond = _first(least, most + 1, lambda having: having > most or at_most(found, drawn, having, population) <= tail)
    return Limits(low, max(low, beyond - 1), population, confidence)


def _first(start: int, end: int, holds: Callable[[int], bool]) -> int:
    """Return the first number of a range from which on something holds; its end, where it does nowhere else."""
    while start < end:
        middle = (start + end) // 2
        if holds(middle):
            end = middle
        else:
            start = middle + 1
    return start


def _at_least(found: int, drawn: int, having: int, population: int) -> float:
    return math.fsum(_chance(seen, drawn, having, population) for seen in range(found, min(drawn, having) + 1))


def at_most(found: int, drawn: int, having: int, population: int) -> float:
    """Return how probably so many of those drawn, or fewer, have what `having` of a population have."""
    least = max(0, drawn - (population - having))
    return math.fsum(_chance(seen, drawn, having, population) for seen in range(least, found + 1))


def _chance(seen: int, drawn: int, having: int, population: int) -> float:
    return math.exp(_choices(having, seen) + _choices(population - having, drawn - seen) - _choices(population, drawn))


def _choices(total: int, taken: int) -> float:
    """Return the logarithm of how many ways there are; minus infinity where there is none."""
    if not 0 <= taken <= total:
        return -math.inf
    return math.lgamma(total + 1) - math.lgamma(taken + 1) - math.lgamma(total - taken + 1)
