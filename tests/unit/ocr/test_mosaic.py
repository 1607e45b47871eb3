"""Pieces of a page are read on one sheet, and their words come back to where they stand on the page."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.engines.port import Layout
from ocr.mosaic import read_pieces

DPI = 200


class BlobEngine:
    """An engine that takes every blob of ink for a word, its text being the blob's gray level."""

    name, model, language = "blob", "none", "vie"

    def __init__(self) -> None:
        self.shown: list[tuple[Gray, int, Layout]] = []

    def read(self, gray: Gray, dpi: int, layout: Layout = Layout.PAGE, _signs: str = "") -> tuple[Word, ...]:
        """Give one word a blob, from top to bottom."""
        self.shown.append((gray, dpi, layout))
        ink = np.asarray(gray < 180, np.uint8)
        boxes = sorted((y, x, w, h) for x, y, w, h, _ in cv2.connectedComponentsWithStats(ink)[2][1:])
        return tuple(
            Word(str(round(float(gray[y + h // 2, x + w // 2]), -1)), Box(x, y, x + w, y + h), 90, line, 7)
            for line, (y, x, w, h) in enumerate(boxes)
        )

    def turn(self, _gray: Gray, _dpi: int) -> int | None:
        """Tell nothing."""
        return None

    def close(self) -> None:
        """Free nothing."""


def page_with(*blobs: tuple[Box, int]) -> Gray:
    """Return a page with filled rectangles."""
    page = np.full((2300, 1600), 255, np.uint8)
    for box, level in blobs:
        page[box.top : box.bottom, box.left : box.right] = level
    return page


BLOBS = [
    (Box(1200, 100, 1300, 130), 10),
    (Box(100, 105, 180, 140), 20),
    (Box(400, 2200, 420, 2230), 30),
    (Box(600, 900, 700, 960), 40),
]


def around(box: Box, by: int = 8) -> Box:
    """Return a box with room about it."""
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


@pytest.mark.parametrize("grow", [1.0, 1.5, 2.0])
def test_words_come_back_to_their_place(grow: float) -> None:
    """Each piece has its own word, at its place on the page to a pixel, also when it was shown larger."""
    engine = BlobEngine()
    found = read_pieces(engine, page_with(*BLOBS), [around(box) for box, _ in BLOBS], DPI, grow)
    assert [[word.text for word in words] for words in found] == [["10.0"], ["20.0"], ["30.0"], ["40.0"]]
    for (box, _), (word,) in zip(BLOBS, found, strict=True):
        there = np.array([word.box.left, word.box.top, word.box.right, word.box.bottom])
        assert np.abs(there - np.array([box.left, box.top, box.right, box.bottom])).max() <= (0 if grow == 1 else 1)
    assert [(dpi, layout) for _, dpi, layout in engine.shown] == [(round(DPI * grow), Layout.BLOCK)]


def test_a_piece_with_two_lines_has_the_words_of_both() -> None:
    """Words are told to pieces by where they stand, not by their number, and pieces may lie inside one another."""
    upper, lower, other = Box(100, 100, 200, 130), Box(100, 150, 300, 180), Box(500, 100, 560, 140)
    page = page_with((upper, 10), (lower, 20), (other, 30))
    both, one, again = read_pieces(
        BlobEngine(), page, [Box(90, 90, 310, 190), around(other), Box(90, 140, 310, 190)], DPI
    )
    assert [word.box for word in both] == [upper, lower]
    assert [word.box for word in one] == [other]
    assert [word.box for word in again] == [lower]


def test_a_piece_without_words_stays_empty() -> None:
    """As many answers as pieces, in their order."""
    blank = Box(100, 600, 400, 660)
    found = read_pieces(BlobEngine(), page_with(*BLOBS), [blank, around(BLOBS[0][0]), blank], DPI)
    assert [len(words) for words in found] == [0, 1, 0]


def test_no_pieces_ask_nothing_of_the_engine() -> None:
    """An empty table costs nothing."""
    engine = BlobEngine()
    assert read_pieces(engine, page_with(), [], DPI) == ()
    assert engine.shown == []


@pytest.mark.parametrize("grow", [1.0, 1.5])
def test_many_pieces_need_several_sheets(grow: float) -> None:
    """A sheet stays below the height that the engine takes; every word is still at its place."""
    engine = BlobEngine()
    boxes = [Box(100 + 9 * number, 20 + 10 * number, 160 + 9 * number, 50 + 10 * number) for number in range(80)]
    pieces = [Box(0, box.top, 1600, box.top + 280) for box in boxes]
    found: list[Box] = []
    for box, piece in zip(boxes[::40], pieces[::40], strict=True):
        answers = read_pieces(engine, page_with((box, 0)), [piece] * 40, DPI, grow)
        found += [word.box for words in answers for word in words]
        assert [len(words) for words in answers] == [1] * 40
    assert len(engine.shown) == 4
    assert max(gray.shape[0] for gray, _, _ in engine.shown) <= min(32_767, 41 * DPI * grow)
    for number, box in enumerate(found):
        assert abs(box.left - boxes[number // 40 * 40].left) <= 1
        assert abs(box.bottom - boxes[number // 40 * 40].bottom) <= 1


def test_a_piece_higher_than_a_sheet_is_still_read() -> None:
    """It stands on a sheet of its own; nothing is cut and no sheet is empty."""
    engine = BlobEngine()
    page = np.full((9000, 60), 255, np.uint8)
    page[8900:8930, 10:40] = 0
    ((word,), (other,)) = read_pieces(engine, page, [Box(0, 0, 60, 9000), Box(0, 8800, 60, 9000)], DPI)
    assert word.box == other.box == Box(10, 8900, 40, 8930)
    assert len(engine.shown) == 2
