"""Find print in red, as certificates have it, apart from seals: both are the same ink and come off together."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from dossier.page import Box
from ocr.arrays import Gray, Mask
from ocr.boxes import padded, size_of
from ocr.preparation.marks import marks_of
from ocr.preparation.scale import resized

HEADING_INCHES: Final = 0.5
"""A line of a heading is no taller, with its marks above and below."""

_LOOK_DPI: Final = 50.0
# A seal is that wide and high, and letters of headings are not.
_SEAL_INCHES: Final = 0.5
_EDGE_INCHES: Final = 0.08
_LETTERS_NEEDED: Final = 8
# Share of the page: more is tinted paper.
_MOST: Final = 0.15


def red_print(red: Mask | None, dpi: float) -> Gray | None:
    """Return red ink on white without seals and stamps, None where too little is left to be a line of print.

    Args:
        red: 255 where the page has red ink; None for a page without.
        dpi: Its resolution.
    """
    if red is None or cv2.countNonZero(red) > _MOST * red.size:
        return None
    page = np.asarray(cv2.bitwise_not(red), np.uint8)
    for box in _seals(red, dpi):
        page[box.top : box.bottom, box.left : box.right] = 255
    return page if len(marks_of(page).like_letters(dpi).left) >= _LETTERS_NEEDED else None


def _seals(red: Mask, dpi: float) -> list[Box]:
    factor = min(1.0, _LOOK_DPI / dpi)
    # So small, the strokes of a broken ring meet.
    small = cv2.dilate(resized(red, factor, factor), np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.threshold(small, 8, 255, cv2.THRESH_BINARY)[1])
    least, edge = _SEAL_INCHES * dpi * factor, round(_EDGE_INCHES * dpi)
    found = (tuple(map(int, row[:4])) for row in stats[1:] if min(row[2], row[3]) >= least)
    boxes = (Box(*(round(value / factor) for value in (x, y, x + w, y + h))) for x, y, w, h in found)
    return [padded(box, size_of(red), edge, edge) for box in boxes]
