"""Take red seals off the page: black text under them stays, everything else becomes plain gray."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from ocr.arrays import Gray, Image, Mask

# Red above the stronger of green and blue by this much is seal, measured on colour scans of seals over signatures.
_EXCESS: Final = 35


def red_mask(bgr: Image, excess: int = _EXCESS) -> Mask:
    """Return 255 where red stands above green and blue by more than `excess`."""
    blue, green, red = cv2.split(bgr)
    above = cv2.subtract(red, cv2.max(blue, green, dst=blue), dst=red)
    return np.asarray(cv2.threshold(above, excess, 255, cv2.THRESH_BINARY, dst=above)[1], np.uint8)


def drop_red_soft(bgr: Image, gray: Gray, red: Mask) -> Gray:
    """Return the page in gray with red ink gone.

    Red ink is as bright as paper in the red channel, so that channel stands in for gray where the ink is.

    Args:
        bgr: The page in colour.
        gray: The page in gray; it is left as it is.
        red: Where red ink is, see `red_mask`.
    """
    around = cv2.dilate(red, np.ones((3, 3), np.uint8))
    clean = gray.copy()
    cv2.copyTo(cv2.extractChannel(bgr, 2), around, clean)
    return clean
