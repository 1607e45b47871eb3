"""Take a page in colour apart: print, seals, and what was written with a pen."""

from __future__ import annotations

from collections.abc import Iterator
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
# Rows that are worked on at a time: a dozen copies of a page in colour, as working on all of it makes, are 100 MB.
_ROWS: Final = 256
# Rows beside these that what is looked for in them reaches.
_REACH: Final = 12

Strip = tuple[slice, slice]


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
    strips = list(_strips(bands, len(gray)))
    red = np.zeros_like(gray)
    for _, inner in strips:
        red[inner] = red_mask(red_excess(image[inner]))
    found = red if cv2.countNonZero(red) else None
    if "drop_coloured" in without:
        return Inks(gray, gray, None, found)
    if not pen or is_printed_in_colour(image, gray):
        return Inks(gray, gray if found is None else _without_red(image, gray, red, strips), None, found)
    clean, other = gray.copy(), np.zeros_like(gray)
    for outer, inner in strips:
        parts = drop_coloured(image[outer], gray[outer], red[outer])
        clean[inner], other[inner] = (part[_within(outer, inner)] for part in parts)
    return Inks(gray, clean, _alone(gray, other, strips), found)


def _strips(bands: list[slice], height: int) -> Iterator[Strip]:
    """Yield the rows of bands some at a time: with those around them, and by themselves."""
    for band in bands:
        last = min(band.stop, height)
        for begin in range(band.start, last, _ROWS):
            end = min(last, begin + _ROWS)
            yield slice(max(0, begin - _REACH), min(height, end + _REACH)), slice(begin, end)


def _within(outer: slice, inner: slice) -> slice:
    """Return where in a strip with the rows around it the strip itself is."""
    return slice(inner.start - outer.start, inner.stop - outer.start)


def _without_red(image: Image, gray: Gray, red: Mask, strips: list[Strip]) -> Gray:
    clean = gray.copy()
    for outer, inner in strips:
        part = drop_red_soft(image[outer], gray[outer], red_excess(image[outer]), red[outer])
        clean[inner] = part[_within(outer, inner)]
    return clean


def _alone(gray: Gray, ink: Mask, strips: list[Strip]) -> Gray | None:
    """Return the page with nothing but some ink; None where there is too little or too much of it to be writing."""
    count = sum(cv2.countNonZero(_core(ink[outer])[_within(outer, inner)]) for outer, inner in strips)
    if count < _LEAST_WRITING or count > _MOST_WRITING * ink.size:
        return None
    pen = np.full_like(gray, _PAPER)
    for outer, inner in strips:
        # Edges of print look coloured in a JPEG, but nowhere broadly; a pen's thin strokes are near its broad ones.
        near = cv2.dilate(_core(ink[outer]), np.ones((_NEAR, _NEAR), np.uint8))
        around = cv2.dilate(cv2.bitwise_and(ink[outer], near), np.ones((5, 5), np.uint8))
        pen[inner] = cv2.bitwise_or(gray[outer], cv2.bitwise_not(around))[_within(outer, inner)]
    return pen


def _core(ink: Mask) -> Mask:
    """Return the ink that is broader than a pixel."""
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), np.uint8)
