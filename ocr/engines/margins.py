"""Keep white margins from the engine: they cost it time, and nothing is on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.preparation.marks import INK

_MARGIN_INCHES: Final = 0.15


def without_margins(gray: Gray, dpi: int, read: Callable[[Gray], tuple[Word, ...]]) -> tuple[Word, ...]:
    """Return the words of a page of which only the part that has ink is read, boxes in pixels of the page."""
    part = _inked(gray, round(_MARGIN_INCHES * dpi))
    words = read(np.ascontiguousarray(gray[part.top : part.bottom, part.left : part.right]))
    if part.left == part.top == 0:
        return words
    return tuple(replace(word, box=word.box.moved(part.left, part.top)) for word in words)


def _inked(gray: Gray, margin: int) -> Box:
    ink = gray < INK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    height, width = gray.shape
    if rows.size == 0:
        return Box(0, 0, width, height)
    return Box(
        max(0, int(columns[0]) - margin),
        max(0, int(rows[0]) - margin),
        min(width, int(columns[-1]) + 1 + margin),
        min(height, int(rows[-1]) + 1 + margin),
    )
