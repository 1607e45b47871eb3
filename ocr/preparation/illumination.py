"""Even out the light: divide by the brightness of the paper."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from ocr.arrays import Gray
from ocr.preparation.scale import at_a_glance

_REDUCTION: Final = 8
_WHITE: Final = 245.0
# Levels between the darkest and the brightest paper below which the light counts as even.
_UNEVEN: Final = 6.0


def paper_brightness(gray: Gray) -> Gray:
    """Return the brightness of the paper behind the ink, at an eighth of the size."""
    small = at_a_glance(gray, 1 / _REDUCTION)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    return np.asarray(cv2.GaussianBlur(cv2.medianBlur(closed, 21), (0, 0), 5), np.uint8)


def unevenness(paper: Gray) -> float:
    """Return how many levels lie between dark and bright paper, outliers left out."""
    low, high = np.percentile(paper, (2, 98))
    return float(high - low)


def even_light(gray: Gray) -> tuple[Gray, bool]:
    """Return the page with white paper everywhere, and whether the light was uneven enough to act."""
    paper = paper_brightness(gray)
    if unevenness(paper) < _UNEVEN:
        return gray, False
    height, width = gray.shape
    full = cv2.resize(np.maximum(paper, 1), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(gray, full, scale=_WHITE), np.uint8), True
