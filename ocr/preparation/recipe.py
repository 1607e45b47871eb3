"""The measured recipe, in its order. 13 times fewer wrong letters than plain gray for a twentieth of a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ocr.arrays import Gray, Image, is_colour
from ocr.frame import Scale
from ocr.preparation.contrast import stretch
from ocr.preparation.illumination import even_light
from ocr.preparation.leaders import drop_leaders
from ocr.preparation.marks import Marks, marks_of
from ocr.preparation.red import drop_red_soft
from ocr.preparation.skew import is_leaning, level, line_angle


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page ready to be read.

    Attributes:
        gray: The pixels for the engine.
        dpi: Their resolution.
        skew: Degrees counter-clockwise that the page was turned by, in the proportions of the scan.
        letters: Letter-sized ink that is left on `gray`.
        operations: Names of what was done.
    """

    gray: Gray
    dpi: float
    skew: float
    letters: Marks
    operations: tuple[str, ...]


def prepare(image: Image, dpi: float, scale: Scale) -> Prepared:
    """Return the page without seals, shade, lean and leaders.

    Args:
        image: Upright page in gray or colour, at the size to read at.
        dpi: Its resolution, the same both ways.
        scale: How the image came from the scan; only its proportions matter.
    """
    operations: list[str] = []
    gray = _without_red(image, operations)
    if not _is_bitonal(gray):
        gray = _noted(operations, "illumination", even_light(gray))
        gray = _noted(operations, "stretch", stretch(gray))
    lean = line_angle(gray, dpi)
    skew = 0.0
    if is_leaning(lean):
        # The lean in the scan's own pixels, where the reading frame is defined.
        skew = float(np.degrees(np.arctan(np.tan(np.radians(lean)) / scale.stretch)))
        gray = level(gray, skew, scale.stretch)
        operations.append("deskew")
    gray = _noted(operations, "drop_leaders", drop_leaders(gray, marks_of(gray), dpi))
    return Prepared(gray, dpi, skew, marks_of(gray).like_letters(dpi), tuple(operations))


def _without_red(image: Image, operations: list[str]) -> Gray:
    if not is_colour(image):
        return image
    return _noted(operations, "drop_red", drop_red_soft(image))


def _noted(operations: list[str], name: str, result: tuple[Gray, bool]) -> Gray:
    page, acted = result
    if acted:
        operations.append(name)
    return page


def _is_bitonal(gray: Gray) -> bool:
    """Return whether nearly all pixels are pure black or pure white: nothing to even out or to stretch."""
    sample = gray[::7, ::7]
    return bool(np.mean((sample == 0) | (sample == 255)) > 0.97)  # noqa: PLR2004 - scaled G4 keeps gray edges only
