"""Ruled tables: column widths by content, cells that wrap, numbers to the right."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from bench.legibility.markup import Table
from bench.legibility.sheet import DRAWN_DPI, Font, Sheet, wrapped

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
    for number, row in enumerate(element.rows):
        cells = _broken(row, head if number == 0 else font, edges, pad)
        _set_row(sheet, cells, edges, head if number == 0 else font)
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


def _set_row(sheet: Sheet, cells: list[list[str]], edges: list[int], font: Font) -> None:
    top, high = sheet.y, max(map(len, cells))
    step = round(sheet.step * 0.95)
    sheet.down(0.95 * high + 0.25)
    for index, lines in enumerate(cells):
        left, right = edges[index], edges[index + 1]
        start = top + round(step * (0.88 + (high - len(lines)) / 2))
        for number, line in enumerate(lines):
            _set_cell(sheet, line, (left, right), start + number * step, font)


def _set_cell(sheet: Sheet, line: str, ends: tuple[int, int], y: int, font: Font) -> None:
    pad = round(sheet.style.cell * DRAWN_DPI)
    middle = _NUMBER.fullmatch(line) and len(line) <= _LEAST_CHARS
    if middle or "Bold" in str(font.getname()[1]):
        sheet.write((ends[0] + ends[1]) / 2, y, line, font, "ms")
    elif _NUMBER.fullmatch(line):
        sheet.write(ends[1] - pad, y, line, font, "rs")
    else:
        sheet.write(ends[0] + pad, y, line, font)


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
