"""Folded and torn corners, sides that the scanner cut off."""

from __future__ import annotations

import cv2
import numpy as np

from bench.legibility.conditions.fields import Rng
from bench.paper import Pixels

CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
_INK, _LEAST = 140, 8
SIDES = ("left", "right", "top", "bottom")


def without_corner(sheet: Pixels, rng: Rng, dpi: int, corner: str, *, torn: bool) -> tuple[Pixels, Pixels]:
    """Return the sheet and 255 where a corner of it is missing: folded behind, folded over, or torn off."""
    height, width = sheet.shape[:2]
    along, down = (float(rng.uniform(9, 42)) / 25.4 * dpi for _ in range(2))
    down = float(np.clip(down, along / 2.2, along * 2.2))
    ends = np.asarray([(0, 0), (along, 0), (0, down)], np.float32)
    if torn:
        ends = _ragged(ends, rng, dpi)
    page, missing = sheet, np.zeros((height, width), np.uint8)
    cv2.fillPoly(missing, [_placed(ends, corner, width, height)], (255,))
    if not torn and rng.random() < 0.5:  # noqa: PLR2004 - half are folded over
        page = _flap(sheet, ends, corner, rng)
    return page, missing


def _ragged(ends: np.ndarray, rng: Rng, dpi: int) -> np.ndarray:
    along, down = ends[1], ends[2]
    steps = np.linspace(0, 1, 14)[:, None]
    line = along * (1 - steps) + down * steps
    line[1:-1] += rng.normal(0, 0.035 * dpi, (12, 2))
    return np.concatenate([[(0, 0)], np.clip(line, 0, None)]).astype(np.float32)


def _flap(sheet: Pixels, ends: np.ndarray, corner: str, rng: Rng) -> Pixels:
    """Return the sheet with the corner lying on it, its back up."""
    _, a, b = ends.astype(np.float64)
    direction = (b - a) / np.linalg.norm(b - a)
    foot = a + direction * float(np.dot(-a, direction))
    flap = np.asarray([a, b, foot * 2], np.float32)
    page, height, width = sheet.copy(), sheet.shape[0], sheet.shape[1]
    place = _placed(flap, corner, width, height)
    shadow = np.zeros((height, width), np.uint8)
    cv2.fillPoly(shadow, [place + 4], (255,))
    soft = cv2.GaussianBlur(shadow, (0, 0), 5).astype(np.float32)[:, :, None] / 255
    page = np.asarray(page * (1 - 0.25 * soft), np.uint8)
    shade = int(np.median(sheet)) - int(rng.integers(0, 14))
    cv2.fillPoly(page, [place], (shade, shade, shade))
    return page


def _placed(points: np.ndarray, corner: str, width: int, height: int) -> np.ndarray:
    found = points.copy()
    if corner.endswith("right"):
        found[:, 0] = width - 1 - found[:, 0]
    if corner.startswith("bottom"):
        found[:, 1] = height - 1 - found[:, 1]
    return np.round(found).astype(np.int32).reshape(-1, 1, 2)


def without_side(sheet: Pixels, rng: Rng, side: str) -> Pixels:
    """Return a scan that ends within the print on one side."""
    ink = np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY) < _INK)
    axis = 0 if side in ("left", "right") else 1
    filled = np.flatnonzero(ink.sum(axis=axis) > _LEAST)
    first, last = int(filled[0]), int(filled[-1])
    deep = float(rng.uniform(0.06, 0.2)) * (last - first)
    if side in ("left", "top"):
        at = round(first + deep)
        return np.ascontiguousarray(sheet[:, at:] if axis == 0 else sheet[_through_line(ink, at) :])
    at = round(last - deep)
    return np.ascontiguousarray(sheet[:, :at] if axis == 0 else sheet[: _through_line(ink, at)])


def _through_line(ink: np.ndarray, at: int) -> int:
    """Return the row near by that cuts most letters: a cut between two lines shows on no picture."""
    rows = ink[max(0, at - 80) : at + 80]
    crossed = np.count_nonzero(np.diff(rows.astype(np.int8), axis=1), axis=1)
    return max(0, at - 80) + int(np.argmax(crossed))
