"""Bring a sheet that was photographed from a hand back to its rectangle, and leave the desk around it away.

Seen askew, rules lean by more than a rule may, tables come apart and words hang into each other's lines.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.preparation.scale import at_a_glance

_REDUCTION: Final = 8
_CLOSING: Final = 9
_STEP: Final = 16
# The desk is so much darker than the paper, all around the page.
_DESK: Final = 0.72
# Of each side of the sheet this part is looked at; of its points so many must lie this near to one line.
_PART: Final = (0.1, 0.9)
_NEAR: Final = 1.5
_FITTING: Final = 0.7
_MOST_SLOPE: Final = 0.12
_LEAST_AREA: Final = 0.5
# Share of the sheet's size that is left away inside its edges, where they curl and throw a shadow.
_EDGE: Final = 0.004

Matrix = NDArray[np.float64]
Line = tuple[float, float]


def flattened(gray: Gray) -> tuple[Gray, Matrix | None]:
    """Return the page with its sheet upright and rectangular, and the 3 x 3 matrix that it went through.

    A page without a desk on all four sides comes back as it is, with None.
    """
    if not _on_desk(gray):
        return gray, None
    corners = _corners(gray)
    if corners is None:
        return gray, None
    height, width = gray.shape
    left, right = float(corners[[0, 3], 0].mean()), float(corners[[1, 2], 0].mean())
    top, bottom = float(corners[:2, 1].mean()), float(corners[2:, 1].mean())
    square = np.asarray([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(corners, square), np.float64)
    flat = cv2.warpPerspective(gray, matrix, (width, height), flags=cv2.INTER_LINEAR)
    across, down = _EDGE * (right - left), _EDGE * (bottom - top)
    begin, end, first, last = (round(v) for v in (left + across, right - across, top + down, bottom - down))
    framed = cv2.copyMakeBorder(
        flat[first:last, begin:end], first, height - last, begin, width - end, cv2.BORDER_REPLICATE
    )
    return np.asarray(framed, np.uint8), matrix


def moved_along(ink: Gray, matrix: Matrix) -> Gray:
    """Return ink of the same page, white elsewhere, moved as the page was."""
    height, width = ink.shape
    return np.asarray(cv2.warpPerspective(ink, matrix, (width, height), borderValue=(255.0,)), np.uint8)


def _on_desk(gray: Gray) -> bool:
    paper = float(np.median(gray[::_STEP, ::_STEP]))
    sides = (gray[0, ::_STEP], gray[-1, ::_STEP], gray[::_STEP, 0], gray[::_STEP, -1])
    return all(float(np.median(side)) < _DESK * paper for side in sides)


def _corners(gray: Gray) -> NDArray[np.float32] | None:
    """Return the corners of the sheet from the upper left one clockwise; None where its sides are no lines."""
    small = at_a_glance(gray, 1 / _REDUCTION)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_CLOSING, _CLOSING))
    # With more desk around, or a narrow strip of it would close up with the print.
    wide = cv2.copyMakeBorder(small, *(_CLOSING,) * 4, cv2.BORDER_REPLICATE)
    paper = np.asarray(cv2.morphologyEx(wide, cv2.MORPH_CLOSE, kernel), np.float64)
    paper = paper[_CLOSING:-_CLOSING, _CLOSING:-_CLOSING]
    height, width = paper.shape
    left, right = _side(paper), _side(paper[:, ::-1])
    top, bottom = _side(paper.T), _side(paper[::-1].T)
    if left is None or right is None or top is None or bottom is None:
        return None
    right = (-right[0], width - 1 - right[1])
    bottom = (-bottom[0], height - 1 - bottom[1])
    corners = np.asarray([_crossing(x, y) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))])
    area = float(cv2.contourArea(corners.astype(np.float32)))
    if area < _LEAST_AREA * height * width:
        return None
    scale = np.asarray(gray.shape[::-1]) / np.asarray([width, height])
    return np.asarray((corners + 0.5) * scale - 0.5, np.float32)


def _side(paper: Matrix) -> Line | None:
    """Return slope and start of the sheet's left side, x = slope * y + start; None where there is no such line."""
    height, width = paper.shape
    rows = np.arange(round(_PART[0] * height), round(_PART[1] * height))
    desk, sheet = paper[rows, 0], np.median(paper[rows, width // 8 : width // 5], axis=1)
    limit = (desk + sheet) / 2
    bright = paper[rows, : width // 3] > limit[:, None]
    found = bright.argmax(axis=1)
    seen = np.flatnonzero(found > 0)
    if len(seen) < _FITTING * len(rows):
        return None
    before, after = paper[rows[seen], found[seen] - 1], paper[rows[seen], found[seen]]
    place = found[seen] - 1 + (limit[seen] - before) / np.maximum(after - before, 1e-6)
    return _line(rows[seen].astype(np.float64), place, round(_FITTING * len(rows)))


def _line(along: Matrix, place: Matrix, needed: int) -> Line | None:
    """Return the line through most of some points."""
    kept = np.ones(len(along), np.bool_)
    slope = start = 0.0
    for _ in range(3):
        slope, start = (float(value) for value in np.polyfit(along[kept], place[kept], 1))
        kept = np.abs(place - slope * along - start) <= _NEAR
        if np.count_nonzero(kept) < needed:
            return None
    return (slope, start) if abs(slope) <= _MOST_SLOPE else None


def _crossing(upright: Line, level: Line) -> tuple[float, float]:
    """Return where x = slope * y + start meets y = slope * x + start."""
    y = (level[0] * upright[1] + level[1]) / (1 - level[0] * upright[0])
    return upright[0] * y + upright[1], y
