"""Find where two pages that lie side by side on one scan meet: booklets and certificates opened flat."""

from __future__ import annotations

from typing import Final

import numpy as np

from ocr.preparation.marks import Marks

# Inches. Only a sheet wider than a page can hold two.
_LEAST_WIDTH: Final = 10.0
_LEAST_GAP: Final = 0.25
_BIN: Final = 0.05
_MIDDLE: Final = (0.38, 0.62)
# Share of the letters that may stand in the gap (a stain), and that must stand on each side of it.
_STRAY: Final = 0.002
_SIDE: Final = 0.15
_LETTERS_NEEDED: Final = 200


def gutter_of(letters: Marks, size: tuple[int, int], dpi: float) -> int | None:
    """Return the column at which two pages meet, None for a single page.

    Args:
        letters: Letter-sized marks of an upright page.
        size: Its width and height in pixels.
        dpi: Its resolution.
    """
    width, height = size
    if width < height or width < _LEAST_WIDTH * dpi or len(letters.left) < _LETTERS_NEEDED:
        return None
    step = _BIN * dpi
    count = np.zeros(int(width / step) + 2, np.int64)
    first, last = (letters.left / step).astype(int), ((letters.left + letters.width) / step).astype(int)
    for shift in range(int((last - first).max()) + 1):
        inside = first + shift <= last
        np.add.at(count, np.minimum(first[inside] + shift, len(count) - 1), 1)
    begin, end = _widest_gap(count <= _STRAY * len(letters.left), len(count))
    middle = (begin + end) / 2 * step
    if (end - begin) * step < _LEAST_GAP * dpi:
        return None
    left = np.count_nonzero(letters.left < middle) / len(letters.left)
    return round(middle) if _SIDE <= left <= 1 - _SIDE else None


def _widest_gap(empty: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], bins: int) -> tuple[int, int]:
    """Return begin and end of the widest run of empty bins whose middle lies in the middle of the sheet."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]]).astype(np.int8)))
    runs = [
        (int(begin), int(end))
        for begin, end in zip(edges[::2], edges[1::2], strict=True)
        if _MIDDLE[0] <= (begin + end) / 2 / bins <= _MIDDLE[1]
    ]
    return max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
