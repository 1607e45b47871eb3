"""What a formula is: which dossiers stand below the line, which of them above it, and who can say so.

A formula only looks at cells, never at single dossiers, so the figure and the list behind it cannot differ: the list
is the dossiers of the cells that were counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from dossier.facts import Cell
from reports.rates import Rate, versions
from reports.view import View

Test = Callable[[Cell, View], bool]
Number = Callable[[Cell], int]


def _one(_cell: Cell) -> int:
    return 1


class Part(StrEnum):
    """Which dossiers of an indicator a list shows."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    REST = "rest"  # below the line and not above it


@dataclass(frozen=True, slots=True)
class Formula:
    """One version of an indicator.

    Attributes:
        key: Name, in `definitions.toml`.
        version: Version, in `definitions.toml`.
        below: Dossiers below the line.
        above: Those of them above it.
        counted_below: How many things below the line one dossier has; itself, where dossiers are counted.
        counted_above: How many of these stand above it.
        says: Whether the register or the archive says what the formula asks for. Where it does for no dossier below
            the line the figure is "không có dữ liệu", not zero.
    """

    key: str
    version: str
    below: Test
    above: Test
    counted_below: Number = _one
    counted_above: Number = _one
    says: Callable[[Cell], bool] = bool

    def rate(self, cells: Iterable[Cell], view: View) -> Rate:
        """Return the indicator over cells."""
        numerator = denominator = 0
        known = False
        for cell in cells:
            if self.below(cell, view):
                known = known or self.says(cell)
                denominator += cell.count * self.counted_below(cell)
                if self.above(cell, view):
                    numerator += cell.count * self.counted_above(cell)
        found = next(each for each in versions(self.key) if each.version == self.version)
        return Rate(numerator, denominator, found, known or not denominator)

    def cells(self, cells: Iterable[Cell], view: View, part: Part) -> Iterator[Cell]:
        """Yield the cells whose dossiers a list of this part shows."""
        for cell in cells:
            if self.below(cell, view):
                over = self.above(cell, view)
                if part is Part.DENOMINATOR or over is (part is Part.NUMERATOR):
                    yield cell
