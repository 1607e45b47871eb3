"""Rates over time, ready to be drawn: the months of a period, over all units and for those with the most dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dossier.facts import Cell
from dossier.register import VIETNAM
from reports.grouping import by_period
from reports.inspection import Question
from reports.period import Period
from reports.rates import Rate

MOST_UNITS = 4
MOST_PERIODS = 24


@dataclass(frozen=True, slots=True)
class Series:
    """The same rate in each period, in order; `name` is empty for all units together."""

    name: str
    rates: tuple[Rate, ...]

    @property
    def values(self) -> tuple[Fraction | None, ...]:
        """The exact shares; None where there was nothing to divide by."""
        return tuple(rate.value for rate in self.rates)


def finished_months(question: Question) -> tuple[Period, ...]:
    """Return the newest months of a question's period that were over when it was asked, oldest first.

    A month that still runs would look like a fall: its dossiers are not settled yet.
    """
    day = question.as_of.astimezone(VIETNAM).date()
    return tuple(month for month in question.period.months() if month.end < day)[-MOST_PERIODS:]


def rates_over_time(
    cells: Iterable[Cell],
    months: Sequence[Period],
    question: Question,
    key: str,
    unit_of: Callable[[Cell], str],
    name: Callable[[str], str],
) -> tuple[Series, ...]:
    """Return a rate month by month: all units first, then each of those that have the most dossiers.

    Args:
        cells: Counted on `grouping.axis_of` the months, units told apart.
        months: The periods, in order.
        question: What was asked.
        key: Which rate.
        unit_of: Returns the unit that a cell is drawn under.
        name: Returns what a unit is called.
    """
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(unit_of(cell), []).append(cell)
    sizes = {unit: sum(cell.count for cell in group) for unit, group in groups.items()}
    told_apart = [cell for group in groups.values() for cell in group]
    largest = [unit for unit, _ in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_UNITS]]
    whole = _series("", told_apart, months, question, key)
    if len(sizes) < 2:  # noqa: PLR2004 - one unit is the whole
        return (whole,)
    return (whole, *(_series(name(unit), groups[unit], months, question, key) for unit in largest))


def _series(name: str, cells: Iterable[Cell], months: Sequence[Period], question: Question, key: str) -> Series:
    lines = by_period(cells, months, question.as_of, question.base, question.versions or {})
    return Series(name, tuple(line.rates[key] for line in lines))
