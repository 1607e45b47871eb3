"""Ruled tables: where they are, and in which cell a word stands."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from dossier.page import Box, Word
from ocr.arrays import Mask
from ocr.preparation.ruling import Ruling

_LEAST_ROWS: Final = 2
_LEAST_COLUMNS: Final = 2
_MOST_RULES: Final = 150
_SAME_INCHES: Final = 0.06
_LEAST_INCHES: Final = 0.5
# Rules that end on one line, and the share of all that must, to take that line for the side of a table.
_ENDS_NEEDED: Final = 3
_ENDS_ALIKE: Final = 0.6
# A rule that is shorter than this share of the cell it stands in is the stroke of a letter, underlining, dirt.
_LEAST_OF_CELL: Final = 0.5

Rules = tuple[tuple[int, int, int], ...]
"""Place, begin and end of each rule of one direction."""


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of rules. `down` and `across` are the places of its level and of its upright rules, in pixels."""

    box: Box
    levels: Rules
    uprights: Rules

    def holds(self, box: Box) -> bool:
        """Return whether the middle of a word lies in the table."""
        x, y = (box.left + box.right) // 2, (box.top + box.bottom) // 2
        return self.box.left <= x < self.box.right and self.box.top <= y < self.box.bottom

    def cells(self) -> Iterator[Box]:
        """Yield the cells, row after row, each from the left; a cell over several rows or columns comes once."""
        tops = sorted({place for place, _, _ in self.levels})
        for number, top in enumerate(tops[:-1]):
            middle = (top + tops[number + 1]) // 2
            sides = sorted(place for place, begin, end in self.uprights if begin <= middle <= end)
            for left, right in pairwise(sides):
                column = (left + right) // 2
                if self._ruled(top, column):
                    bottom = next((low for low in tops[number + 1 :] if self._ruled(low, column)), tops[-1])
                    yield Box(left, top, right, bottom)

    def _ruled(self, top: int, column: int) -> bool:
        return any(place == top and begin <= column <= end for place, begin, end in self.levels)

    def rows(self, lines: list[list[Word]]) -> list[list[Word]]:
        """Return the words of the table as lines in order: row after row, cell after cell, line after line.

        Rows are told by the place of the rule above, not by how many rules are above: a stray piece of a rule in one
        column would move all that is below it in that column to the next row.
        """
        cells: dict[tuple[int, int, int], list[Word]] = {}
        for line in lines:
            for word in line:
                row, column = self._cell(word.box)
                cells.setdefault((row, column, word.line), []).append(word)
        tops = {key: min(word.box.top for word in found) for key, found in cells.items()}
        return [cells[key] for key in sorted(cells, key=lambda key: (key[0], key[1], tops[key]))]

    def _cell(self, box: Box) -> tuple[int, int]:
        x, y = (box.left + box.right) // 2, (box.top + box.bottom) // 2
        above = max((place for place, begin, end in self.levels if place < y and begin <= x <= end), default=0)
        before = max((place for place, begin, end in self.uprights if place < x and begin <= y <= end), default=0)
        return above, before


def tables_on(ruling: Ruling, dpi: float) -> tuple[Table, ...]:
    """Return the ruled tables of a page from top to bottom: at least two rows and two columns."""
    if not all(map(cv2.countNonZero, (ruling.across, ruling.down))):
        return ()
    joined = cv2.bitwise_or(ruling.across, ruling.down)
    reach = max(3, round(_SAME_INCHES * dpi))
    joined = cv2.dilate(joined, np.ones((3, 3), np.uint8))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [Box(x, y, x + w, y + h) for x, y, w, h in map(cv2.boundingRect, outlines)]
    found = [_table(box, ruling, reach) for box in boxes if min(box.width, box.height) >= _LEAST_INCHES * dpi]
    return tuple(sorted((table for table in found if table), key=lambda table: table.box.top))


def _table(box: Box, ruling: Ruling, reach: int) -> Table | None:
    levels = _places(ruling.across[box.top : box.bottom, box.left : box.right], box.top, box.left, reach)
    uprights = _places(ruling.down[box.top : box.bottom, box.left : box.right].T, box.left, box.top, reach)
    across, down = (box.left, box.right), (box.top, box.bottom)
    levels, uprights = _closed(levels, uprights, across, reach), _closed(uprights, levels, down, reach)
    levels, uprights = _without_strokes(levels, uprights), _without_strokes(uprights, levels)
    if max(len(levels), len(uprights)) > _MOST_RULES:
        return None  # a raster, a drawing
    if (
        len({place for place, _, _ in levels}) <= _LEAST_ROWS
        or len({place for place, _, _ in uprights}) <= _LEAST_COLUMNS
    ):
        return None
    # From rule to rule: what sticks out of the grid is a stroke of a letter that touches it.
    (top, *_), *_, (bottom, *_) = levels
    (left, *_), *_, (right, *_) = uprights
    found = Table(Box(left, top, right + 1, bottom + 1), levels, uprights)
    cells = list(found.cells())
    # A raster and the hatching of a drawing have rules enough, but no room to write between them.
    roomy = [cell for cell in cells if cell.height >= 2 * reach and cell.width >= 3 * reach]
    return found if len(roomy) > len(cells) / 2 else None


def _closed(rules: Rules, crossing: Rules, span: tuple[int, int], reach: int) -> Rules:
    """Return rules with the outer one on either side where those that cross them end on one line without meeting it.

    Papers are ruled without a frame, and the frame of a thin ruling may be lost in the scan.
    """
    if not rules or len(crossing) < _ENDS_NEEDED:
        return rules
    begin = int(statistics.median(start for _, start, _ in crossing))
    end = int(statistics.median(stop for _, _, stop in crossing)) - 1
    if begin < rules[0][0] - 2 * reach and _ending(begin, [start for _, start, _ in crossing], reach):
        rules = ((begin, *span), *rules)
    if end > rules[-1][0] + 2 * reach and _ending(end, [stop for _, _, stop in crossing], reach):
        rules = (*rules, (end, *span))
    return rules


def _ending(place: int, ends: list[int], reach: int) -> bool:
    return sum(abs(each - place) <= reach for each in ends) >= _ENDS_ALIKE * len(ends)


def _without_strokes(rules: Rules, crossing: Rules) -> Rules:
    """Return the rules that part one cell at least from its neighbour."""
    sides = sorted({place for place, _, _ in crossing})
    return tuple(rule for rule in rules if not _is_stroke(rule, sides))


def _is_stroke(rule: tuple[int, int, int], sides: list[int]) -> bool:
    _, begin, end = rule
    cells = ((low, high) for low, high in pairwise(sides) if begin < high and end > low)
    return not any(min(end, high) - max(begin, low) >= _LEAST_OF_CELL * (high - low) for low, high in cells)


def _places(mask: Mask, offset: int, start: int, reach: int) -> Rules:
    """Return place, begin and end of each level rule in a mask, pieces of one rule taken together."""
    outlines, _ = cv2.findContours(np.ascontiguousarray(mask), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    pieces = sorted((y + h // 2, x, x + w) for x, y, w, h in map(cv2.boundingRect, outlines))
    rules: list[list[int]] = []
    for y, begin, end in pieces:
        if rules and y - rules[-1][0] <= reach:
            rules[-1][1], rules[-1][2] = min(rules[-1][1], begin), max(rules[-1][2], end)
        else:
            rules.append([y, begin, end])
    return tuple((y + offset, begin + start, end + start) for y, begin, end in rules)
