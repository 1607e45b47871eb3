"""Take a page in colour apart: print, seals, and what was written with a pen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ocr.arrays import Gray, Image, Mask, is_colour
from ocr.preparation.colour import coloured_bands, drop_coloured, is_printed_in_colour
from ocr.preparation.red import drop_red_soft, red_excess, red_mask

# Pixels of coloured ink: a word of four letters at 200 dpi has about as many.
_LEAST_WRITING: Final = 300
# Share of the page: more is tinted paper.
_MOST_WRITING: Final = 0.15
_NEAR: Final = 15
_PAPER: Final = 255


@dataclass(frozen=True, slots=True)
class Inks:
    """A page and its inks, all of one size.

    Attributes:
        gray: The page in gray.
        clean: The same without coloured ink.
        pen: Coloured ink that is not red, all else white; None for a page without.
        red: 255 where red ink is; None for a page without.
    """

    gray: Gray
    clean: Gray
    pen: Gray | None
    red: Mask | None


def inks_of(image: Image, without: frozenset[str], *, pen: bool) -> Inks:
    """Return a page taken apart.

    A page whose print itself is coloured, as carbon copies are, keeps it; its red ink goes all the same.

    Args:
        image: Dark ink on light paper, in gray or as blue, green, red.
        without: Names of steps that are left out, of `ocr.settings.Step`.
        pen: Whether ink that is not red is taken off and told apart; else it stays with the print.
    """
    if not is_colour(image):
        return Inks(image, image, None, None)
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    bands = coloured_bands(image)
    if not bands:
        return Inks(gray, gray, None, None)
    red = np.zeros_like(gray)
    for band in bands:
        red[band] = red_mask(red_excess(image[band]))
    found = red if cv2.countNonZero(red) else None
    if "drop_coloured" in without:
        return Inks(gray, gray, None, found)
    if not pen or is_printed_in_colour(image, gray):
        return Inks(gray, gray if found is None else _without_red(image, gray, red, bands), None, found)
    clean, other = gray.copy(), np.zeros_like(gray)
    for band in bands:
        clean[band], other[band] = drop_coloured(image[band], gray[band], red[band])
    return Inks(gray, clean, _alone(gray, other, bands), found)


def _without_red(image: Image, gray: Gray, red: Mask, bands: list[slice]) -> Gray:
    clean = gray.copy()
    for band in bands:
        clean[band] = drop_red_soft(image[band], gray[band], red_excess(image[band]), red[band])
    return clean


def _alone(gray: Gray, ink: Mask, bands: list[slice]) -> Gray | None:
    """Return the page with nothing but some ink; None where there is too little or too much of it to be writing."""
    inner = [cv2.morphologyEx(ink[band], cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)) for band in bands]
    count = sum(map(cv2.countNonZero, inner))
    if count < _LEAST_WRITING or count > _MOST_WRITING * ink.size:
        return None
    pen = np.full_like(gray, _PAPER)
    for band, core in zip(bands, inner, strict=True):
        # Edges of print look coloured in a JPEG, but nowhere broadly; a pen's thin strokes are near its broad ones.
        near = cv2.dilate(core, np.ones((_NEAR, _NEAR), np.uint8))
        around = cv2.dilate(cv2.bitwise_and(ink[band], near), np.ones((5, 5), np.uint8))
        pen[band] = cv2.bitwise_or(gray[band], cv2.bitwise_not(around))
    return pen
