"""Read what the engine passed over: its page layout drops whole lines now and then, clean ones too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from dossier.page import Box, Word, lines_of
from ocr.arrays import Gray
from ocr.bands import bands_of
from ocr.boxes import padded
from ocr.engines.port import Layout, OcrEngine
from ocr.ink import unread
from ocr.language import syllable_share
from ocr.order import extent
from ocr.preparation.marks import Marks

_MARKS: Final = 8
_WIDTH_INCHES: Final = 0.8
_REACH_INCHES: Final = 0.3
_PADDING_INCHES: Final = 0.06
_MOST_BANDS: Final = 12
# A band is believed when its words are sure and Vietnamese: signatures and pictures are not.
_CONFIDENCE: Final = 60.0
_SYLLABLES: Final = 0.6
_TAKEN: Final = 0.5

Line = list[Word]


def with_gaps_read(
    engine: OcrEngine, gray: Gray, letters: Marks, words: tuple[Word, ...], dpi: float
) -> tuple[Word, ...]:
    """Return the words with those of lines that the engine had left out, each line in its place.

    Args:
        engine: Reads the bands of unread ink as blocks, at most twelve of them.
        gray: The prepared page.
        letters: Its letter-sized ink.
        words: What the engine read on it.
        dpi: Its resolution.
    """
    height, width = gray.shape
    left = unread(letters, words, (width, height))
    lines = list(map(list, lines_of(words)))
    for band in _bands(left, (width, height), dpi):
        for line in _read_band(engine, gray, band, dpi):
            _insert(lines, line)
    return tuple(_on_line(word, number) for number, line in enumerate(lines) for word in line)


def _on_line(word: Word, number: int) -> Word:
    return word if word.line == number else replace(word, line=number)


def _bands(left: Marks, size: tuple[int, int], dpi: float) -> Iterator[Box]:
    """Yield the places with enough unread letters in a row, the widest first."""
    if len(left.left) < _MARKS:
        return
    padding = round(_PADDING_INCHES * dpi)
    for box in bands_of(left, size, round(_REACH_INCHES * dpi))[:_MOST_BANDS]:
        if box.width >= _WIDTH_INCHES * dpi and _count(left, box) >= _MARKS:
            yield padded(box, size, padding, padding)


def _count(marks: Marks, box: Box) -> int:
    inside = (marks.left >= box.left) & (marks.left <= box.right)
    return int(np.count_nonzero(inside & (marks.top >= box.top) & (marks.top <= box.bottom)))


def _read_band(engine: OcrEngine, gray: Gray, band: Box, dpi: float) -> list[Line]:
    piece = gray[band.top : band.bottom, band.left : band.right]
    # The engine wants paper around the print.
    edge = round(_PADDING_INCHES * dpi)
    framed = cv2.copyMakeBorder(piece, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=(255.0,))
    words = engine.read(np.asarray(framed, np.uint8), round(dpi), Layout.BLOCK)
    sure = tuple(word for word in words if word.confidence >= _CONFIDENCE)
    if not sure or syllable_share(word.text for word in sure)[0] < _SYLLABLES:
        return []
    moved = (replace(word, box=word.box.moved(band.left - edge, band.top - edge)) for word in sure)
    return list(map(list, lines_of(moved)))


def _insert(lines: list[Line], line: Line) -> None:
    """Put a line after the last one above it in its column, or before the rest of it, unless its place is taken."""
    new = extent(line)
    place = 0
    for index, other in enumerate(lines):
        old = extent(other)
        shared = min(new.right, old.right) - max(new.left, old.left)
        lower = (new.top + new.bottom) - (old.top + old.bottom)
        on_level = abs(lower) < new.height
        if on_level and shared > _TAKEN * new.width:
            return
        if (on_level and new.left > old.left) or (not on_level and shared > 0 and lower > 0):
            place = index + 1
    block = lines[place - 1][0].block if place else 0
    lines.insert(place, [replace(word, block=block) for word in line])
