"""Letters that stand in a row make a band."""

from __future__ import annotations

import numpy as np

from ocr.bands import bands_of
from ocr.preparation.marks import Marks


def _marks(*places: tuple[int, int]) -> Marks:
    left, top = (np.asarray(values, np.int32) for values in zip(*places, strict=True))
    size = np.full(len(places), 16, np.int32)
    return Marks(left, top, size, size, size * size)


def test_near_letters_of_a_line_are_one_band() -> None:
    """Gaps within reach are closed across, not down; the widest band comes first."""
    wide = [(100 + 30 * step, 200) for step in range(6)]
    bands = bands_of(_marks((100, 40), (400, 40), *wide), (800, 600), 40)
    assert [(band.top // 40, band.width) for band in bands] == [(5, 168), (1, 20), (1, 20)]


def test_a_page_without_letters_has_none() -> None:
    """Nothing is painted, nothing is found."""
    empty = np.zeros(0, np.int32)
    assert bands_of(Marks(empty, empty, empty, empty, empty), (800, 600), 40) == []
