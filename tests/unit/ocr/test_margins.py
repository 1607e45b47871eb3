"""White margins are kept from the engine, and its words come back to their place."""

from __future__ import annotations

import numpy as np

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.engines.margins import without_margins

DPI = 200


def page(*spots: tuple[int, int]) -> Gray:
    """Return a white page with some black spots of ten pixels, given by row and column."""
    gray = np.full((1200, 800), 255, np.uint8)
    for row, column in spots:
        gray[row : row + 10, column : column + 10] = 0
    return gray


def test_only_what_has_ink_is_shown_and_boxes_are_on_the_page() -> None:
    """The part shown begins above and left of the first ink; a word found there is moved back by as much."""
    shown: list[Gray] = []

    def read(part: Gray) -> tuple[Word, ...]:
        shown.append(part)
        top, left = (int(where[0]) for where in np.nonzero(part == 0))
        return (Word("chữ", Box(left, top, left + 10, top + 10), 90.0, 0, 0),)

    gray = page((300, 200), (600, 500))
    (word,) = without_margins(gray, DPI, read)
    assert word.box == Box(200, 300, 210, 310)
    assert shown[0].size < 0.3 * gray.size
    assert np.count_nonzero(shown[0] == 0) == 200
    assert shown[0].flags.c_contiguous


def test_ink_at_every_edge_leaves_the_page_whole() -> None:
    """Nothing is cut off, and nothing is moved."""
    gray = page((0, 0), (1190, 790))
    without_margins(gray, DPI, lambda part: _seen(part, gray))


def test_a_page_without_ink_is_shown_whole() -> None:
    """There is nothing to cut by."""
    gray = page()
    without_margins(gray, DPI, lambda part: _seen(part, gray))


def _seen(part: Gray, gray: Gray) -> tuple[Word, ...]:
    assert np.array_equal(part, gray)
    return ()
