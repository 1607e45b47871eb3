"""The three frames of a page: the scan, the reading frame (upright and level) and the pixels the engine saw."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from dossier.page import Box, Word
from dossier.scan import PageScan
from ocr.arrays import Image

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_A4_LONG_INCHES = 11.69
# Cameras and phones write 72 whatever they took: no office scans paper of this size this coarsely.
_CAMERA_DPI = 120
_CAMERA_INCHES = 20


@dataclass(frozen=True, slots=True)
class Scale:
    """Engine pixels for each pixel of the reading frame, across and down."""

    across: float
    down: float

    @property
    def stretch(self) -> float:
        """How much more the page was stretched down than across."""
        return self.down / self.across

    def to_reading(self, words: tuple[Word, ...], size: tuple[int, int]) -> tuple[Word, ...]:
        """Return the words with their boxes in the reading frame of the given width and height."""
        return tuple(replace(word, box=self._box(word.box, size)) for word in words)

    def _box(self, box: Box, size: tuple[int, int]) -> Box:
        width, height = size
        return Box(
            max(0, math.floor(box.left / self.across)),
            max(0, math.floor(box.top / self.down)),
            min(width, math.ceil(box.right / self.across)),
            min(height, math.ceil(box.bottom / self.down)),
        )


def moved_back(
    words: tuple[Word, ...], flattening: NDArray[np.float64], levelling: NDArray[np.float64]
) -> tuple[Word, ...]:
    """Return words of a photographed sheet with their boxes where the page has them that was levelled only.

    Args:
        words: Boxes in pixels of the page that was flattened, then levelled.
        flattening: The 3 x 3 matrix of the first.
        levelling: The 2 x 3 matrix of the second, see `turning`.
    """
    level = np.vstack([levelling, [0.0, 0.0, 1.0]])
    back = level @ np.linalg.inv(flattening) @ np.linalg.inv(level)
    return tuple(replace(word, box=_through(word.box, back)) for word in words)


def _through(box: Box, matrix: NDArray[np.float64]) -> Box:
    """Return the least box around where a matrix puts the corners of a box."""
    corners = np.asarray([[(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]], np.float64)
    places = cv2.perspectiveTransform(corners, matrix)[0]
    (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
    return Box(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))


def turned(image: Image, degrees: int) -> Image:
    """Return the image turned clockwise by 0, 90, 180 or 270 degrees."""
    code = _TURNS.get(degrees % 360)
    return image if code is None else np.asarray(cv2.rotate(image, code), np.uint8)


def tells_size(scan: PageScan) -> bool:
    """Return whether the source told how large the sheet is, and that can be true."""
    longest = max(scan.width / scan.dpi_x, scan.height / scan.dpi_y)
    camera = max(scan.dpi_x, scan.dpi_y) <= _CAMERA_DPI and longest >= _CAMERA_INCHES
    return not scan.dpi_assumed and not camera


def believed_dpi(scan: PageScan) -> tuple[float, float]:
    """Return dots per inch across and down; where the source told none, those of an A4 sheet of as many pixels."""
    if tells_size(scan):
        return scan.dpi_x, scan.dpi_y
    guess = max(scan.width, scan.height) / _A4_LONG_INCHES
    return guess, guess
