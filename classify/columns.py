"""Values that stand under a column head: tables of people, parcels, amounts, whose labels are in the row above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from classify.layout import PageLayout, Segment, part_of
from dossier.page import Word

_ROWS_BELOW = 4
_ROWS_OF_PART = 8
_JOINS = ("và", "vợ", "chồng", "là", ";", ",", "-", "+")
_LONGEST_HEAD = 6  # words
_NUMBERED = re.compile(r"\W*(?:\d{1,2}(?:\.\d{1,2})*\s?[.)]\s*|[a-z]\s?[.)]\s*)?")


def cells_under(layouts: Sequence[PageLayout], head: re.Pattern[str]) -> Iterator[Segment]:
    """Yield the cells under each column head that a pattern matches, from the nearest row down.

    A head stands in a row of several cells, begins with what the pattern says and is short; the second line of a head
    that wraps is yielded as a cell, which the value's normaliser turns down.
    """
    for layout in layouts:
        rows = layout.rows()
        for number, row in enumerate(rows):
            for at, cell in enumerate(row if len(row) > 1 else ()):
                if _is_head(cell, head):
                    yield from _below(row, at, rows[number + 1 : number + 1 + _ROWS_BELOW])


def _is_head(cell: Segment, head: re.Pattern[str]) -> bool:
    """Return whether a short cell begins as a head does, behind its own number: "3.1. Thửa số", "(2) Tờ BĐ"."""
    numbered = _NUMBERED.match(cell.folded)
    return len(cell.words) <= _LONGEST_HEAD and bool(head.match(cell.folded, numbered.end() if numbered else 0))


def _below(heads: tuple[Segment, ...], at: int, rows: Sequence[tuple[Segment, ...]]) -> Iterator[Segment]:
    """Yield the cells under a head; where none is, by its place in a row that has a cell for every head."""
    head = heads[at]
    for row in rows:
        under = [cell for cell in row if _reach(cell, head) > 0.5 * min(cell.box.width, head.box.width)]
        yield from under or ([row[at]] if len(row) == len(heads) and _nearest(row[at], heads) is head else [])


def _nearest(cell: Segment, heads: tuple[Segment, ...]) -> Segment:
    return min(heads, key=lambda one: abs(one.centre - cell.centre))


def _reach(one: Segment, other: Segment) -> int:
    """Return how far two cells stand over each other, in pixels; less than nothing where they do not."""
    return min(one.box.right, other.box.right) - max(one.box.left, other.box.left)


def cells_of_row(layouts: Sequence[PageLayout], head: re.Pattern[str], label: re.Pattern[str]) -> Iterator[Segment]:
    """Yield the cells under each such column head that a label names, which stands in one of three places.

    In the cell itself ("Họ tên: …" in each column), in the column's cell above it, or first in the row for all columns.
    """
    for layout in layouts:
        rows = layout.rows()
        for number, row in enumerate(rows):
            for at, cell in enumerate(row if len(row) > 1 else ()):
                if head.match(cell.folded) and len(cell.words) <= _LONGEST_HEAD:
                    yield from _labelled(row, at, rows[number + 1 : number + 1 + _ROWS_OF_PART], label)


def _labelled(
    heads: tuple[Segment, ...], at: int, rows: Sequence[tuple[Segment, ...]], label: re.Pattern[str]
) -> Iterator[Segment]:
    above = False
    for row in rows:
        cell = _in_column(heads, at, row)
        match = label.match(cell.folded) if cell else None
        rest = cell.words[len(cell.folded[: match.end()].split()) :] if cell and match else ()
        if cell and rest:
            yield from _each(cell, rest)
        elif cell and not match and (above or label.match(row[0].folded)):
            yield from _each(cell, cell.words)
        above = match is not None and not rest


def _in_column(heads: tuple[Segment, ...], at: int, row: tuple[Segment, ...]) -> Segment | None:
    """Return a row's cell of a column: by its place where every column has one, else the one under the head."""
    before = len(row) - len(heads)
    if before in (0, 1):
        return row[at + before]
    reach = [_reach(cell, heads[at]) for cell in row]
    best = max(range(len(row)), key=reach.__getitem__)
    return row[best] if reach[best] > 0 else None


def _each(cell: Segment, words: Sequence[Word]) -> Iterator[Segment]:
    """Yield what a cell names: parts between commas, semicolons and "và" (and)."""
    part: list[Word] = []
    for word in words:
        joins = word.text.lower() in _JOINS
        part += [] if joins else [word]
        if part and (joins or word.text[-1] in ",;"):
            yield part_of(cell, part)
            part = []
    if part:
        yield part_of(cell, part)
