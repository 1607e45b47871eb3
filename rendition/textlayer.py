"""The invisible layer: each word over its place on the unchanged image, in reading order."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from dossier.page import Box, PageReading, PageTransform
from rendition import syntax
from rendition.geometry import Sheet
from rendition.glyphless import DESCENT, InvisibleFont
from rendition.lines import placed_words

FONT = "Words"

_Point = tuple[float, float]
_HAIR = 0.001  # of a point


def text_layer(reading: PageReading, sheet: Sheet, font: InvisibleFont) -> bytes:
    """Return the content operators of a page's text; empty when it has no words.

    A word's baseline runs along its box as it lies on the scan, skew and turn included; its characters are as wide as
    it takes to fill the box. The space after it fills the gap to the next word of the line, so that readers that trust
    the characters and readers that trust the distances find the same words. No word has the font size of the one
    before it, if only by a hair: so pdf.js keeps the place of each, and not of whole lines, which it would show in a
    font of its own.
    """
    operators = b"".join(_operators(reading, sheet, font))
    return b"BT\n3 Tr\n" + operators + b"ET\n" if operators else b""


@dataclass(frozen=True, slots=True)
class _Place:
    """A word on the page: its sides in points, the gap after it in its widths, the matrix that sets it at its foot."""

    text: str
    width: float
    height: float
    gap: float
    matrix: tuple[float, ...]

    def level_with(self, other: _Place, sheet: Sheet) -> bool:
        """Return whether a word stands as high on the page as shown as the one before it."""
        up = sheet.shown[2:4]
        climb = sum((b - a) * part for a, b, part in zip(self.matrix[4:], other.matrix[4:], up, strict=True))
        return abs(climb) < max(self.height, other.height)


def _operators(reading: PageReading, sheet: Sheet, font: InvisibleFont) -> Iterator[bytes]:
    places = list(_places(reading, sheet))
    # PDFium sorts words that are level from left to right, which mixes the end of a slanted line with the begin of the
    # next one; what it calls level depends on the width of the characters that meet. So narrow spaces meet there.
    close = [not one.gap and one.level_with(other, sheet) for one, other in pairwise(places)]
    last = 0.0
    for place, before, after in zip(places, [False, *close], [*close, False], strict=False):
        operand, ems = font.encode(place.text, place.width / place.height)
        if not ems:
            continue
        size = place.width / ems
        last = size = size if abs(size - last) > _HAIR / 2 else last + _HAIR
        narrow = font.encode(" ", 0)[0]
        space = font.encode(" ", place.width * place.gap / size)[0] if place.gap else narrow * after
        string = (narrow * before + operand + space).replace(b"><", b"")
        yield b"/%s %s Tf %s Tm %s Tj\n" % (FONT.encode(), syntax.number(size), syntax.numbers(place.matrix), string)


def _places(reading: PageReading, sheet: Sheet) -> Iterator[_Place]:
    for word, box, gap in placed_words(reading.text):
        width, height, matrix = _placed(box, reading.transform, sheet)
        yield _Place(word.text, width, height, gap / box.width, matrix)


def _placed(box: Box, transform: PageTransform, sheet: Sheet) -> tuple[float, float, tuple[float, ...]]:
    top_left, _, bottom_right, bottom_left = (sheet.point(x, y) for x, y in transform.quad(box))
    width, height = math.dist(bottom_left, bottom_right), math.dist(bottom_left, top_left)
    along, up = _unit(bottom_left, bottom_right, width), _unit(bottom_left, top_left, height)
    origin = (foot + lift * height * DESCENT for foot, lift in zip(bottom_left, up, strict=True))
    return width, height, (*along, *up, *origin)


def _unit(start: _Point, end: _Point, length: float) -> _Point:
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length
