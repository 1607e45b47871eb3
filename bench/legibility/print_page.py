"""Print a paper on clean sheets: gray pixels at the resolution asked for, and the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from PIL import Image

from bench.legibility.markup import Element, Line, Paper
from bench.legibility.sheet import DRAWN_DPI, OutOfRoomError, Sheet
from bench.legibility.style import Style
from bench.legibility.truth import Truth
from bench.legibility.typeset import set_element
from bench.paper import Pixels

_A4: Final = (8.27, 11.69)
_A3_LYING: Final = (16.54, 11.69)
_LEAST_POINTS: Final = 9.5
_HALF_POINTS: Final = 0.5
_INK: Final = 18
_BREAK: Final = Line("break", "")


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed page before anything happened to it."""

    rgb: Pixels
    dpi: int
    truth: Truth


def printed(paper: Paper, style: Style, dpi: int) -> Printed:
    """Return the paper printed at a resolution: drawn at 600 dpi and reduced, so that strokes have soft edges.

    The type is made smaller by half points until the paper fits on its page.

    Raises:
        OutOfRoomError: It does not fit at 9.5 points.
    """
    points = style.points
    while True:
        try:
            image, truth = _set(paper, style, points)
        except OutOfRoomError:
            points -= _HALF_POINTS
            if points < _LEAST_POINTS:
                raise
        else:
            return Printed(_reduced(np.asarray(image), dpi), dpi, truth)


def _set(paper: Paper, style: Style, points: float) -> tuple[Image.Image, Truth]:
    size = _A3_LYING if paper.two_up else _A4
    image = Image.new("L", (round(size[0] * DRAWN_DPI), round(size[1] * DRAWN_DPI)), 255)
    if not paper.two_up:
        sheet = _frame(image, style, points, (0.0, size[0]))
        _fill(sheet, paper.elements)
        return image, Truth(tuple(sheet.passages))
    first, second = _halves(paper.elements)
    left = _frame(image, style, points, (0.0, size[0] / 2))
    _fill(left, first)
    right = _frame(image, style, points, (size[0] / 2, size[0]))
    _fill(right, second)
    return image, Truth((*left.passages, *right.passages))


def _frame(image: Image.Image, style: Style, points: float, across: tuple[float, float]) -> Sheet:
    left, right = (round(edge * DRAWN_DPI) for edge in (across[0] + style.left, across[1] - style.right))
    top, bottom = round(style.top * DRAWN_DPI), image.height - round(0.55 * DRAWN_DPI)
    return Sheet(image, style, left, right, top, bottom, points)


def _fill(sheet: Sheet, elements: tuple[Element, ...]) -> None:
    for element in elements:
        set_element(element, sheet)


def _halves(elements: tuple[Element, ...]) -> tuple[tuple[Element, ...], tuple[Element, ...]]:
    cut = elements.index(_BREAK)
    return elements[:cut], elements[cut + 1 :]


def _reduced(gray: Pixels, dpi: int) -> Pixels:
    size = (round(gray.shape[1] * dpi / DRAWN_DPI), round(gray.shape[0] * dpi / DRAWN_DPI))
    small = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.float32)
    ink = _INK + small * ((255 - _INK) / 255)
    return np.repeat(ink.astype(np.uint8)[:, :, None], 3, axis=2)
