"""How much is on a page, and how much of it was read."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from dossier.page import Word
from ocr.arrays import Gray
from ocr.preparation.marks import Marks, marks_of
from ocr.preparation.scale import at_a_glance

_LOOK_DPI: Final = 75.0
_MARGIN_INCHES: Final = 0.15
_DARKER: Final = 25
_MARK_PIXELS: Final = 6
_BACKGROUND: Final = 31
_CELL: Final = 4


def marks_at_a_glance(gray: Gray, dpi: float) -> int:
    """Return the number of marks that stand out from the paper at 75 dpi; the page's edge is left out.

    Text has thousands, a lone page number five, an empty page, grain and show-through none.
    """
    factor = min(1.0, _LOOK_DPI / dpi)
    small = at_a_glance(gray, factor)
    margin = max(1, round(_MARGIN_INCHES * dpi * factor))
    inner = small[margin:-margin, margin:-margin]
    if min(inner.shape) < 2:  # noqa: PLR2004 - nothing to halve
        return 0
    darker = cv2.subtract(_background(inner), inner)
    marks = marks_of(np.asarray(cv2.bitwise_not(darker), np.uint8), 255 - _DARKER)
    return int(np.count_nonzero(marks.area >= _MARK_PIXELS))


def _background(gray: Gray) -> Gray:
    """Return the paper behind the marks; it changes slowly, so that half the size tells it."""
    half = np.asarray(cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    paper = cv2.medianBlur(half, _BACKGROUND // 2)
    return np.asarray(cv2.resize(paper, gray.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def coverage(letters: Marks, words: tuple[Word, ...], size: tuple[int, int]) -> float:
    """Return the share of letter-sized ink that lies inside the words, 0.0 to 1.0; 1.0 where there is none.

    Args:
        letters: Marks with the height of letters, in the same pixels as the words.
        words: What was read.
        size: Width and height of the page in these pixels.
    """
    total = int(letters.area.sum())
    return 1.0 - int(unread(letters, words, size).area.sum()) / total if total else 1.0


def unread(letters: Marks, words: tuple[Word, ...], size: tuple[int, int]) -> Marks:
    """Return the letter-sized ink whose middle lies in no word; arguments as for `coverage`."""
    width, height = size
    read = np.zeros((height // _CELL + 1, width // _CELL + 1), np.uint8)
    for word in words:
        box = word.box
        corner = (box.right // _CELL, box.bottom // _CELL)
        cv2.rectangle(read, (box.left // _CELL, box.top // _CELL), corner, 1, cv2.FILLED)
    rows = (letters.top + letters.height // 2) // _CELL
    columns = (letters.left + letters.width // 2) // _CELL
    return letters.chosen(read[rows, columns] == 0)
