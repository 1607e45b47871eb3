"""Put what was read into the order in which people read it: rows of columns, cells of tables, pages side by side.

The engine orders its blocks by guesses about columns that hold for newspapers: the two-column heading of an office
paper comes apart, and a table without its rules is read column by column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from dossier.page import Box, Word, lines_of
from ocr.prose import prose_from
from ocr.tables import Table

Line = list[Word]

# Two lines stand on one row when they share this much of the lower one's height.
_LEVEL: Final = 0.5
# A line that shares this much with lines of two rows stands askew of both: columns that do not keep step.
_ASKEW: Final = 0.25


def in_reading_order(words: tuple[Word, ...], tables: Sequence[Table], gutter: int | None) -> tuple[Word, ...]:
    """Return the words in reading order, `line` counted anew from 0.

    Args:
        words: As the engine gave them; boxes in pixels of a level page.
        tables: Ruled tables, whose words are read cell by cell, row after row.
        gutter: Where two pages that were scanned side by side meet; None where there is one page.
    """
    lines = _split_at(list(map(list, lines_of(words))), gutter)
    pages = [lines] if gutter is None else [_beside(lines, gutter, left=True), _beside(lines, gutter, left=False)]
    ordered = [line for page in pages for line in _page(page, tables)]
    return tuple(_on_line(word, number) for number, line in enumerate(ordered) for word in line)


def extent(line: Iterable[Word]) -> Box:
    """Return the smallest box around some words."""
    boxes = [word.box for word in line]
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _on_line(word: Word, number: int) -> Word:
    return word if word.line == number else replace(word, line=number)


def _split_at(lines: list[Line], gutter: int | None) -> list[Line]:
    if gutter is None:
        return lines
    halves = [[word for word in line if _is_left(word.box, gutter) == side] for line in lines for side in (True, False)]
    return [half for half in halves if half]


def _beside(lines: list[Line], gutter: int, *, left: bool) -> list[Line]:
    return [line for line in lines if _is_left(line[0].box, gutter) == left]


def _is_left(box: Box, gutter: int) -> bool:
    return box.left + box.right < 2 * gutter


def _page(lines: list[Line], tables: Sequence[Table]) -> list[Line]:
    outside: list[Line] = []
    inside: list[list[Line]] = [[] for _ in tables]
    for line in lines:
        for part, place in _by_table(line, tables):
            (outside if place is None else inside[place]).append(part)
    units = [[line] for line in outside]
    units += [table.rows(found) for table, found in zip(tables, inside, strict=True) if found]
    return [line for unit in _in_rows(units) for line in unit]


def _by_table(line: Line, tables: Sequence[Table]) -> list[tuple[Line, int | None]]:
    parts: dict[int | None, Line] = {}
    for word in line:
        place = next((number for number, table in enumerate(tables) if table.holds(word.box)), None)
        parts.setdefault(place, []).append(word)
    return [(part, place) for place, part in parts.items()]


def _in_rows(units: list[list[Line]]) -> list[list[Line]]:
    """Return units, each a line or a whole table, row by row; those that stand askew column by column."""
    placed = sorted(
        ((extent(word for line in unit for word in line), unit) for unit in units), key=lambda each: each[0].top
    )
    rows: list[list[tuple[Box, list[Line]]]] = []
    for box, unit in placed:
        near = [row for row in rows if _is_beside(box, row)]
        if len(near) == 1 and all(shared_height(box, other) >= _LEVEL for other, _ in near[0]):
            near[0].append((box, unit))
        elif near:
            merged = [each for row in near for each in row] + [(box, unit)]
            rows = [row for row in rows if row not in near] + [merged]
        else:
            rows.append([(box, unit)])
    rows.sort(key=lambda row: min(box.top for box, _ in row))
    return list(_flowing(rows))


def _is_beside(box: Box, row: list[tuple[Box, list[Line]]]) -> bool:
    return any(other.bottom > box.top and shared_height(box, other) >= _ASKEW for other, _ in row)


def _flowing(rows: list[list[tuple[Box, list[Line]]]]) -> Iterator[list[Line]]:
    at = 0
    while at < len(rows):
        count, columns = prose_from(rows[at:])
        yield from (unit for _, unit in columns) if count else _in_columns(rows[at])
        at += max(1, count)


def _in_columns(row: list[tuple[Box, list[Line]]]) -> list[list[Line]]:
    """Return the units of a row: column by column from the left, each from top to bottom."""
    columns: list[list[tuple[Box, list[Line]]]] = []
    for box, unit in sorted(row, key=lambda each: each[0].left):
        if columns and box.left < max(other.right for other, _ in columns[-1]):
            columns[-1].append((box, unit))
        else:
            columns.append([(box, unit)])
    return [unit for column in columns for _, unit in sorted(column, key=lambda each: each[0].top)]


def shared_height(one: Box, other: Box) -> float:
    """Return how much of the lower box's height lies beside the other one."""
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    return common / max(1, min(one.height, other.height))
