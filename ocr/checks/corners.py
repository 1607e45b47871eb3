"""Corners of the sheet that are folded away or torn off: a triangle of the bed where paper should be."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Mask
from ocr.checks.sheet_area import DPI, off_sheet, straightened
from ocr.checks.view import View

_MM: Final = DPI / 25.4
_REACH: Final = round(70 * _MM)
_LEAST_MM: Final = 5.5
_MOST_MM: Final = 62.0
_RATIO: Final = 3.6
_ALIKE: Final = 0.78
_THIN: Final = 3
_IN: Final = 2
# The legs are measured a little inside the sides, where a triangle is shorter.
_TRIED: Final = (-1, 0, 1, 2, 4)
Seen = NDArray[np.bool_]
_TURNED: Final = {
    "top_left": (slice(None), slice(None)),
    "top_right": (slice(None), slice(None, None, -1)),
    "bottom_right": (slice(None, None, -1), slice(None, None, -1)),
    "bottom_left": (slice(None, None, -1), slice(None)),
}


def missing_corners(view: View) -> tuple[str, ...]:
    """Return the corners of the sheet where a triangle of it is missing, from 6 mm on."""
    bed = off_sheet(view)
    if not cv2.countNonZero(bed):
        return ()
    flat = straightened(bed)
    if flat is None:
        return ()
    return tuple(
        name for name, turn in _TURNED.items() if _is_missing(np.ascontiguousarray(flat[turn][:_REACH, :_REACH]))
    )


def _is_missing(corner: Mask) -> bool:
    """Return whether a triangle is missing of what is seen as an upper left corner."""
    # A bed that shows along a side as a thin line is no part of it.
    wide = cv2.copyMakeBorder(corner, _THIN, 0, _THIN, 0, cv2.BORDER_REPLICATE)
    opened = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((_THIN, _THIN), np.uint8))[_THIN:, _THIN:]
    labels = cv2.connectedComponents(opened, connectivity=4)[1]
    inner = labels[_IN : _IN + 4, _IN : _IN + 4]
    if not inner.all():
        return False
    mine: Seen = labels == inner[0, 0]
    along, down = _run(mine[_IN]), _run(mine[:, _IN])
    least, most = _LEAST_MM * _MM, _MOST_MM * _MM
    if not (least <= min(along, down) and max(along, down) <= min(most, _RATIO * min(along, down))):
        return False
    return max(_alike(mine, along + x, down + y) for x in _TRIED for y in _TRIED) >= _ALIKE


def _alike(mine: Seen, along: float, down: float) -> float:
    """Return the share that what is missing and a triangle have in common."""
    height, width = min(len(mine), round(down * 1.3)), min(len(mine[0]), round(along * 1.3))
    rows, columns = np.indices((height, width))
    triangle = columns / along + rows / down < 1
    part = mine[:height, :width]
    return float(np.count_nonzero(triangle & part)) / np.count_nonzero(triangle | part)


def _run(row: Seen) -> float:
    """Return how far a row is missing from its beginning."""
    there = np.flatnonzero(~row)
    return float(there[0]) if len(there) else float(len(row))
