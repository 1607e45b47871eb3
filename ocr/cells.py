"""Read ruled tables cell by cell: side by side, their lines confuse the engine, and lone digits get lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.digits import numbers_in
from ocr.engines.port import OcrEngine
from ocr.mosaic import read_pieces
from ocr.tables import Table

_INSET_INCHES: Final = 0.012
_MARGIN: Final = 3
_INK: Final = 150
_LEAST_INK: Final = 6
# Pixels of its frame that lie outside a table's box, which ends in the middle of it.
_FRAME: Final = 3
_PAPER: Final = 255
# Width of a number of a digit or two, least and most height of its line; numbers that make a column one of numbers.
_SHORT_INCHES: Final = (0.26, 0.07, 0.25)
_NUMBERS: Final = 3
_NUMBER: Final = re.compile(r"\d{1,3}\.?")


def without_tables(gray: Gray, tables: Sequence[Table]) -> Gray:
    """Return the page with its tables white."""
    if not tables:
        return gray
    rest = gray.copy()
    for table in tables:
        box = table.box
        rest[max(0, box.top - _FRAME) : box.bottom + _FRAME, max(0, box.left - _FRAME) : box.right + _FRAME] = _PAPER
    return rest


def read_cells(engine: OcrEngine, gray: Gray, table: Table, dpi: float) -> tuple[Word, ...]:
    """Return the words of a table, boxes in pixels of the page."""
    inset = round(_INSET_INCHES * dpi)
    written = [(cell.left, box) for cell in table.cells() if (box := _written(gray, _inside(cell, inset)))]
    found = list(read_pieces(engine, gray, [box for _, box in written], dpi))
    lost = _lost_numbers(written, found, dpi)
    for place, word in zip(lost, numbers_in(engine, gray, [written[place][1] for place in lost], dpi), strict=True):
        if word:
            raw = " ".join(old.text for old in found[place])
            line = found[place][0].line if found[place] else word.line
            found[place] = (replace(word, line=line, raw=raw or word.raw),)
    return tuple(word for cell in found for word in cell)


def _lost_numbers(written: Sequence[tuple[int, Box]], found: Sequence[tuple[Word, ...]], dpi: float) -> list[int]:
    """Return the places of short cells without a number in columns of short numbers.

    Args:
        written: The left side of each cell, and the part of it that has ink.
        found: What was read in each.
        dpi: Resolution of the page.
    """
    columns: dict[int, list[int]] = {}
    for place, (side, _) in enumerate(written):
        columns.setdefault(side, []).append(place)
    numbered = [_NUMBER.fullmatch("".join(word.text for word in words)) is not None for words in found]
    short = [
        box.width <= _SHORT_INCHES[0] * dpi and _SHORT_INCHES[1] * dpi <= box.height <= _SHORT_INCHES[2] * dpi
        for _, box in written
    ]
    counting = [
        column
        for column in columns.values()
        if sum(numbered[place] for place in column) >= max(_NUMBERS, len(column) / 2)
    ]
    # The first cell of a column is its head.
    return [place for column in counting for place in column[1:] if short[place] and not numbered[place]]


def _inside(cell: Box, inset: int) -> Box:
    return Box(cell.left + inset, cell.top + inset, cell.right - inset, cell.bottom - inset)


def _written(gray: Gray, inner: Box) -> Box | None:
    """Return the part of a cell that has ink, with a margin; None for an empty one."""
    if inner.width <= 0 or inner.height <= 0:
        return None
    ink = gray[inner.top : inner.bottom, inner.left : inner.right] < _INK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if np.count_nonzero(ink) < _LEAST_INK:
        return None
    return Box(
        max(inner.left, inner.left + int(columns[0]) - _MARGIN),
        max(inner.top, inner.top + int(rows[0]) - _MARGIN),
        min(inner.right, inner.left + int(columns[-1]) + _MARGIN),
        min(inner.bottom, inner.top + int(rows[-1]) + _MARGIN),
    )
