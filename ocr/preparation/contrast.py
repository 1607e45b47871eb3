"""Spread weak ink over the whole range, unless there is no ink to spread."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from ocr.arrays import Gray, Image

# Closer than this and the darkest pixels are show-through or grain: stretched, a blank page would turn into text.
_LEAST: Final = 60.0
# Paper to ink in levels below which strokes are too thin to lose pixels to scaling down.
_FADED: Final = 130.0
_INK_SHARE: Final = 0.005
_STEP: Final = 3
_COARSE_STEP: Final = 16
_DARK_PAGE: Final = 90.0


def ink_and_paper(gray: Gray) -> tuple[float, float]:
    """Return the levels of ink (darkest half per cent) and of paper (median), from every third pixel each way."""
    share = np.cumsum(np.bincount(gray[::_STEP, ::_STEP].ravel(), minlength=256))
    ink, paper = np.searchsorted(share, (share[-1] * _INK_SHARE, share[-1] * 0.5))
    return float(ink), float(paper)


def is_faded(ink: float, paper: float) -> bool:
    """Return whether ink this close to the paper is weak."""
    return paper - ink < _FADED


def stretch(gray: Gray) -> tuple[Gray, bool]:
    """Return the page with ink at 0 and paper at 255, and whether there was ink enough to act."""
    ink, paper = ink_and_paper(gray)
    if paper - ink < _LEAST:
        return gray, False
    scale = 255.0 / (paper - ink)
    table = np.clip((np.arange(256) - ink) * scale, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(gray, table), np.uint8), True


def positive(image: Image) -> tuple[Image, bool]:
    """Return the image with dark ink on light paper, and whether it was a negative."""
    if float(np.median(image[::_COARSE_STEP, ::_COARSE_STEP])) >= _DARK_PAGE:
        return image, False
    return np.asarray(cv2.bitwise_not(image), np.uint8), True
