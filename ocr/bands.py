"""Places where letters stand in a row."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from dossier.page import Box
from ocr.preparation.marks import Marks

_CELL: Final = 4


def bands_of(letters: Marks, size: tuple[int, int], reach: int) -> list[Box]:
    """Return the places of letters that are within reach of each other across the page, the widest first.

    Args:
        letters: Letter-sized marks.
        size: Width and height of the page in their pixels.
        reach: How wide a gap they may leave, in pixels.
    """
    width, height = size
    canvas = np.zeros((height // _CELL + 1, width // _CELL + 1), np.uint8)
    for x, y, across, down in zip(letters.left, letters.top, letters.width, letters.height, strict=True):
        corner = (int(x + across) // _CELL, int(y + down) // _CELL)
        cv2.rectangle(canvas, (int(x) // _CELL, int(y) // _CELL), corner, 255, cv2.FILLED)
    across = np.ones((1, max(3, reach // _CELL) | 1), np.uint8)
    joined = cv2.morphologyEx(canvas, cv2.MORPH_CLOSE, across)
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    places = sorted(map(cv2.boundingRect, outlines), key=lambda place: -place[2])
    return [Box(*(value * _CELL for value in (x, y, x + w, y + h))) for x, y, w, h in places]
