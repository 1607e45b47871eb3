"""Take coloured ink off the page: seals, ballpoint, patterns, tinted paper. Black print under it stays."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Image, Mask
from ocr.preparation.contrast import ink_and_paper
from ocr.preparation.red import EXCESS, red_excess, red_mask

_LIFT: Final = 0.8
_MOSTLY: Final = 0.35
_STEP: Final = 3
# Rows that a band reaches beyond the coloured ones seen, and those between bands that are worth an end.
_MARGIN: Final = 24


def coloured_bands(bgr: Image) -> list[slice]:
    """Return the rows that have colour, in bands with a margin, from a look at every third pixel each way.

    Colour is dear at a scan's full size, and on most pages it is a seal.
    """
    strong, weak = _extremes(_sample(bgr))
    rows = np.flatnonzero((cv2.subtract(strong, weak) > EXCESS).any(axis=1)) * _STEP
    if rows.size == 0:
        return []
    parts = np.split(rows, np.flatnonzero(np.diff(rows) > 2 * _MARGIN) + 1)
    return [slice(max(0, int(part[0]) - _MARGIN), int(part[-1]) + _STEP + _MARGIN) for part in parts]


def is_printed_in_colour(bgr: Image, gray: Gray) -> bool:
    """Return whether much of the ink, red apart, is coloured; from every third pixel each way."""
    sample = _sample(bgr)
    strong, weak = _extremes(sample)
    coloured = (cv2.subtract(strong, weak) > EXCESS) & (red_mask(red_excess(sample)) == 0)
    ink, paper = ink_and_paper(gray)
    dark: NDArray[np.bool_] = np.asarray(cv2.cvtColor(sample, cv2.COLOR_BGR2GRAY) < (ink + paper) / 2)
    return bool(np.count_nonzero(coloured & dark) > _MOSTLY * np.count_nonzero(dark))


def drop_coloured(bgr: Image, gray: Gray, red: Mask) -> tuple[Gray, Mask]:
    """Return a page in gray without coloured ink, and 255 where coloured ink that is not red was.

    What is coloured is bright in one channel at least, and black print in none: the brightest channel, lifted by a part
    of the distance to the weakest, stands in for gray where colour is.

    Args:
        bgr: The page in colour.
        gray: The page in gray; it is left as it is.
        red: See `red_mask`.
    """
    strong, weak = _extremes(bgr)
    chroma = cv2.subtract(strong, weak)
    mask = cv2.threshold(chroma, EXCESS, 255, cv2.THRESH_BINARY)[1]
    around = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    clean = gray.copy()
    cv2.copyTo(cv2.addWeighted(strong, 1.0, chroma, _LIFT, 0), around, clean)
    return clean, np.asarray(cv2.subtract(mask, red), np.uint8)


def _sample(bgr: Image) -> Image:
    size = (max(1, bgr.shape[1] // _STEP), max(1, bgr.shape[0] // _STEP))
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _extremes(bgr: Image) -> tuple[Gray, Gray]:
    """Return the strongest and the weakest of the three channels."""
    blue, green, red = cv2.split(bgr)
    strong, weak = cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red)
    return np.asarray(strong, np.uint8), np.asarray(weak, np.uint8)
