"""The invisible layer: each word over its place on the unchanged image, in reading order."""

from __future__ import annotations

import math

from dossier.page import Box, PageReading, PageTransform
from rendition import syntax
from rendition.geometry import Sheet
from rendition.glyphless import ADVANCE, DESCENT, InvisibleFont
from rendition.lines import placed_words

FONT = "Words"

_Point = tuple[float, float]


def text_layer(reading: PageReading, sheet: Sheet, font: InvisibleFont) -> bytes:
    """Return the content operators of a page's text; empty when it has no words.

    A word's baseline runs along its box as it lies on the scan, skew and turn included; its characters are stretched
    to fill the box. The space after it fills the gap to the next word of the line, so that readers that trust the
    characters and readers that trust the distances find the same words.
    """
    operators = b"".join(
        _word(word.text, box, gap, font, (reading.transform, sheet)) for word, box, gap in placed_words(reading.text)
    )
    return b"BT\n3 Tr\n" + operators + b"ET\n" if operators else b""


def _word(text: str, box: Box, gap: int, font: InvisibleFont, place: tuple[PageTransform, Sheet]) -> bytes:
    operand, count = font.encode(text)
    if not count:
        return b""
    transform, sheet = place
    top_left, _, bottom_right, bottom_left = (sheet.point(x, y) for x, y in transform.quad(box))
    width, height = math.dist(bottom_left, bottom_right), math.dist(bottom_left, top_left)
    along = _unit(bottom_left, bottom_right, width)
    up = _unit(bottom_left, top_left, height)
    origin = (bottom_left[0] + up[0] * height * DESCENT, bottom_left[1] + up[1] * height * DESCENT)
    out = b"/%s %s Tf %s Tm " % (FONT.encode(), syntax.number(height), syntax.numbers((*along, *up, *origin)))
    out += _stretched(width, count, height, operand)
    if gap:
        space, _ = font.encode(" ")
        out += _stretched(width * gap / box.width, 1, height, space)
    return out + b"\n"


def _stretched(width: float, count: int, size: float, operand: bytes) -> bytes:
    return b"%s Tz %s Tj " % (syntax.number(100 * width / (count * ADVANCE * size)), operand)


def _unit(start: _Point, end: _Point, length: float) -> _Point:
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length
