"""Complete tables of which some rules are missing: left out by who drew them, lost by a needle printer or a weak scan.

Read as one cell, columns and rows would come one after the other where they stand beside each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocr.preparation.marks import Marks
from ocr.tables import Table

# White between columns, in inches and in spaces between words: through so many lines it is no chance.
_GUTTER_INCHES: Final = 0.085
_GUTTER_SPACES: Final = 1.4
_LINES_NEEDED: Final = 4
# What is between two letters of a line is a space from so many of their heights to so many.
_LEAST_SPACE, _MOST_SPACE = 0.35, 2.2
# Of the lines that have something on one side of a gutter, this share must have something on the other.
_BOTH_SIDES: Final = 0.6
# Letters and dashes are this large one way, stops and what is left of rules are not.
_SIGN_INCHES: Final = 0.035
# Inches of white between rows, letters measured without their marks.
_GAP_INCHES: Final = 0.025
_COLUMNS_NEEDED: Final = 3
# Of the columns with anything in them, those that a row fills: what goes on in a second line fills fewer.
_FILLED: Final = 0.7
# All heads of a table may have two lines.
_ROWS_IN_HEAD: Final = 3

Span = tuple[int, int]


def completed(table: Table, marks: Marks, dpi: float) -> Table:
    """Return a table with rules where white between its columns and its rows stands for them.

    Args:
        table: As its rules tell it.
        marks: The marks on the page, rules, leaders and dirt gone.
        dpi: Resolution of the page.
    """
    letters = marks.like_letters(dpi)
    gutter = max(_GUTTER_INCHES * dpi, _GUTTER_SPACES * _space(letters))
    wide = marks.chosen((marks.width >= _SIGN_INCHES * dpi) | (marks.height >= _SIGN_INCHES * dpi))
    table = replace(table, uprights=tuple(sorted({*table.uprights, *_columns(table, _inside(table, wide), gutter)})))
    return replace(table, levels=tuple(sorted({*table.levels, *_rows(table, _inside(table, letters), dpi)})))


def _inside(table: Table, marks: Marks) -> Marks:
    """Return the marks whose middle lies in a table."""
    x, y, box = marks.left + marks.width // 2, marks.top + marks.height // 2, table.box
    return marks.chosen((box.left < x) & (x < box.right) & (box.top < y) & (y < box.bottom))


def _space(letters: Marks) -> float:
    """Return the usual width of a space between words, in pixels; 0.0 where there are none."""
    gaps = []
    for top, bottom in _spans(letters.top, letters.top + letters.height):
        line = letters.chosen((letters.top >= top) & (letters.top < bottom))
        order = np.argsort(line.left)
        gap = line.left[order[1:]] - (line.left + line.width)[order[:-1]]
        height = float(np.median(line.height))
        gaps.append(gap[(gap >= _LEAST_SPACE * height) & (gap <= _MOST_SPACE * height)])
    spaces = np.concatenate(gaps) if gaps else np.zeros(0)
    return float(np.median(spaces)) if len(spaces) else 0.0


def _columns(table: Table, letters: Marks, gutter: float) -> Iterator[tuple[int, int, int]]:
    """Yield the upright rules that are missing."""
    for left, right in pairwise(sorted({place for place, _, _ in table.uprights})):
        inside = letters.chosen((letters.left >= left) & (letters.left < right))
        for begin, end in _gaps(inside.left, inside.left + inside.width, gutter):
            if _parts(inside, (begin + end) // 2):
                yield (begin + end) // 2, table.box.top, table.box.bottom


def _parts(letters: Marks, place: int) -> bool:
    """Return whether a line down at a place has text on both sides, line by line."""
    lines = _spans(letters.top, letters.top + letters.height)
    sides = [letters.left[(letters.top >= top) & (letters.top < bottom)] < place for top, bottom in lines]
    both = sum(1 for side in sides if side.any() and not side.all())
    return both >= _LINES_NEEDED and both >= _BOTH_SIDES * len(lines)


def _rows(table: Table, letters: Marks, dpi: float) -> Iterator[tuple[int, int, int]]:
    """Yield the level rules that are missing."""
    sides = list(pairwise(sorted({place for place, _, _ in table.uprights})))
    if len(sides) < _COLUMNS_NEEDED:
        return
    for number, (top, bottom) in enumerate(pairwise(sorted({place for place, _, _ in table.levels}))):
        inside = letters.chosen((letters.top >= top) & (letters.top < bottom))
        places = list(_row_ends(inside, sides, _GAP_INCHES * dpi))
        if number or len(places) + 1 >= _ROWS_IN_HEAD:
            yield from ((place, table.box.left, table.box.right) for place in places)


def _row_ends(letters: Marks, sides: list[Span], gap: float) -> Iterator[int]:
    """Yield where a row ends that has its first column and most others filled, and so has the next one."""
    if len(letters.left) == 0:
        return
    gaps = _gaps(letters.top, letters.top + letters.height, gap)
    middles = [(begin + end) // 2 for begin, end in gaps]
    edges = [int(letters.top.min()), *middles, int((letters.top + letters.height).max()) + 1]
    filled = np.asarray([_filled(letters, strip, sides) for strip in pairwise(edges)])
    full = filled[:, 0] & (filled.sum(axis=1) >= _FILLED * filled.any(axis=0).sum())
    yield from (place for place, (before, after) in zip(middles, pairwise(full), strict=True) if before and after)


def _filled(letters: Marks, strip: Span, sides: list[Span]) -> list[bool]:
    """Return of each column whether it has letters within a strip."""
    x = letters.left[(letters.top >= strip[0]) & (letters.top < strip[1])]
    return [bool(np.any((x >= left) & (x < right))) for left, right in sides]


def _gaps(begins: NDArray[np.int32], ends: NDArray[np.int32], least: float) -> list[Span]:
    """Return the white between spans that is as wide as asked for."""
    spans = _spans(begins, ends)
    return [(end, begin) for (_, end), (begin, _) in pairwise(spans) if begin - end >= least]


def _spans(begins: NDArray[np.int32], ends: NDArray[np.int32]) -> list[Span]:
    """Return the spans that are covered, those together that overlap."""
    spans: list[Span] = []
    for begin, end in sorted(zip(begins.tolist(), ends.tolist(), strict=True)):
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((begin, end))
    return spans
