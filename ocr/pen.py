"""Read what was filled in with a pen of another colour, apart from the print, so that neither spoils the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from dossier.page import Box, Word, lines_of
from ocr.arrays import Gray
from ocr.engines.port import OcrEngine
from ocr.language import syllable_share
from ocr.mosaic import read_pieces
from ocr.order import extent, shared_height
from ocr.preparation.marks import Marks, marks_of

_CELL: Final = 4
_REACH_INCHES: Final = 0.16
_PADDING_INCHES: Final = 0.03
_LEAST_WIDTH_INCHES: Final = 0.12
# Signatures and flourishes are taller than a line of writing.
_MOST_HEIGHT_INCHES: Final = 0.36
_LEVEL: Final = 0.45
_COVERED: Final = 0.4
_SURER: Final = 10.0
_MOST_PLACES: Final = 80
# Scribbles come back as unsure words that are no language.
_SURE: Final = 70.0
_SYLLABLES: Final = 0.7
_FEW_LETTERS: Final = 2


def with_pen_read(engine: OcrEngine, pen: Gray | None, words: tuple[Word, ...], dpi: float) -> tuple[Word, ...]:
    """Return the words of print and pen, those of the pen in the printed lines that they fill in.

    Args:
        engine: Reads the places where the pen wrote.
        pen: Coloured ink alone, in the pixels of the prepared page; None for a page without.
        words: What was read of the print.
        dpi: Resolution of the page.
    """
    if pen is None:
        return words
    boxes = list(_places(marks_of(pen).like_letters(dpi), (pen.shape[1], pen.shape[0]), dpi))
    lines = list(map(list, lines_of(words)))
    for piece in read_pieces(engine, pen, boxes, dpi):
        if _is_writing(piece):
            for line in lines_of(piece):
                _put(lines, line)
    return tuple(replace(word, line=number) for number, line in enumerate(lines) for word in line)


def _put(lines: list[list[Word]], written: Sequence[Word]) -> None:
    """Put written words into the printed line that they fill in, or behind all lines where there is none."""
    box = extent(written)
    beside = max(lines, key=lambda line: shared_height(extent(line), box), default=None)
    if beside is None or shared_height(extent(beside), box) < _LEVEL:
        lines.append(list(written))
        return
    block = beside[0].block
    for word in written:
        under = [printed for printed in beside if _covers(printed.box, word.box)]
        # Print whose edges look coloured was read already; a ghost of the pen in the print is less sure than the pen.
        if any(printed.confidence > word.confidence - _SURER for printed in under):
            continue
        beside[:] = [printed for printed in beside if printed not in under]
        beside.append(replace(word, block=block))
    beside.sort(key=lambda word: word.box.left)


def _covers(one: Box, other: Box) -> bool:
    common = min(one.right, other.right) - max(one.left, other.left)
    return common > _COVERED * min(one.width, other.width)


def _places(letters: Marks, size: tuple[int, int], dpi: float) -> Iterator[Box]:
    """Yield the places where letters stand in a row."""
    width, height = size
    canvas = np.zeros((height // _CELL + 1, width // _CELL + 1), np.uint8)
    for x, y, across, down in zip(letters.left, letters.top, letters.width, letters.height, strict=True):
        corner = (int(x + across) // _CELL, int(y + down) // _CELL)
        cv2.rectangle(canvas, (int(x) // _CELL, int(y) // _CELL), corner, 255, cv2.FILLED)
    reach = np.ones((1, max(3, round(_REACH_INCHES * dpi / _CELL)) | 1), np.uint8)
    joined = cv2.morphologyEx(canvas, cv2.MORPH_CLOSE, reach)
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    # Marks above and below the letters are small: the margin takes them in.
    aside, above = round(_PADDING_INCHES * dpi), round(2 * _PADDING_INCHES * dpi)
    for x, y, across, down in sorted(map(cv2.boundingRect, outlines), key=lambda place: -place[2])[:_MOST_PLACES]:
        if across * _CELL >= _LEAST_WIDTH_INCHES * dpi and down * _CELL <= _MOST_HEIGHT_INCHES * dpi:
            yield Box(
                max(0, x * _CELL - aside),
                max(0, y * _CELL - above),
                min(width, (x + across) * _CELL + aside),
                min(height, (y + down) * _CELL + above),
            )


def _is_writing(piece: tuple[Word, ...]) -> bool:
    total = sum(len(word.text) for word in piece)
    if total == 0 or sum(word.confidence * len(word.text) for word in piece) / total < _SURE:
        return False
    share, letters = syllable_share(word.text for word in piece)
    digits = sum(sign.isdigit() for word in piece for sign in word.text)
    return share >= _SYLLABLES if letters >= _FEW_LETTERS else digits >= _FEW_LETTERS
