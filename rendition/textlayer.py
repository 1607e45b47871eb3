"""The invisible layer: each word over its place on the unchanged image, in reading order."""

from __future__ import annotations

import math
from collections.abc import Iterator

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


def _operators(reading: PageReading, sheet: Sheet, font: InvisibleFont) -> Iterator[bytes]:
    last = 0.0
    for word, box, gap in placed_words(reading.text):
        width, height, matrix = _placed(box, reading.transform, sheet)
        operand, ems = font.encode(word.text, width / height)
        if not ems:
            continue
        size = width / ems
        last = size = size if abs(size - last) > _HAIR / 2 else last + _HAIR
        space = b"%s Tj " % font.encode(" ", width * gap / box.width / size)[0] if gap else b""
        name = FONT.encode()
        yield b"/%s %s Tf %s Tm %s Tj %s\n" % (name, syntax.number(size), syntax.numbers(matrix), operand, space)


def _placed(box: Box, transform: PageTransform, sheet: Sheet) -> tuple[float, float, tuple[float, ...]]:
    """Return width and height of a box on the page, and the matrix that sets text along its foot."""
    top_left, _, bottom_right, bottom_left = (sheet.point(x, y) for x, y in transform.quad(box))
    width, height = math.dist(bottom_left, bottom_right), math.dist(bottom_left, top_left)
    along = _unit(bottom_left, bottom_right, width)
    up = _unit(bottom_left, top_left, height)
    return width, height, (*along, *up, *(foot + lift * height * DESCENT for foot, lift in zip(bottom_left, up)))


def _unit(start: _Point, end: _Point, length: float) -> _Point:
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length
