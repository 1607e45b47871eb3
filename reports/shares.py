"""Figures over plain row-level lists (procedures, posted notices): shares, sums, and statements that disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from dossier.register import Procedure
from registers.units import Unit
from reports.numbers import decimal
from reports.rates import Rate, rate

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A figure that somebody stated and what the rows say."""

    subject: str
    stated: int
    counted: int


def share(rows: Sequence[Row], holds: Callable[[Row], bool]) -> Rate:
    """Return how many of the rows hold, as a rate over all rows."""
    return rate("share", sum(map(holds, rows)), len(rows))


def counts(rows: Iterable[Row], group: Callable[[Row], str]) -> dict[str, int]:
    """Return the number of rows by group, in order of first appearance."""
    return dict(Counter(map(group, rows)))


def of_levels(procedures: Iterable[Procedure], units: Iterable[Unit]) -> dict[str, int]:
    """Return how many procedures and units each level has, as `procedures.xa` and `units.xa`."""
    levels = [f"procedures.{one.level}" for one in procedures] + [f"units.{one.level}" for one in units]
    return counts(levels, str)


def disagreements(counted: Mapping[str, int], stated: Iterable[tuple[str, int]]) -> list[Disagreement]:
    """Return the statements that the counted rows do not bear out; a subject may be stated more than once."""
    return [
        Disagreement(subject, number, counted.get(subject, 0))
        for subject, number in stated
        if counted.get(subject, 0) != number
    ]


def per_month(total: int, months: int) -> str:
    """Return an average a month to one place: 768 in 7 months as `109,7`."""
    return decimal(Fraction(total, months), 1)
