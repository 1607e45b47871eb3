"""Bring a page to the size it is read at: seals and specks come off in the scan's own resolution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from dossier.scan import PageScan
from ocr.arrays import Gray, Image, Mask, is_colour
from ocr.decoding import decode
from ocr.frame import Scale, believed_dpi
from ocr.ink import marks_at_a_glance
from ocr.preparation.contrast import positive
from ocr.preparation.red import drop_coloured, drop_red_soft, red_excess, red_mask
from ocr.preparation.scale import reading_dpi, resized
from ocr.preparation.specks import drop_specks
from ocr.rules import SizeLimits

# Pixels of coloured ink: a word of four letters at 200 dpi has about as many.
_LEAST_WRITING: Final = 300
# Share of the page: more is tinted paper.
_MOST_WRITING: Final = 0.15
_NEAR: Final = 15


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it lies on the scan, at the size to read at.

    Attributes:
        gray: The page without its red ink.
        pen: Coloured ink that is not red, all else white; None for a page without.
        red: Where its red ink was, None for a page without.
        dpi: Resolution of both, the same both ways.
        scale: Their pixels for each pixel of the scan.
        marks: Marks on the page, red ones too, at 75 dpi.
        operations: Names of what was done.
        without: Names of what is not to be done.
    """

    gray: Gray
    pen: Gray | None
    red: Mask | None
    dpi: float
    scale: Scale
    marks: int
    operations: tuple[str, ...]
    without: frozenset[str]


def sheet_of(
    data: bytes, scan: PageScan, limits: SizeLimits, *, cheap: bool, without: frozenset[str] = frozenset()
) -> Sheet:
    """Return the decoded page at the size to read at.

    Args:
        data: The bytes that `scan` describes.
        scan: Geometry and coding.
        limits: Bounds on pixels.
        cheap: Take the least size and the strong filter.
        without: Names of steps that are left out, of `ocr.settings.Step`.

    Raises:
        Rejected: IMAGE_BOMB, PAGE_ZERO_SIZE, IMAGE_DAMAGED; see `decode`.
    """
    image, negative = positive(decode(data, scan, limits))
    # Decoding may have halved the page; every factor is told against the scan's own pixels.
    halved = image.shape[1] / scan.width
    dpi_x, dpi_y = (min(max(dpi, 1.0), limits.most_dpi) * halved for dpi in believed_dpi(scan))
    inks = _inks(image, without, pen=not cheap)
    clean, red = inks.clean, inks.red
    specky = False
    if cheap or "median" not in without:
        clean, specky = drop_specks(clean, strong=cheap)
    pixels = clean.size / (dpi_x * dpi_y)
    target = reading_dpi(clean, min(dpi_x, dpi_y), cheap=cheap)
    target = min(target, math.sqrt(limits.most_working_pixels / pixels))
    factors = (target / dpi_x, target / dpi_y)
    small = resized(clean, *factors)
    scale = Scale(small.shape[1] / scan.width, small.shape[0] / scan.height)
    done = (
        ("negative", negative),
        ("drop_red", red is not None),
        ("median", specky),
        (f"scale_{scale.across:.3f}", True),
    )
    return Sheet(
        small,
        None if inks.pen is None else resized(inks.pen, *factors),
        None if red is None else _resized_mask(red, small),
        target,
        scale,
        marks_at_a_glance(inks.gray, min(dpi_x, dpi_y)),
        tuple(name for name, applied in done if applied),
        without,
    )


def _resized_mask(mask: Mask, like: Gray) -> Mask:
    size = (like.shape[1], like.shape[0])
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR), np.uint8)


@dataclass(frozen=True, slots=True)
class _Inks:
    """The page in gray, the same without coloured ink, its coloured ink that is not red, and where the red is."""

    gray: Gray
    clean: Gray
    pen: Gray | None
    red: Mask | None


def _inks(image: Image, without: frozenset[str], *, pen: bool) -> _Inks:
    """Take a page apart; where the pen is not to be read by itself it stays with the print."""
    if not is_colour(image):
        return _Inks(image, image, None, None)
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    excess = red_excess(image)
    mask = red_mask(excess)
    red = mask if cv2.countNonZero(mask) else None
    if "drop_coloured" in without:
        return _Inks(gray, gray, None, red)
    clean, coloured = drop_coloured(image, gray, excess) if pen else (gray, None)
    if coloured is None:
        return _Inks(gray, gray if red is None else drop_red_soft(image, gray, excess, red), None, red)
    return _Inks(gray, clean, _alone(gray, coloured), red)


def _alone(gray: Gray, ink: Mask) -> Gray | None:
    """Return the page with nothing but some ink; None where there is too little or too much of it to be writing."""
    inner = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    count = cv2.countNonZero(inner)
    if count < _LEAST_WRITING or count > _MOST_WRITING * ink.size:
        return None
    # Edges of print look coloured in a JPEG, but nowhere broadly; the thin strokes of a pen are near its broad ones.
    near = cv2.dilate(inner, np.ones((_NEAR, _NEAR), np.uint8))
    around = cv2.dilate(cv2.bitwise_and(ink, near), np.ones((5, 5), np.uint8))
    return np.asarray(cv2.bitwise_or(gray, cv2.bitwise_not(around)), np.uint8)
