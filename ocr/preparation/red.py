"""Take coloured ink off the page: seals, ballpoint, patterns, tinted paper. Black print under it stays."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from ocr.arrays import Gray, Image, Mask
from ocr.preparation.contrast import ink_and_paper

# Red above the stronger of green and blue by this much is seal, measured on colour scans of seals over signatures.
_EXCESS: Final = 35
_LIFT: Final = 0.35
_COLOUR_LIFT: Final = 0.8
_MOSTLY: Final = 0.35


def drop_coloured(bgr: Image, gray: Gray, red: Gray) -> tuple[Gray, Mask | None]:
    """Return the page in gray without coloured ink, and where coloured ink that is not red was, if there was any.

    What is coloured is bright in one channel at least, and black print in none: the brightest channel, lifted by a part
    of the distance to the weakest, stands in for gray where colour is. A page whose print itself is coloured, as
    carbon copies are, keeps it.

    Args:
        bgr: The page in colour.
        gray: The page in gray; it is left as it is.
        red: See `red_excess`.
    """
    blue, green, strong = cv2.split(bgr)
    weak = cv2.min(cv2.min(blue, green), strong)
    strong = cv2.max(cv2.max(blue, green), strong)
    chroma = cv2.subtract(strong, weak)
    mask = cv2.threshold(chroma, _EXCESS, 255, cv2.THRESH_BINARY)[1]
    if cv2.countNonZero(mask) == 0:
        return gray, None
    other = np.asarray(cv2.subtract(mask, red_mask(red)), np.uint8)
    if _printed_in_colour(gray, other):
        return gray, None
    around = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    clean = gray.copy()
    cv2.copyTo(cv2.addWeighted(strong, 1.0, chroma, _COLOUR_LIFT, 0), around, clean)
    return clean, other


def _printed_in_colour(gray: Gray, coloured: Mask) -> bool:
    """Return whether much of the ink, red apart, is coloured; from every third pixel each way."""
    ink, paper = ink_and_paper(gray)
    dark = gray[::3, ::3] < (ink + paper) / 2
    total = int(np.count_nonzero(dark))
    return total > 0 and int(np.count_nonzero(coloured[::3, ::3][dark])) > _MOSTLY * total


def red_excess(bgr: Image) -> Gray:
    """Return by how many levels red stands above the stronger of green and blue."""
    blue, green, red = cv2.split(bgr)
    return np.asarray(cv2.subtract(red, cv2.max(blue, green, dst=blue), dst=red), np.uint8)


def red_mask(excess: Gray) -> Mask:
    """Return 255 where the excess is that of red ink."""
    return np.asarray(cv2.threshold(excess, _EXCESS, 255, cv2.THRESH_BINARY)[1], np.uint8)


def drop_red_soft(bgr: Image, gray: Gray, excess: Gray, mask: Mask) -> Gray:
    """Return the page in gray with red ink gone.

    Red ink is nearly as bright as paper in the red channel, so that channel, lifted by a part of the excess, stands
    in for gray where the ink is. Black print under a seal has no excess and stays.

    Args:
        bgr: The page in colour.
        gray: The page in gray; it is left as it is.
        excess: See `red_excess`.
        mask: Where red ink is, see `red_mask`.
    """
    around = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    clean = gray.copy()
    cv2.copyTo(cv2.addWeighted(cv2.extractChannel(bgr, 2), 1.0, excess, _LIFT, 0), around, clean)
    return clean
