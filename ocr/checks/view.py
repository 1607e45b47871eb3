"""A page as the checks look at it: its pixels, its letters, the paper behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from dossier.scan import PageScan
from ocr.arrays import Gray, Image, is_colour
from ocr.frame import believed_dpi
from ocr.ink import marks_at_a_glance
from ocr.preparation.marks import Marks, marks_of
from ocr.preparation.scale import at_a_glance

HALF_DPI: Final = 150.0
_PAPER_INCHES: Final = 0.25
_PAPER_DPI: Final = 37.5
_PURE: Final = 0.97
_STEP: Final = 7
# Of the darkest marks of a page so much is left in thin strokes.
_DEEP_SHARE: Final = 0.997
_LEAST_DEPTH: Final = 9.0


@dataclass(frozen=True, slots=True)
class View:
    """A page, dark ink on light paper.

    Attributes:
        image: Its pixels, gray or blue, green, red.
        gray: The same in gray.
        dpi: Their resolution, the lesser way.
        small: `image` at 150 dpi at most.
        half: The same in gray.
        half_dpi: Resolution of both.
        depth: How much darker than the paper around it each pixel of `half` is.
        letters: Marks of the size of letters on `half`.
        is_bitonal: Nearly all pixels are black or white.
        marks: Marks that stand out at 75 dpi, see `ocr.ink`.
    """

    image: Image
    gray: Gray
    dpi: float
    small: Image
    half: Gray
    half_dpi: float
    depth: Gray
    letters: Marks
    is_bitonal: bool
    marks: int


def view_of(image: Image, scan: PageScan) -> View:
    """Return a page, decoded, as the checks look at it."""
    dpi = min(believed_dpi(scan)) * image.shape[1] / scan.width
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8) if is_colour(image) else image
    if _is_negative(gray):
        image, gray = (np.asarray(cv2.bitwise_not(each), np.uint8) for each in (image, gray))
    small = reduced(image, HALF_DPI / dpi)
    half = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8) if is_colour(small) else small
    half_dpi = min(dpi, HALF_DPI)
    depth = np.asarray(cv2.subtract(paper_behind(half, half_dpi), half), np.uint8)
    level = depth_of_ink(depth) / 2
    letters = marks_of(np.asarray(cv2.bitwise_not(depth), np.uint8), 255 - round(max(level, _LEAST_DEPTH)))
    sample = gray[::_STEP, ::_STEP]
    pure = bool(np.mean((sample == 0) | (sample == 255)) > _PURE)  # noqa: PLR2004 - the two ends
    return View(
        image,
        gray,
        dpi,
        small,
        half,
        half_dpi,
        depth,
        letters.like_letters(half_dpi),
        pure,
        marks_at_a_glance(gray, dpi),
    )


def paper_behind(gray: Gray, dpi: float) -> Gray:
    """Return the paper behind the print: letters and thin lines closed up."""
    small = at_a_glance(gray, _PAPER_DPI / dpi)
    side = round(_PAPER_INCHES * min(dpi, _PAPER_DPI)) | 1
    # With more of it around: a narrow strip of a dark bed would close up like print.
    wide = cv2.copyMakeBorder(small, *(side,) * 4, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))[side:-side, side:-side]
    return np.asarray(cv2.resize(closed, gray.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def depth_of_ink(depth: Gray) -> float:
    """Return how deep the dark parts of print are."""
    share = np.cumsum(np.bincount(depth[::2, ::2].ravel(), minlength=256))
    return float(np.searchsorted(share, share[-1] * _DEEP_SHARE))


def reduced(image: Image, factor: float) -> Image:
    """Return the image scaled down; by halves first, which is much faster than at once."""
    while factor <= 0.5 and min(image.shape[:2]) > 1:  # noqa: PLR2004 - a half
        image = np.asarray(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        factor *= 2
    if factor >= 1:
        return image
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def _is_negative(gray: Gray) -> bool:
    """Return whether ink is lighter than paper: a page in little light is dark too, but its ink is darker still."""
    sample = gray[::_STEP, ::_STEP]
    dark, middle, light = (float(value) for value in np.percentile(sample, (0.5, 50, 99.5)))
    return middle < 90 and light - middle > 2 * (middle - dark)  # noqa: PLR2004 - a dark half
