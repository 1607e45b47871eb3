"""Where on a scan the sheet lies: its four sides, and what of them is not there."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Image, Mask
from ocr.checks.view import View, reduced

DPI: Final = 37.5
_CLOSING: Final = 9
_ALIKE: Final = 6
_MOST_BED: Final = 0.6
_PART: Final = (0.12, 0.88)
_MOST_SLOPE: Final = 0.3

Line = tuple[float, float]


def off_sheet(view: View) -> Mask:
    """Return, at 37.5 dpi, 255 where the bed shows: areas of one tone that reach into a corner of the scan."""
    paper = _without_print(view)
    height, width = paper.shape[:2]
    bed = np.zeros((height, width), np.uint8)
    for x, y in ((1, 1), (width - 2, 1), (width - 2, height - 2), (1, height - 2)):
        if bed[y, x]:
            continue
        area = np.zeros((height + 2, width + 2), np.uint8)
        flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
        cv2.floodFill(paper, area, (x, y), (0, 0, 0), (_ALIKE,) * 3, (_ALIKE,) * 3, flags)
        inner = area[1:-1, 1:-1]
        if cv2.countNonZero(inner) < _MOST_BED * inner.size:
            bed |= inner
    return bed


def _without_print(view: View) -> Image:
    small = reduced(view.small, DPI / view.half_dpi)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_CLOSING, _CLOSING))
    wide = cv2.copyMakeBorder(small, *(_CLOSING,) * 4, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, kernel)[_CLOSING:-_CLOSING, _CLOSING:-_CLOSING]
    return np.ascontiguousarray(closed)


def straightened(bed: Mask) -> Mask | None:
    """Return the bed with the sheet's sides made those of the picture; None where there is no sheet with four sides."""
    corners = _corners(bed)
    if corners is None:
        return None
    width = round(max(np.hypot(*(corners[1] - corners[0])), np.hypot(*(corners[2] - corners[3]))))
    height = round(max(np.hypot(*(corners[3] - corners[0])), np.hypot(*(corners[2] - corners[1]))))
    if min(width, height) < 2 * DPI:
        return None
    square = np.asarray([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, square)
    flat = cv2.warpPerspective(bed, matrix, (width, height), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)


def _corners(bed: Mask) -> NDArray[np.float32] | None:
    height, width = bed.shape
    left, right = _side(bed), _side(bed[:, ::-1])
    top, bottom = _side(bed.T), _side(bed[::-1].T)
    if left is None or right is None or top is None or bottom is None:
        return None
    right = (-right[0], width - 1 - right[1])
    bottom = (-bottom[0], height - 1 - bottom[1])
    return np.asarray(
        [_crossing(x, y) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))], np.float32
    )


def _side(bed: Mask) -> Line | None:
    """Return slope and start of the sheet's left side, x = slope * y + start, where most of it is a line."""
    height, width = bed.shape
    rows = np.arange(round(_PART[0] * height), round(_PART[1] * height))
    sheet = bed[rows, : width // 2] == 0
    seen = sheet.any(axis=1)
    if np.count_nonzero(seen) < len(rows) // 2:
        return None
    place, along = sheet.argmax(axis=1)[seen].astype(np.float64), rows[seen].astype(np.float64)
    kept = np.ones(len(along), np.bool_)
    slope = start = 0.0
    for _ in range(4):
        if np.count_nonzero(kept) < len(rows) // 2:
            return None
        slope, start = (float(value) for value in np.polyfit(along[kept], place[kept], 1))
        off = np.abs(place - slope * along - start)
        kept = off <= max(1.5, float(np.median(off)) * 1.5)
    return (slope, start) if abs(slope) <= _MOST_SLOPE else None


def _crossing(upright: Line, level: Line) -> tuple[float, float]:
    y = (level[0] * upright[1] + level[1]) / (1 - level[0] * upright[0])
    return upright[0] * y + upright[1], y
