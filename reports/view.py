"""A period as reports look at it: which of its marks each moment lies before, and the base of its rates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dossier.facts import NEVER, Axis, Cell, seconds
from dossier.register import Status
from reports.period import Period


class Base(StrEnum):
    """Which dossiers stand below the line of the digitisation rates."""

    B1 = "B1"  # received in the period (the portal's base)
    B2 = "B2"  # settled in the period
    B3 = "B3"  # B1 without procedures that keep no papers


_OPEN = frozenset({None, Status.RECEIVED, Status.IN_PROGRESS, Status.SUPPLEMENT, Status.PAYMENT})


@dataclass(frozen=True, slots=True)
class View:
    """One period, judged at one moment, on an axis that has the view's marks among others.

    Attributes:
        period: Which days.
        cutoff: Work is judged then: the last second of the period, or the moment of the report if that is earlier.
        axis: Where cells' positions are counted.
        base: Base of the digitisation rates.
    """

    period: Period
    cutoff: int
    axis: Axis
    base: Base

    def received_within(self, cell: Cell) -> bool:
        """Return whether the dossiers were received in the period (tiếp nhận trong kỳ)."""
        return was_received(cell) and self._within(cell.received, _start(self.period), _end(self.period))

    def carried_over(self, cell: Cell) -> bool:
        """Return whether they came before the period and were still open when it began (từ kỳ trước chuyển sang)."""
        start = _start(self.period)
        if not was_received(cell) or not self.axis.before(cell.received, start):
            return False
        if cell.finished == NEVER:
            return cell.facts.status in _OPEN
        return not self.axis.before(cell.finished, start)

    def handled(self, cell: Cell) -> bool:
        """Return whether they are among those to be dealt with in the period (nhận giải quyết): both of these."""
        return self.received_within(cell) or self.carried_over(cell)

    def finished(self, cell: Cell) -> bool:
        """Return whether they were done with when the work is judged."""
        return self.axis.before(cell.finished, self.cutoff + 1)

    def finished_within(self, cell: Cell) -> bool:
        """Return whether they were done with in the period."""
        return self.finished(cell) and not self.axis.before(cell.finished, _start(self.period))

    def overdue(self, cell: Cell) -> bool:
        """Return whether their last day had passed when the work is judged."""
        return self.axis.before(cell.due, self.cutoff)

    def in_base(self, cell: Cell) -> bool:
        """Return whether they stand below the line of the digitisation rates: received, not refused, then the base."""
        if not was_received(cell) or cell.facts.status is Status.REFUSED:
            return False
        if self.base is Base.B2:
            return self.finished_within(cell)
        return self.received_within(cell) and (self.base is Base.B1 or cell.facts.keeps_papers)

    def _within(self, position: int, first: int, end: int) -> bool:
        return self.axis.before(position, end) and not self.axis.before(position, first)


def was_received(cell: Cell) -> bool:
    """Return whether the dossiers were ever received: a date of reception, and more than a registration."""
    return cell.received != NEVER and cell.facts.status is not Status.REGISTERED


def views(periods: Iterable[Period], as_of: datetime, base: Base) -> tuple[Axis, list[View]]:
    """Return one axis for several periods, and the view of each on it."""
    judged = [(period, _cutoff(period, as_of)) for period in periods]
    axis = Axis(mark for period, cutoff in judged for mark in (_start(period), cutoff, cutoff + 1, _end(period)))
    return axis, [View(period, cutoff, axis, base) for period, cutoff in judged]


def view(period: Period, as_of: datetime, base: Base = Base.B1) -> View:
    """Return the view of one period."""
    return views([period], as_of, base)[1][0]


def _cutoff(period: Period, as_of: datetime) -> int:
    found = seconds(min(period.ends_at, as_of))
    assert found is not None  # noqa: S101 - of a moment
    return found


def _start(period: Period) -> int:
    return int(period.starts_at.timestamp())


def _end(period: Period) -> int:
    """Return the first second after the period."""
    return int(period.ends_at.timestamp()) + 1
