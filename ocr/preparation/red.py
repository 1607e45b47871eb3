"""Take the red ink of seals off the page. Black print under it stays."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from ocr.arrays import Gray, Image, Mask

# Red above the stronger of green and blue by this much is seal, measured on colour scans of seals over signatures.
EXCESS: Final = 35
_LIFT: Final = 0.35


def red_excess(bgr: Image) -> Gray:
    """Return by how many levels red stands above the stronger of green and blue."""
    blue, green, red = cv2.split(bgr)
    return np.asarray(cv2.subtract(red, cv2.max(blue, green, dst=blue), dst=red), np.uint8)


def red_mask(excess: Gray) -> Mask:
    """Return 255 where the excess is that of red ink."""
    return np.asarray(cv2.threshold(excess, EXCESS, 255, cv2.THRESH_BINARY)[1], np.uint8)


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
