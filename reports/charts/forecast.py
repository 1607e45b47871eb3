"""When a rate reaches a mark if it goes on as it did: a straight line by least squares, in exact fractions.

The rule, which is printed beside the chart: the line through the last SIX periods that have a rate, at least THREE. It
says nothing when there are fewer, or when the line does not rise; and nothing beyond HORIZON periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

MARK = Fraction(4, 5)
LAST, LEAST, HORIZON = 6, 3, 36


class Outlook(StrEnum):
    """What the line says."""

    REACHED = "reached"  # the newest rate is at the mark already
    IN_SIGHT = "in_sight"
    TOO_FAR = "too_far"  # it rises, but not within the horizon
    NOT_RISING = "not_rising"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a rate goes.

    Attributes:
        outlook: What the line says.
        periods: How many periods after the last one the mark is reached; 0 unless it is in sight.
        used: How many periods the line was drawn through.
        start: The line's value at the last period.
        slope: What it gains each period.
    """

    outlook: Outlook
    periods: int
    used: int
    start: Fraction
    slope: Fraction

    def at(self, ahead: int) -> Fraction:
        """Return the line's value so many periods after the last one, kept between 0 and 1."""
        return min(max(self.start + ahead * self.slope, Fraction(0)), Fraction(1))


def forecast(rates: Sequence[Fraction | None], mark: Fraction = MARK) -> Forecast:
    """Return where a rate goes; `rates` are one a period, in order, None where there was nothing to divide by."""
    points = [(place - len(rates) + 1, rate) for place, rate in enumerate(rates) if rate is not None][-LAST:]
    used = len(points)
    if used < LEAST:
        return Forecast(Outlook.TOO_FEW, 0, used, Fraction(0), Fraction(0))
    start, slope = _line(points)
    if points[-1][1] >= mark:
        return Forecast(Outlook.REACHED, 0, used, start, slope)
    if slope <= 0:
        return Forecast(Outlook.NOT_RISING, 0, used, start, slope)
    ahead = max(1, ceil((mark - start) / slope))
    outlook = Outlook.IN_SIGHT if ahead <= HORIZON else Outlook.TOO_FAR
    return Forecast(outlook, ahead if outlook is Outlook.IN_SIGHT else 0, used, start, slope)


def _line(points: Sequence[tuple[int, Fraction]]) -> tuple[Fraction, Fraction]:
    """Return the value at 0 and the slope of the straight line nearest to some points."""
    count = len(points)
    middle_x = Fraction(sum(x for x, _ in points), count)
    middle_y = sum((y for _, y in points), Fraction(0)) / count
    spread = sum(((x - middle_x) ** 2 for x, _ in points), Fraction(0))
    slope = sum(((x - middle_x) * (y - middle_y) for x, y in points), Fraction(0)) / spread
    return middle_y - slope * middle_x, slope
