"""Count isolated dark specks and take them off, only where there are many: a median breaks faded strokes."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from ocr.arrays import Gray
from ocr.preparation.contrast import ink_and_paper

# Isolated dark specks in a million pixels. Text has at most 20 at 300 dpi and 408 at 200; noisy pages 945 and more.
_GATE: Final = 700.0
_CONTRAST: Final = 40
_SAMPLE_ROWS: Final = 400
_STEP: Final = 3
# A rule is longer than this in inches, and may be as pale as this share of the way from paper to ink.
_RULE_INCHES: Final = 0.12
_RULE_INK: Final = 0.35


def specks_per_megapixel(gray: Gray) -> float:
    """Return isolated dark specks of at most two pixels in a million pixels, from a band in the page's middle."""
    middle = gray.shape[0] // 2
    band = gray[max(0, middle - _SAMPLE_ROWS // 2) : middle + _SAMPLE_ROWS // 2]
    paper = int(np.median(band[::_STEP, ::_STEP]))
    dark = np.asarray(cv2.threshold(band, max(1, paper - _CONTRAST), 1, cv2.THRESH_BINARY_INV)[1], np.uint8)
    around = cv2.boxFilter(dark, cv2.CV_16S, (5, 5), normalize=False, borderType=cv2.BORDER_CONSTANT)
    alone = np.count_nonzero(dark[around <= 2])  # noqa: PLR2004 - itself and one neighbour
    return alone * 1e6 / max(1, band.size)


def drop_specks(gray: Gray, dpi: float, *, strong: bool = False) -> tuple[Gray, bool]:
    """Return the page behind a 3x3 median when it shows many specks, and whether it was needed.

    Rules a pixel thin, which a median takes for specks, come out as they were.

    Args:
        gray: The page in the scan's own resolution: scaling down would blur the specks into the paper.
        dpi: That resolution.
        strong: Take a 5x5 median, whatever the count: the cheap second try on a page that could not be read.
    """
    if strong:
        return np.asarray(cv2.medianBlur(gray, 5), np.uint8), True
    if specks_per_megapixel(gray) <= _GATE:
        return gray, False
    clean = cv2.medianBlur(gray, 3)
    ink, paper = ink_and_paper(gray)
    dark = cv2.threshold(gray, paper - _RULE_INK * (paper - ink), 255, cv2.THRESH_BINARY_INV)[1]
    length = max(5, round(_RULE_INCHES * dpi))
    for shape in ((1, length), (length, 1)):
        cv2.copyTo(gray, cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(shape, np.uint8)), clean)
    return np.asarray(clean, np.uint8), True
