"""Values that stand under a column head: tables of people, parcels, amounts, whose labels are in the row above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from classify.layout import PageLayout, Segment

_ROWS_BELOW = 4
_LONGEST_HEAD = 6  # words


def cells_under(layouts: Sequence[PageLayout], head: re.Pattern[str]) -> Iterator[Segment]:
    """Yield the cells under each column head that a pattern matches, from the nearest row down.

    A head stands in a row of several cells, begins with what the pattern says and is short; the second line of a head
    that wraps is yielded as a cell, which the value's normaliser turns down.
    """
    for layout in layouts:
        rows = layout.rows()
        for number, row in enumerate(rows):
            for cell in row if len(row) > 1 else ():
                if head.match(cell.folded) and len(cell.words) <= _LONGEST_HEAD:
                    yield from _below(cell, rows[number + 1 : number + 1 + _ROWS_BELOW])


def _below(head: Segment, rows: Sequence[tuple[Segment, ...]]) -> Iterator[Segment]:
    for row in rows:
        for cell in row:
            common = min(cell.box.right, head.box.right) - max(cell.box.left, head.box.left)
            if common > 0.5 * min(cell.box.width, head.box.width):
                yield cell
