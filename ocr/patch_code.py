"""Patch T, the separator that document scanners know: four bars across the paper, narrow, wide, narrow, wide.

Bars and spaces are 0.08 inch, wide bars 0.20, all 0.80 (the makers' drawings); at least 2 inches long. Upside down it
reads as Patch 3: both count as a plain separator.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.preparation.scale import at_a_glance

_DPI: Final = 75.0
_UNIT: Final = 0.08
_WIDE: Final = 2.5  # units
_PATTERNS: Final = ((1, 1, _WIDE, 1, 1, 1, _WIDE), (_WIDE, 1, 1, 1, _WIDE, 1, 1))
_SLACK: Final = 0.45  # units that an edge may be off; print and skew
_QUIET: Final = 1.2  # units of white before and after
_LENGTH: Final = 1.6  # inches, less than two for skew
_STEP: Final = 0.1  # inches between the lines that are looked along


def has_patch_code(gray: Gray, dpi: float) -> bool:
    """Return whether a page has a patch code, its bars lying or standing.

    Args:
        gray: The page.
        dpi: Its resolution.
    """
    less = min(1.0, _DPI / max(dpi, 1.0))
    small = at_a_glance(gray, less)
    unit = _UNIT * dpi * small.shape[1] / gray.shape[1]
    if min(small.shape) < 12 * unit:
        return False
    _, ink = cv2.threshold(small, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    dark = np.asarray(ink, np.uint8)
    return _along_columns(dark, unit) or _along_columns(np.ascontiguousarray(dark.T), unit)


def _along_columns(dark: NDArray[np.uint8], unit: float) -> bool:
    """Return whether enough columns next to each other show the pattern at about the same height."""
    step = max(1, round(_STEP / _UNIT * unit))
    needed = round(_LENGTH / _STEP)
    run, last = 0, -1.0
    for column in dark[:, ::step].T:
        at = _pattern(column, unit)
        near = at >= 0 and last >= 0 and abs(at - last) < unit
        run = run + 1 if near else int(at >= 0)
        last = at
        if run >= needed:
            return True
    return False


def _pattern(line: NDArray[np.uint8], unit: float) -> float:
    """Return where along a line the four bars begin, -1 where they are not."""
    edges = np.flatnonzero(np.diff(line)) + 1
    if len(edges) < 8:  # noqa: PLR2004 - four bars
        return -1.0
    bounds = [0, *edges.tolist(), len(line)]
    first = 1 if line[0] == 0 else 2
    widths = [(end - start) / unit for start, end in pairwise(bounds)]
    for at in range(first, len(widths) - 7, 2):
        quiet = min(widths[at - 1], widths[at + 7]) >= _QUIET
        if quiet and any(_fits(widths[at : at + 7], pattern) for pattern in _PATTERNS):
            return float(bounds[at])
    return -1.0


def _fits(widths: list[float], pattern: tuple[float, ...]) -> bool:
    return all(abs(width - wanted) < _SLACK for width, wanted in zip(widths, pattern, strict=True))
