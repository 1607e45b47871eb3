"""Bring a page to the size it is read at: seals and specks come off in the scan's own resolution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from dossier.page import PageCode
from dossier.scan import PageScan
from ocr.arrays import Gray, Image, Mask
from ocr.codes import codes_on, may_have_codes
from ocr.decoding import decode
from ocr.frame import Scale, believed_dpi, tells_size
from ocr.glance import glance_of
from ocr.ink import marks_at_a_glance
from ocr.inks import inks_of
from ocr.preparation.contrast import positive
from ocr.preparation.scale import reading_dpi, resized
from ocr.preparation.specks import drop_specks
from ocr.rules import SizeLimits


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it lies on the scan, at the size to read at.

    Attributes:
        gray: The page without its red ink.
        pen: Coloured ink that is not red, all else white; None for a page without.
        red: Where its red ink was, None for a page without.
        glance: The page small and in its colours, see `ocr.glance`.
        dpi: Resolution of both, the same both ways.
        is_sized: Whether the source told the size of the paper, see `ocr.frame.tells_size`.
        scale: Their pixels for each pixel of the scan.
        marks: Marks on the page, red ones too, at 75 dpi.
        codes: QR and bar codes on it, in pixels of the scan; none are looked for when it is read cheaply.
        operations: Names of what was done.
        without: Names of what is not to be done.
    """

    gray: Gray
    pen: Gray | None
    red: Mask | None
    glance: Image
    dpi: float
    is_sized: bool
    scale: Scale
    marks: int
    codes: tuple[PageCode, ...]
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
    inks = inks_of(image, without, pen=not cheap)
    clean, red = inks.clean, inks.red
    specky = False
    if cheap or "median" not in without:
        clean, specky = drop_specks(clean, min(dpi_x, dpi_y), strong=cheap)
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
        glance_of(image, (dpi_x, dpi_y)),
        target,
        tells_size(scan),
        scale,
        marks_at_a_glance(inks.gray, min(dpi_x, dpi_y)),
        () if cheap else _codes(inks.gray, min(dpi_x, dpi_y), halved),
        tuple(name for name, applied in done if applied),
        without,
    )


def _codes(gray: Gray, dpi: float, halved: float) -> tuple[PageCode, ...]:
    return codes_on(gray, dpi, fine=True).scaled(1 / halved).found if may_have_codes(gray, dpi) else ()


def _resized_mask(mask: Mask, like: Gray) -> Mask:
    size = (like.shape[1], like.shape[0])
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST), np.uint8)
