"""A page at a glance: small, in its colours, as the network sees it that looks for secrecy stamps."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from ocr.arrays import Image

GLANCE_DPI: Final = 100.0
# Nearer to the wanted resolution than this, the letters look the same.
_NEAR: Final = 0.03


def glance_of(image: Image, dpi: tuple[float, float]) -> Image:
    """Return the page at 100 dots per inch both ways, gray or in colour as it came.

    Args:
        image: The page.
        dpi: Its dots per inch across and down.
    """
    steps = tuple(max(1, round(each / GLANCE_DPI)) for each in dpi)
    size = tuple(max(1, length // step) for length, step in zip(image.shape[1::-1], steps, strict=True))
    # Whole steps first: they take a fifth of the time that a broken ratio takes.
    whole = np.ascontiguousarray(image[: size[1] * steps[1], : size[0] * steps[0]])
    small = cv2.resize(whole, size, interpolation=cv2.INTER_AREA) if max(steps) > 1 else whole
    rest = tuple(GLANCE_DPI * step / each for step, each in zip(steps, dpi, strict=True))
    if max(abs(factor - 1) for factor in rest) > _NEAR:
        wanted = tuple(max(1, round(side * factor)) for side, factor in zip(size, rest, strict=True))
        small = cv2.resize(small, wanted, interpolation=cv2.INTER_LINEAR)
    return np.asarray(small, np.uint8)
