"""How sharp print is and how far it stands out from the paper, measured on letters, not on pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.checks.view import View

_PATCHES: Final = 240
_LEAST: Final = 12
_INCHES: Final = 0.12
_CLIPPED: Final = 252


@dataclass(frozen=True, slots=True)
class Strokes:
    """Print as it is on a page.

    Attributes:
        count: Letters that this rests on.
        width: Inches from paper to ink across the edge of a stroke, in the direction in which it is softer.
        contrast: Levels between paper and ink.
        paper: Level of the paper beside letters.
        clipped: Share of the paper beside letters that is white to the end of the scale.
    """

    count: int
    width: float
    contrast: float
    paper: float
    clipped: float


def strokes_of(view: View) -> Strokes | None:
    """Return how print is on a page; None where there are hardly any letters."""
    patches = _patches(view)
    if len(patches) < _LEAST:
        return None
    flat = patches.reshape(len(patches), -1)
    dark, light = np.percentile(flat, (4, 90), axis=1)
    contrast = np.maximum(light - dark, 1)
    widths = [float(np.median(contrast / np.maximum(_steepest(patches, axis), 0.5))) for axis in (1, 2)]
    clipped = float(np.mean(light >= _CLIPPED))
    return Strokes(len(patches), max(widths) / view.dpi, float(np.median(contrast)), float(np.median(light)), clipped)


def _steepest(patches: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Return the steepest slopes of each patch in levels for a pixel, the few sharpest of noise left out."""
    slope = np.abs(_central(patches, axis))
    return np.asarray(np.percentile(slope.reshape(len(slope), -1), 98, axis=1), np.float32)


def _central(patches: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Return the slope at each pixel, from its neighbours along an axis."""
    ahead, behind = slice(2, None), slice(None, -2)
    across = patches if axis == 1 else patches.transpose(0, 2, 1)
    return np.asarray((across[:, ahead] - across[:, behind]) / 2, np.float32)


def _patches(view: View) -> NDArray[np.float32]:
    """Return squares around letters spread over the page, at the scan's own resolution."""
    letters = view.letters
    side = max(8, round(_INCHES * view.dpi))
    x = ((letters.left + letters.width / 2) * view.dpi / view.half_dpi - side / 2).astype(int)
    y = ((letters.top + letters.height / 2) * view.dpi / view.half_dpi - side / 2).astype(int)
    height, width = view.gray.shape
    fits = np.flatnonzero((x >= 0) & (y >= 0) & (x + side <= width) & (y + side <= height))
    if len(fits) > _PATCHES:
        fits = fits[np.linspace(0, len(fits) - 1, _PATCHES).astype(int)]
    soft: Gray = view.gray
    found = [cv2.GaussianBlur(soft[y[at] : y[at] + side, x[at] : x[at] + side], (3, 3), 0.6) for at in fits]
    return np.asarray(found, np.float32).reshape(-1, side, side)
