"""Read what was filled in with a pen of another colour, apart from the print, so that neither spoils the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from dossier.page import Box, Word, lines_of
from ocr.arrays import Gray
from ocr.bands import bands_of
from ocr.boxes import padded, size_of
from ocr.engines.port import OcrEngine
from ocr.ink import unread
from ocr.language import syllable_share
from ocr.mosaic import read_pieces
from ocr.order import extent, shared_height
from ocr.preparation.marks import Marks, marks_of

_REACH_INCHES: Final = 0.16
_PADDING_INCHES: Final = 0.03
_LEAST_WIDTH_INCHES: Final = 0.12
WRITING_INCHES: Final = 0.36
"""A line of writing is no taller; signatures and flourishes are."""
_LEVEL: Final = 0.45
_COVERED: Final = 0.4
_SURER: Final = 10.0
_MOST_PLACES: Final = 80
# Scribbles come back as unsure words that are no language.
_SURE: Final = 70.0
_SYLLABLES: Final = 0.7
_FEW_LETTERS: Final = 2
_READ: Final = 80.0


def with_pen_read(
    engine: OcrEngine, pen: Gray | None, words: tuple[Word, ...], dpi: float, tallest: float = WRITING_INCHES
) -> tuple[Word, ...]:
    """Return the words of print and pen, those of the pen in the printed lines that they fill in.

    Args:
        engine: Reads the places where the pen wrote.
        pen: Coloured ink alone, in the pixels of the prepared page; None for a page without.
        words: What was read of the print.
        dpi: Resolution of the page.
        tallest: Inches; what is taller is no line.
    """
    if pen is None:
        return words
    size = size_of(pen)
    # On some stocks the edges of all print look coloured: what was surely read already is no writing.
    read = tuple(word for word in words if word.confidence >= _READ)
    boxes = list(_places(unread(marks_of(pen).like_letters(dpi), read, size), size, dpi, tallest))
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


def _places(letters: Marks, size: tuple[int, int], dpi: float, tallest: float) -> Iterator[Box]:
    """Yield the places where letters stand in a row."""
    # Marks above and below the letters are small: the margin takes them in.
    aside, above = round(_PADDING_INCHES * dpi), round(2 * _PADDING_INCHES * dpi)
    for box in bands_of(letters, size, round(_REACH_INCHES * dpi))[:_MOST_PLACES]:
        if box.width >= _LEAST_WIDTH_INCHES * dpi and box.height <= tallest * dpi:
            yield padded(box, size, aside, above)


def _is_writing(piece: tuple[Word, ...]) -> bool:
    total = sum(len(word.text) for word in piece)
    if total == 0 or sum(word.confidence * len(word.text) for word in piece) / total < _SURE:
        return False
    share, letters = syllable_share(word.text for word in piece)
    digits = sum(sign.isdigit() for word in piece for sign in word.text)
    return share >= _SYLLABLES if letters >= _FEW_LETTERS else digits >= _FEW_LETTERS
