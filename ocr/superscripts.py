"""Read raised digits: the engine knows no "m²" and gives "m2", "m?" or "m'" for it.

A sign behind a unit counts as raised by where its ink stands, and as 2 or 3 by reading it as a digit on the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.boxes import padded, size_of
from ocr.engines.port import OcrEngine
from ocr.mosaic import read_pieces
from ocr.preparation.marks import Marks, marks_of

_UNIT: Final = re.compile(r"(\(?(?:\d[\d.,]*)?[kcd]?m)([^\W_]|[^\w.,;:)(])([.,;:)]*)")
_RAISED: Final = {"2": "²", "3": "³"}
_MOST: Final = 40
# In heights of the m: a raised digit ends above this, and is at least so high itself.
_FOOT: Final = 0.7
_LEAST: Final = 0.4
# A digit on the line is about so much higher than the m.
_DIGIT: Final = 1.4
_WIDTH: Final = 0.4
_SPECK: Final = 0.15
_SIGNS: Final = "m23"
_GROW: Final = 1.5
# Lighter than ink elsewhere: a thin stroke must not come apart.
_PALE: Final = 185
_PAPER: Final = 255
_SPACE: Final = 2


def with_raised_digits(engine: OcrEngine, gray: Gray, words: tuple[Word, ...], dpi: float) -> tuple[Word, ...]:
    """Return the words with square and cubic units as they are printed.

    Args:
        engine: Reads the raised digits, brought down to the line.
        gray: The prepared page.
        words: What was read, boxes in its pixels.
        dpi: Its resolution.
    """
    places: list[int] = []
    pieces: list[Gray] = []
    for number, word in enumerate(words):
        if len(places) < _MOST and _UNIT.fullmatch(word.text) and (piece := _lowered(gray, word.box)) is not None:
            places.append(number)
            pieces.append(piece)
    if not places:
        return words
    changed = list(words)
    for place, digit in zip(places, _digits(engine, pieces, dpi), strict=True):
        if digit in _RAISED:
            word = words[place]
            text = _UNIT.sub(rf"\1{_RAISED[digit]}\3", word.text)
            changed[place] = replace(word, text=text, raw=word.raw or word.text)
    return tuple(changed)


def _digits(engine: OcrEngine, pieces: Sequence[Gray], dpi: float) -> list[str]:
    height, width = max(piece.shape[0] for piece in pieces), max(piece.shape[1] for piece in pieces)
    sheet = np.full((height * len(pieces), width), _PAPER, np.uint8)
    boxes = []
    for number, piece in enumerate(pieces):
        top = number * height
        sheet[top : top + piece.shape[0], : piece.shape[1]] = piece
        boxes.append(Box(0, top, piece.shape[1], top + piece.shape[0]))
    first = _texts(read_pieces(engine, sheet, boxes, dpi, signs=_SIGNS))
    if "3" not in first:
        return first
    # Squares are common and cubes are not: a weak 2 must not pass for a 3.
    second = _texts(read_pieces(engine, sheet, boxes, dpi, _GROW, _SIGNS))
    return [new if old == "3" else old for old, new in zip(first, second, strict=True)]


def _texts(pieces: Iterable[Iterable[Word]]) -> list[str]:
    return ["".join(word.text for word in piece).removeprefix("m") for piece in pieces]


def _lowered(gray: Gray, box: Box) -> Gray | None:
    """Return the m of a word with its raised digit on the line beside it, None where there is none."""
    place = padded(box, size_of(gray), 0, 0)
    piece = gray[place.top : place.bottom, place.left : place.right]
    marks = marks_of(piece, _PALE)
    if len(marks.left) < len("m2"):
        return None
    unit = marks.chosen(np.asarray([int(np.argmax(marks.width))]))
    raised = _behind(marks, unit)
    if raised is None:
        return None
    grow = _DIGIT * int(unit.height[0]) / raised.height
    digit = cv2.resize(_cut(piece, raised), None, fx=grow, fy=grow, interpolation=cv2.INTER_CUBIC)
    letter = _cut(piece, _box_of(unit, 0))
    line = np.full((max(digit.shape[0], letter.shape[0]), letter.shape[1] + _SPACE + digit.shape[1]), _PAPER, np.uint8)
    line[line.shape[0] - letter.shape[0] :, : letter.shape[1]] = letter
    line[line.shape[0] - digit.shape[0] :, letter.shape[1] + _SPACE :] = digit
    return line


def _behind(marks: Marks, unit: Marks) -> Box | None:
    """Return the mark right behind the m where it is a raised digit."""
    top, height = int(unit.top[0]), int(unit.height[0])
    foot = top + _FOOT * height
    after = marks.chosen(marks.left >= int(unit.left[0] + unit.width[0]) - 1)
    after = after.chosen(after.left <= np.min(after.left, initial=0xFFFF) + _WIDTH * height)
    sized = after.chosen(after.height > _SPECK * height)
    # What stands lower is a letter, be there a mark above it or not.
    if len(sized.left) == 0 or np.any(sized.top + sized.height > foot):
        return None
    box = _extent(sized)
    return box if _LEAST * height <= box.height <= _DIGIT * height else None


def _box_of(marks: Marks, index: int) -> Box:
    left, top = int(marks.left[index]), int(marks.top[index])
    return Box(left, top, left + int(marks.width[index]), top + int(marks.height[index]))


def _extent(marks: Marks) -> Box:
    """Return the smallest box around some marks."""
    right, bottom = marks.left + marks.width, marks.top + marks.height
    return Box(int(marks.left.min()), int(marks.top.min()), int(right.max()), int(bottom.max()))


def _cut(piece: Gray, box: Box) -> Gray:
    return piece[box.top : box.bottom, max(0, box.left - 1) : box.right + 1]
