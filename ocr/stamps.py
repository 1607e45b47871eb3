"""Cut rectangular stamps out of the part of a page where a secrecy stamp stands."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Mask
from ocr.rules import SecrecyRules

_MOST_STAMPS: Final = 6
_READ_DPI: Final = 300.0
# A frame is an outline: this much of its rectangle is ink at most, and this much of it is enclosed at least.
_MOST_INK: Final = 0.6
_LEAST_ENCLOSED: Final = 0.75
_WHITE: Final = 255
_MARGIN_INCHES: Final = 0.05
_INK: Final = 150


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp cut out level, frame taken off, in dark ink on white.

    Attributes:
        gray: The piece.
        dpi: Its resolution.
        middle: Where it stands on the page, in pixels of that.
    """

    gray: Gray
    dpi: float
    middle: tuple[float, float]


def red_stamps(red: Mask | None, dpi: float, rules: SecrecyRules) -> Iterator[Stamp]:
    """Yield what is printed in red with the size of a stamp, framed or not. Nothing where there is no red."""
    if red is None:
        return
    mask = _zone(red, rules)
    if cv2.countNonZero(mask) == 0:
        return
    reach = max(3, round(0.09 * dpi)) | 1
    joined = cv2.morphologyEx(
        cv2.threshold(mask, 100, 255, cv2.THRESH_BINARY)[1], cv2.MORPH_CLOSE, np.ones((reach, 2 * reach), np.uint8)
    )
    outlines = [outline for outline in _outlines(joined) if _fits(outline, dpi, rules)]
    yield from _cut(outlines, np.asarray(cv2.bitwise_not(mask), np.uint8), dpi, _corner(red, rules))


def dark_frames(gray: Gray, dpi: float, rules: SecrecyRules) -> Iterator[Stamp]:
    """Yield what stands in a dark rectangular frame with the size of a stamp."""
    zone = _zone(gray, rules)
    ink = np.asarray(cv2.threshold(zone, _INK, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
    frames = [outline for outline in _outlines(ink) if _fits(outline, dpi, rules) and _is_frame(outline, ink)]
    yield from _cut(frames, zone, dpi, _corner(gray, rules))


def _zone(image: Gray, rules: SecrecyRules) -> Gray:
    height, width = image.shape[:2]
    left, top = _corner(image, rules)
    return np.ascontiguousarray(image[top : round(rules.bottom * height), left : round(rules.right * width)])


def _corner(image: Gray, rules: SecrecyRules) -> tuple[int, int]:
    return round(rules.left * image.shape[1]), round(rules.top * image.shape[0])


def _outlines(mask: cv2.typing.MatLike) -> Sequence[NDArray[np.int32]]:
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [np.asarray(outline, np.int32) for outline in found]


def _is_frame(outline: NDArray[np.int32], ink: Mask) -> bool:
    (_, (width, height), _) = cv2.minAreaRect(outline)
    left, top, across, down = cv2.boundingRect(outline)
    filled = cv2.countNonZero(ink[top : top + down, left : left + across]) / max(1, across * down)
    return filled <= _MOST_INK and cv2.contourArea(outline) >= _LEAST_ENCLOSED * width * height


def _cut(outlines: Sequence[NDArray[np.int32]], gray: Gray, dpi: float, corner: tuple[int, int]) -> Iterator[Stamp]:
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:_MOST_STAMPS]:
        piece = _without_frame(
            _level_piece(gray, outline, round(_MARGIN_INCHES * dpi)), round(2 * _MARGIN_INCHES * dpi)
        )
        factor = _READ_DPI / dpi
        grown = cv2.resize(piece, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        (across, down), _, _ = cv2.minAreaRect(outline)
        yield Stamp(np.asarray(grown, np.uint8), _READ_DPI, (corner[0] + across, corner[1] + down))


def _fits(outline: NDArray[np.int32], dpi: float, rules: SecrecyRules) -> bool:
    if math.hypot(*cv2.boundingRect(outline)[2:]) < rules.frame_least_width * dpi:
        return False  # nearly all of them: letters
    _, sides, _ = cv2.minAreaRect(outline)
    height, width = (side / dpi for side in sorted(sides))
    return (
        rules.frame_least_width <= width <= rules.frame_most_width
        and rules.frame_least_height <= height <= rules.frame_most_height
        and width >= 1.2 * height
    )


def _level_piece(gray: Gray, outline: NDArray[np.int32], margin: int) -> Gray:
    """Return the smallest rectangle around an outline, turned level, with white around it."""
    (x, y), (width, height), angle = cv2.minAreaRect(outline)
    if width < height:
        width, height, angle = height, width, angle - 90
    # The rectangle's angle is only known to half a turn, and a stamp does not stand on its head.
    angle = (angle + 90) % 180 - 90
    across, down = round(width) + 2 * margin, round(height) + 2 * margin
    matrix = cv2.getRotationMatrix2D((x, y), angle, 1.0)
    matrix = matrix + np.array([[0, 0, across / 2 - x], [0, 0, down / 2 - y]])
    piece = cv2.warpAffine(gray, matrix, (across, down), flags=cv2.INTER_LINEAR, borderValue=(float(_WHITE),))
    return np.asarray(piece, np.uint8)


def _without_frame(piece: Gray, edge: int) -> Gray:
    """Return the piece with every mark wiped that spans most of it or lies within its edge."""
    _, ink = cv2.threshold(piece, _INK, 255, cv2.THRESH_BINARY_INV)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    height, width = piece.shape
    clean = piece.copy()
    for index in range(1, count):
        left, top, across, down = (int(value) for value in stats[index, :4])
        spans = across > 0.7 * width or down > 0.8 * height
        beside = left + across <= edge or left >= width - edge
        outside = beside or top + down <= edge or top >= height - edge
        if spans or outside:
            frame = np.asarray(labels == index, np.uint8)
            clean[cv2.dilate(frame, np.ones((3, 3), np.uint8)) > 0] = _WHITE
    return clean
