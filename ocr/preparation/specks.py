"""Count isolated dark specks and take them off, only where there are many: a median breaks faded strokes."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from ocr.arrays import Gray

# Isolated dark specks in a million pixels. Text has at most 20 at 300 dpi and 408 at 200; noisy pages 945 and more.
_GATE: Final = 700.0
_CONTRAST: Final = 40
_SAMPLE_ROWS: Final = 400
_STEP: Final = 3


def specks_per_megapixel(gray: Gray) -> float:
    """Return isolated dark specks of at most two pixels in a million pixels, from a band in the page's middle."""
    middle = gray.shape[0] // 2
    band = gray[max(0, middle - _SAMPLE_ROWS // 2) : middle + _SAMPLE_ROWS // 2]
    paper = int(np.median(band[::_STEP, ::_STEP]))
    dark = np.asarray(cv2.threshold(band, max(1, paper - _CONTRAST), 1, cv2.THRESH_BINARY_INV)[1], np.uint8)
    around = cv2.boxFilter(dark, cv2.CV_16S, (5, 5), normalize=False, borderType=cv2.BORDER_CONSTANT)
    alone = np.count_nonzero(dark[around <= 2])  # noqa: PLR2004 - itself and one neighbour
    return alone * 1e6 / max(1, band.size)


def drop_specks(gray: Gray, *, strong: bool = False) -> tuple[Gray, bool]:
    """Return the page behind a 3x3 median when it shows many specks, and whether it was needed.

    Args:
        gray: The page in the scan's own resolution: scaling down would blur the specks into the paper.
        strong: Take a 5x5 median, whatever the count: the cheap second try on a page that could not be read.
    """
    if strong:
        return np.asarray(cv2.medianBlur(gray, 5), np.uint8), True
    if specks_per_megapixel(gray) <= _GATE:
        return gray, False
    return np.asarray(cv2.medianBlur(gray, 3), np.uint8), True
