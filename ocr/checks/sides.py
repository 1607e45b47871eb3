"""Print that runs off the scan: letters that touch its sides."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, is_colour
from ocr.checks.view import View, depth_of_ink, paper_behind
from ocr.preparation.marks import Marks, marks_of

SIDES: Final = ("left", "right", "top", "bottom")
_STRIP_INCHES: Final = 0.6
_LEAST_DEPTH: Final = 45
_TOUCHES: Final = 1
_LEAST_LINES: Final = 3
_LEAST_LETTERS: Final = 6
_GRAIN: Final = 2
_MOST_BED: Final = 0.25
# Inches: what is left of a letter at least, how high one is at least, how large at most.
_DEEP: Final = 0.018
_HIGH: Final = 0.03
_MOST: Final = 0.3


def cut_sides(view: View) -> tuple[str, ...]:
    """Return the sides of the scan that go through print."""
    gray = _without_colour(view)
    depth = np.asarray(cv2.subtract(paper_behind(gray, view.half_dpi), gray), np.uint8)
    level = max(_LEAST_DEPTH, round(depth_of_ink(depth) * 0.45))
    return tuple(
        side for side in SIDES if _is_cut(_from_left(depth, side), level, view.half_dpi, lines=side in SIDES[:2])
    )


def _without_colour(view: View) -> Gray:
    """Return the page at half size with ink in colour as bright as its brightest channel: seals lie over edges."""
    if not is_colour(view.image):
        return view.half
    blue, green, red = cv2.split(view.small)
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)


def _from_left(depth: Gray, side: str) -> Gray:
    """Return the page turned so that a side of it is at the left."""
    return {"left": depth, "right": depth[:, ::-1], "top": depth.T, "bottom": depth[::-1].T}[side]


def _is_cut(depth: Gray, level: int, dpi: float, *, lines: bool) -> bool:
    """Return whether print touches the left side of a page; `lines`: they lie across it, else along it."""
    if _bed_share(depth, level, dpi) > _MOST_BED:
        return False
    strip = np.ascontiguousarray(depth[:, : round(_STRIP_INCHES * dpi)])
    marks = marks_of(np.asarray(cv2.bitwise_not(strip), np.uint8), 255 - level)
    touching = marks.chosen(marks.left <= _TOUCHES)
    letters = touching.chosen(_like_letters(touching, dpi, lines=lines))
    if len(letters.left) < (_LEAST_LINES if lines else _LEAST_LETTERS):
        return False
    # The bed beside a sheet falls into grains where it is hardly darker than ink.
    grains = np.count_nonzero((touching.width <= _GRAIN) & (touching.height <= _GRAIN))
    return bool(grains < 2 * len(letters.left)) and (not lines or _goes_on(marks, dpi) >= len(letters.left))


def _bed_share(depth: Gray, level: int, dpi: float) -> float:
    """Return the share of the left side that is dark over longer ways than letters are: the bed, a picture."""
    dark = (depth[:, : _TOUCHES + 1].max(axis=1) > level).astype(np.int8)
    ends = np.flatnonzero(np.diff(dark, prepend=0, append=0))
    runs = ends[1::2] - ends[::2]
    return float(runs[runs > _MOST * dpi].sum()) / len(dark)


def _like_letters(marks: Marks, dpi: float, *, lines: bool) -> NDArray[np.bool_]:
    """Return which marks are letters, or what is left of them."""
    most = _MOST * dpi
    fits = (marks.width >= _DEEP * dpi) & (marks.width <= most) & (marks.height <= most)
    return np.asarray(fits & (marks.height >= (_HIGH if lines else _DEEP) * dpi), np.bool_)


def _goes_on(marks: Marks, dpi: float) -> int:
    """Return how many letters stand behind those that touch the side."""
    behind = marks.chosen(marks.left > _TOUCHES)
    return int(np.count_nonzero(_like_letters(behind, dpi, lines=True)))
