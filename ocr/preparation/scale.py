"""Choose the size to read at: two thirds of a good 300 dpi scan is as accurate and a quarter faster."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from ocr.arrays import Gray
from ocr.preparation.contrast import ink_and_paper, is_faded
from ocr.preparation.marks import marks_of

_FAST_DPI: Final = 200.0
_FULL_DPI: Final = 300.0
_CHEAP_DPI: Final = 150.0
_HIGH: Final = 280.0
_LOW: Final = 190.0
# Inches: the median letter of 9 point print. Smaller print keeps the pixels it has.
_SMALL_LETTERS: Final = 0.058
_SAMPLE_INCHES: Final = 1.6
_LETTERS_NEEDED: Final = 30
_LITTLE_LESS: Final = 0.6


def reading_dpi(gray: Gray, dpi: float, *, cheap: bool = False) -> float:
    """Return the dots per inch to read at, judged by resolution, ink and letter size.

    Args:
        gray: The page in its own resolution.
        dpi: That resolution.
        cheap: Take the least that can be read, for the second try on a page that could not be read in time.
    """
    if cheap:
        return min(dpi, _CHEAP_DPI)
    if dpi < _LOW:
        return _FULL_DPI
    if dpi < _HIGH:
        return dpi
    keeps = is_faded(*ink_and_paper(gray)) or has_small_letters(gray, dpi)
    return _FULL_DPI if keeps else _FAST_DPI


def has_small_letters(gray: Gray, dpi: float) -> bool:
    """Return whether the letters in the band across the page's middle are those of footnotes and small forms."""
    middle, reach = gray.shape[0] // 2, round(_SAMPLE_INCHES * dpi / 2)
    quarter = gray.shape[1] // 4
    band = gray[max(0, middle - reach) : middle + reach, quarter : 3 * quarter]
    ink, paper = ink_and_paper(band)
    letters = marks_of(band, round((ink + paper) / 2)).like_letters(dpi)
    if len(letters.height) < _LETTERS_NEEDED:
        return False
    return float(np.median(letters.height)) < _SMALL_LETTERS * dpi


def resized(image: Gray, across: float, down: float) -> Gray:
    """Return the image scaled by two factors, a pixel wide at least; shrinking averages, growing interpolates."""
    if across == 1.0 and down == 1.0:
        return image
    method = cv2.INTER_AREA if across * down < 1.0 else cv2.INTER_CUBIC
    if _LITTLE_LESS <= min(across, down) <= max(across, down) < 1.0:
        method = cv2.INTER_LINEAR  # weighs the same pixels in nearly the same way, in a quarter of the time
    height, width = image.shape[:2]
    size = (max(1, round(width * across)), max(1, round(height * down)))
    return np.asarray(cv2.resize(image, size, interpolation=method), np.uint8)


def at_a_glance(image: Gray, factor: float) -> Gray:
    """Return the image scaled down for a measurement: its last row and column may be a pixel off their place.

    With the factor kept exact, whole ratios take a third of the time.
    """
    if factor >= 1.0 or min(image.shape) * factor < 1.0:
        return image
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
