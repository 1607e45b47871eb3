"""Ruled tables: column widths by content, cells that wrap, numbers to the right."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, Literal

from bench.legibility.markup import Table
from bench.legibility.sheet import DRAWN_DPI, Font, Sheet, wrapped

Align = Literal["left", "middle", "right"]

_NUMBER: Final = re.compile(r"[\d.,%]+")
_LEAST_CHARS: Final = 3
_MOST_CHARS: Final = 34


def set_table(element: Table, sheet: Sheet) -> None:
    """Set a ruled table over the whole width."""
    font = sheet.font(scale=0.92)
    head = sheet.font("bold", 0.92)
    pad = round(sheet.style.cell * DRAWN_DPI)
    edges = _edges(element, sheet, font, pad)
    sheet.y += round(sheet.step * 0.35)
    tops = [sheet.y]
    aligns = [_aligned(column) for column in zip(*element.rows, strict=True)]
    for number, row in enumerate(element.rows):
        face = font if number else head
        cells = _broken(row, face, edges, pad)
        places = [(*ends, align if number else "middle") for ends, align in zip(pairwise(edges), aligns, strict=True)]
        _set_row(sheet, cells, places, face)
        tops.append(sheet.y)
        _say_row(sheet, row, cells)
    _rules(sheet, edges, tops)
    sheet.y += round(sheet.step * 0.2)


def _edges(element: Table, sheet: Sheet, font: Font, pad: int) -> list[int]:
    """Return the x of the upright rules: a column is as wide as its longest word, the rest is shared by length."""
    columns = list(zip(*element.rows, strict=True))
    least = [max(font.getlength(word) for cell in column for word in (cell.split() or [""])) for column in columns]
    narrow = [width * 1.08 + 2 * pad for width in least]
    wishes = [min(_MOST_CHARS, max(_LEAST_CHARS, *map(len, column))) for column in columns]
    spare = max(0.0, sheet.width - sum(narrow))
    wants = [wish**1.3 for wish in wishes]
    edges, x = [sheet.left], float(sheet.left)
    for width, want in zip(narrow, wants, strict=True):
        x += width + spare * want / sum(wants)
        edges.append(round(x))
    return edges


def _broken(row: tuple[str, ...], font: Font, edges: list[int], pad: int) -> list[list[str]]:
    widths = [right - left - 2 * pad for left, right in pairwise(edges)]
    return [wrapped(cell, font, width) for cell, width in zip(row, widths, strict=True)]


def _aligned(column: tuple[str, ...]) -> Align:
    """Return how a column stands: figures to the right, short ones and empty columns in the middle."""
    cells = [cell for cell in column[1:] if cell]
    if all(len(cell) <= _LEAST_CHARS for cell in cells):
        return "middle"
    return "right" if all(_NUMBER.fullmatch(cell) for cell in cells) else "left"


def _set_row(sheet: Sheet, cells: list[list[str]], places: list[tuple[int, int, Align]], font: Font) -> None:
    top, high = sheet.y, max(map(len, cells))
    step = round(sheet.step * 0.95)
    sheet.down(0.95 * high + 0.25)
    for lines, place in zip(cells, places, strict=True):
        start = top + round(step * (0.88 + (high - len(lines)) / 2))
        for number, line in enumerate(lines):
            _set_cell(sheet, line, place, start + number * step, font)


def _set_cell(sheet: Sheet, line: str, place: tuple[int, int, Align], y: int, font: Font) -> None:
    left, right, align = place
    pad = round(sheet.style.cell * DRAWN_DPI)
    x = {"left": left + pad, "middle": (left + right) / 2, "right": right - pad}[align]
    sheet.write(x, y, line, font, {"left": "ls", "middle": "ms", "right": "rs"}[align])


def _say_row(sheet: Sheet, row: tuple[str, ...], cells: list[list[str]]) -> None:
    """Note a row: cell by cell, or print line by print line as one reads who sees no cells."""
    # A cell of one line beside one of two stands between the two: it may count to the upper or to the lower.
    sheet.said(" ".join(row), _by_line(cells, 0), _by_line(cells, 1))


def _by_line(cells: list[list[str]], late: int) -> str:
    high = max(map(len, cells))
    shifts = [(high - len(lines) + late) // 2 for lines in cells]
    rows = []
    for number in range(high):
        parts = [
            lines[number - shift]
            for lines, shift in zip(cells, shifts, strict=True)
            if 0 <= number - shift < len(lines)
        ]
        rows.append(" ".join(parts))
    return "\n".join(rows)


def _rules(sheet: Sheet, edges: list[int], tops: list[int]) -> None:
    thick = max(2, round(sheet.style.rule * DRAWN_DPI))
    for x in edges:
        sheet.draw.rectangle((x, tops[0], x + thick - 1, tops[-1]), fill=0)
    for y in tops:
        sheet.draw.rectangle((edges[0], y, edges[-1] + thick - 1, y + thick - 1), fill=0)
