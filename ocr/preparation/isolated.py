"""Wipe dirt that stands alone: specks of a copier's glass, crumbs and dust, where no print is near."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Mask
from ocr.preparation.marks import Marks

_SPECK_INCHES: Final = 0.025
_REACH_INCHES: Final = 0.045
# Dust lies everywhere, so that some of it lies as far from print as this. Stops and colons of wide-set faces do not.
_FAR_INCHES: Final = 0.12
_CELL: Final = 4
# Fewer are bullets and the ends of leaders.
_GATE: Final = 40
_PAPER: Final = 255


def drop_isolated(gray: Gray, marks: Marks, dpi: float) -> tuple[Gray, Marks]:
    """Return the page without specks far from print, if there are many, and the marks that are left.

    Args:
        gray: The page, leaders gone.
        marks: Its marks.
        dpi: Its resolution.
    """
    small = (marks.width <= _SPECK_INCHES * dpi) & (marks.height <= _SPECK_INCHES * dpi)
    print_ = _cells(marks.chosen(~small), gray.shape)
    if np.count_nonzero(small & ~_near(print_, marks, round(_FAR_INCHES * dpi))) < _GATE:
        return gray, marks
    alone = small & ~_near(print_, marks, round(_REACH_INCHES * dpi))
    clean = gray.copy()
    for index in np.flatnonzero(alone):
        left, top = int(marks.left[index]), int(marks.top[index])
        right, bottom = left + int(marks.width[index]), top + int(marks.height[index])
        clean[max(0, top - 2) : bottom + 2, max(0, left - 2) : right + 2] = _PAPER
    return clean, marks.chosen(~alone)


def _cells(print_: Marks, size: tuple[int, ...]) -> Mask:
    """Return 1 for each cell of the page that print reaches into."""
    cells = np.zeros((size[0] // _CELL + 1, size[1] // _CELL + 1), np.uint8)
    for x, y, across, down in zip(print_.left, print_.top, print_.width, print_.height, strict=True):
        corner = (int(x + across) // _CELL, int(y + down) // _CELL)
        cv2.rectangle(cells, (int(x) // _CELL, int(y) // _CELL), corner, 1, cv2.FILLED)
    return cells


def _near(print_: Mask, marks: Marks, reach: int) -> NDArray[np.bool_]:
    """Return of each mark whether print stands within reach."""
    around = 2 * max(1, reach // _CELL) + 1
    cells = np.asarray(cv2.dilate(print_, np.ones((around, around), np.uint8)), np.uint8)
    rows, columns = (marks.top + marks.height // 2) // _CELL, (marks.left + marks.width // 2) // _CELL
    return np.asarray(cells[rows, columns] > 0, np.bool_)
