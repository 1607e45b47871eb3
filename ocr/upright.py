"""Read again what the engine took for a line that runs down the page: the numbers of a list, one below the other."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from dossier.page import Box, Word, lines_of
from ocr.arrays import Gray
from ocr.boxes import padded, size_of
from ocr.digits import numbers_in
from ocr.engines.port import OcrEngine
from ocr.mosaic import read_pieces
from ocr.order import extent, shared_height

# In its own width, and in the height of the page's words.
_TALL: Final = 3.0
_OF_WORDS: Final = 4.0
_MOST: Final = 40
_PADDING_INCHES: Final = 0.03
_REACH_INCHES: Final = 0.6
# The stop behind a number may stand under the column.
_OVERLAP: Final = 0.08
_LEVEL: Final = 0.7
_SURE: Final = 60.0

Line = tuple[Word, ...]


def with_columns_read(engine: OcrEngine, gray: Gray, words: tuple[Word, ...], dpi: float) -> tuple[Word, ...]:
    """Return the words, those of lines that run down the page read as the beginnings and ends of the lines beside them.

    Args:
        engine: Reads the place of each line in such a column.
        gray: The prepared page.
        words: What was read, boxes in its pixels.
        dpi: Its resolution.
    """
    lines = lines_of(words)
    columns = _columns(lines)
    if not columns:
        return words
    level = [line for line in lines if line not in columns]
    padding = round(_PADDING_INCHES * dpi)
    places = [place for column in columns for place in _places(column, level, round(_REACH_INCHES * dpi))][:_MOST]
    boxes = [padded(box, size_of(gray), padding, padding) for _, box in places]
    found: dict[int, list[Word]] = {}
    for (number, _), piece in zip(places, read_pieces(engine, gray, boxes, dpi), strict=True):
        line = extent(level[number])
        found.setdefault(number, []).extend(
            word for word in piece if word.confidence >= _SURE and _is_beside(word, line)
        )
    missing = [(number, box) for number, box in places if not found[number]]
    strips = [_left_of(box, level[number]) for number, box in missing]
    for (number, _), word in zip(missing, numbers_in(engine, gray, strips, dpi), strict=True):
        found[number] += [word] if word else []
    # Where nothing came of it the column stays: print may run down a page.
    kept = () if any(found.values()) else tuple(word for column in columns for word in column)
    return (*(word for number, line in enumerate(level) for word in _joined(line, found.get(number, []))), *kept)


def _columns(lines: Sequence[Line]) -> list[Line]:
    if not lines:
        return []
    usual = statistics.median(word.box.height for line in lines for word in line)
    boxes = [(line, extent(line)) for line in lines]
    return [line for line, box in boxes if box.height >= max(_TALL * box.width, _OF_WORDS * usual)]


def _places(column: Line, level: Sequence[Line], reach: int) -> Iterator[tuple[int, Box]]:
    """Yield the number of each line beside a column, and what of the column is on its level."""
    strip = extent(column)
    for number, line in enumerate(level):
        box = extent(line)
        apart = max(box.left - strip.right, strip.left - box.right)
        if -_OVERLAP * reach <= apart <= reach and shared_height(box, strip) >= _LEVEL:
            # With the word beside it: a digit alone has nothing to tell its size.
            near = _nearest(line if box.left >= strip.right else line[::-1]).box
            left, right = min(strip.left, near.left), max(strip.right, near.right)
            yield number, Box(left, box.top, right, box.bottom)


def _nearest(line: Line) -> Word:
    """Return the first word that is more than a stop."""
    return next((word for word in line if _says_something(word)), line[0])


def _left_of(box: Box, line: Line) -> Box:
    return replace(box, right=max(box.left + 1, min(box.right, _nearest(line).box.left)))


def _says_something(word: Word) -> bool:
    return any(sign.isalnum() for sign in word.text)


def _is_beside(word: Word, line: Box) -> bool:
    middle = (word.box.left + word.box.right) / 2
    return middle < line.left or middle > line.right


def _joined(line: Line, found: Sequence[Word]) -> list[Word]:
    first = line[0]
    more = [replace(word, line=first.line, block=first.block) for word in found]
    # The stop behind the number was read with it now.
    rest = line[1:] if any(word.text.endswith(first.text) for word in more) and not _says_something(first) else line
    return sorted((*rest, *more), key=lambda word: word.box.left) if found else list(line)
