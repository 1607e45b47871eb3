"""The yardstick: the six steps of preparation that the first measurements led to, kept as they were.

Written from their description and on nothing of `ocr/`, so that it stays what it is while the product gets better.
Never tune it.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_RED: Final = 35
_PAPER: Final = 245
_SHRINK: Final = 8
_SPECKS_PER_MPIXEL: Final = 700
_LEAST_CONTRAST: Final = 60
_LEAST_SKEW: Final = 0.15
_MOST_SKEW: Final = 6.0
_DOT_INCHES: Final = 0.04
_PITCH_INCHES: Final = 0.13
_LEAST_DOTS: Final = 6


def prepared(bgr: Pixels, dpi: int) -> Pixels:
    """Return the gray page that the engine is to read."""
    gray = illuminated(without_red(bgr))
    if specks_per_mpixel(gray) > _SPECKS_PER_MPIXEL:
        gray = np.asarray(cv2.medianBlur(gray, 3), np.uint8)
    gray = stretched(gray)
    angle = skew(gray, dpi)
    if abs(angle) >= _LEAST_SKEW:
        gray = straightened(gray, angle)
    return without_leaders(gray, dpi)


def without_red(bgr: Pixels) -> Pixels:
    """Return gray pixels, from the red channel where the page is red."""
    blue, green, red = (bgr[:, :, index].astype(np.int16) for index in range(3))
    mask = ((red - np.maximum(green, blue)) > _RED).astype(np.uint8)
    mask = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8)
    return np.where(mask > 0, bgr[:, :, 2], cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)).astype(np.uint8)


def illuminated(gray: Pixels) -> Pixels:
    """Return the page divided by the brightness of its paper."""
    height, width = gray.shape
    small = cv2.resize(gray, (width // _SHRINK, height // _SHRINK), interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, 21), (0, 0), 6)
    light = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(gray, np.maximum(light, 1), scale=_PAPER), np.uint8)


def specks_per_mpixel(gray: Pixels) -> float:
    """Return how many dark marks of one or two pixels stand alone, in a million pixels."""
    dark = (gray < 128).astype(np.uint8)  # noqa: PLR2004 - half of the scale
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    tiny = int(np.count_nonzero(stats[1:, cv2.CC_STAT_AREA] <= 2))  # noqa: PLR2004 - see above
    return tiny / gray.size * 1e6


def stretched(gray: Pixels) -> Pixels:
    """Return the page with ink at 0 and paper at 255, unless the two are too near: then it is empty."""
    ink, paper = (float(value) for value in np.quantile(gray[::2, ::2], (0.005, 0.5)))
    if paper - ink < _LEAST_CONTRAST:
        return gray
    table = np.clip((np.arange(256) - ink) * 255.0 / (paper - ink), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(gray, table), np.uint8)


def skew(gray: Pixels, dpi: int) -> float:
    """Return by how many degrees text lines fall to the right: median of their boxes, long lines weigh more."""
    scale = 100.0 / dpi
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, ink = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    smeared = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 25), np.uint8))
    contours, _ = cv2.findContours(smeared, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    found = []
    for contour in contours:
        (_, _), (width, height), angle = cv2.minAreaRect(contour)
        if width < height:
            width, height, angle = height, width, angle - 90
        angle = (angle + 90) % 180 - 90
        if width > 80 and 3 < height < 40 and width > 6 * height and abs(angle) <= _MOST_SKEW:  # noqa: PLR2004
            found.append((angle, width))
    if not found:
        return 0.0
    found.sort()
    weights = np.cumsum([width for _, width in found])
    return float(found[int(np.searchsorted(weights, weights[-1] / 2))][0])


def straightened(gray: Pixels, angle: float) -> Pixels:
    """Return the page turned back."""
    height, width = gray.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return np.asarray(cv2.warpAffine(gray, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255), np.uint8)


def without_leaders(gray: Pixels, dpi: int) -> Pixels:
    """Return the page without runs of six and more equal dots at one pitch."""
    _, ink = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, _, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    largest = _DOT_INCHES * dpi
    sizes = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    dots = np.flatnonzero((sizes.max(axis=1) <= largest) & (sizes.min(axis=1) >= max(1, dpi // 150)))
    dots = dots[dots > 0]
    out = gray.copy()
    for run in runs_of(np.asarray(centres[dots], np.float64), dpi):
        for dot in dots[run]:
            x, y, width, height = (int(value) for value in stats[dot, :4])
            out[max(0, y - 2) : y + height + 2, max(0, x - 2) : x + width + 2] = 255
    return out


def runs_of(centres: NDArray[np.float64], dpi: int) -> list[list[int]]:
    """Return the runs, as indices: dots on one line, each about as far from the next as that from the one after."""
    pitch, level = _PITCH_INCHES * dpi, 0.012 * dpi
    rows = np.lexsort((centres[:, 0], np.round(centres[:, 1] / (level * 2))))
    runs: list[list[int]] = []
    run: list[int] = []
    step = 0.0
    for index in rows.tolist():
        gap = centres[index] - centres[run[-1]] if run else np.zeros(2)
        near = run and abs(gap[1]) <= level and 0 < gap[0] <= pitch
        if near and (len(run) == 1 or abs(gap[0] - step) <= 0.25 * step + 1):
            step = float(gap[0]) if len(run) == 1 else 0.8 * step + 0.2 * float(gap[0])
            run.append(index)
            continue
        runs.append(run)
        run = [run[-1], index] if near else [index]
        step = float(gap[0])
    return [run for run in [*runs, run] if len(run) >= _LEAST_DOTS]
