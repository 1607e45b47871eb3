"""A sheet photographed from a hand comes back to its rectangle, and its words to their place on the photograph."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.paper import Paper, jpeg
from dossier.page import Box, Word
from dossier.scan import Encoding, PageScan
from ocr.arrays import Gray
from ocr.frame import moved_back
from ocr.page import read_page
from ocr.preparation.perspective import flattened, moved_along
from ocr.preparation.skew import level, turning
from tests.unit.ocr.conftest import TEXT, ScriptedEngine

DPI = 200


def photographed(
    gray: Gray, desk: int = 90, shift: float = 0.05
) -> tuple[Gray, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """Return the page on a desk, its corners off by up to a share of its width, and the matrix that it went through."""
    height, width = gray.shape
    corners = np.asarray([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    inward = np.asarray([(0.03, 0.02), (-0.03 - shift, 0.04), (-0.02, -0.03), (0.04 + shift, -0.02)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, (corners + inward * width).astype(np.float32))
    seen = cv2.warpPerspective(gray, matrix, (width, height), borderValue=(float(desk),))
    return np.asarray(seen, np.uint8), np.asarray(matrix, np.float64)


def test_the_sheet_comes_back_to_its_rectangle(gray: Gray) -> None:
    """Corners that were up to 130 pixels off stand on a rectangle again, within two pixels."""
    seen, matrix = photographed(gray)
    flat, back = flattened(seen)
    assert back is not None
    height, width = gray.shape
    corners = np.asarray([[(0, 0), (width, 0), (width, height), (0, height)]], np.float64)
    places = cv2.perspectiveTransform(corners, back @ matrix)[0]
    assert np.abs(places[[0, 1], 0] - places[[3, 2], 0]).max() < 2
    assert np.abs(places[[0, 3], 1] - places[[1, 2], 1]).max() < 2
    assert np.median(flat[:, :20]) > 200  # no desk is left


@pytest.mark.parametrize("desk", [255, 230])
def test_a_page_without_a_dark_desk_is_left_alone(gray: Gray, desk: int) -> None:
    """A scan, and a page on a bright table, are not touched."""
    seen, _ = photographed(gray, desk)
    assert flattened(seen) == (seen, None)


def test_a_dark_frame_without_straight_sides_is_left_alone(gray: Gray) -> None:
    """What is no sheet with four sides stays as it is."""
    height, width = gray.shape
    y, x = np.mgrid[0:height, 0:width]
    oval = ((x - width / 2) / width) ** 2 + ((y - height / 2) / height) ** 2 < 0.24
    seen = np.where(oval, gray, 60).astype(np.uint8)
    assert flattened(seen)[1] is None


def test_other_ink_moves_with_the_page(gray: Gray) -> None:
    """Ink that was taken off before lies where it was taken off, and no edge comes in as ink."""
    seen, _ = photographed(gray)
    flat, matrix = flattened(seen)
    assert matrix is not None
    ink = np.where(seen < 80, seen, 255).astype(np.uint8)
    moved = moved_along(ink, matrix)
    assert np.count_nonzero((moved < 128) & (flat < 128)) > 0.9 * np.count_nonzero(moved < 128) > 0
    assert moved[0].min() == moved[-1].min() == 255


def test_boxes_go_back_to_the_photograph(gray: Gray) -> None:
    """A box in pixels of the flat page that was levelled by a degree lies on the photograph, levelled by as much."""
    seen, _ = photographed(gray)
    flat, matrix = flattened(seen)
    assert matrix is not None
    turn = turning(1.0, (gray.shape[1], gray.shape[0]))
    place = Word("x", Box(700, 300, 760, 340), 90, 0, 0)
    box = moved_back((place,), matrix, turn)[0].box
    spot = np.full_like(flat, 255)
    spot[300:340, 700:760] = 0
    unlevelled = level(spot, -1.0)
    on_photograph = cv2.warpPerspective(unlevelled, np.linalg.inv(matrix), gray.shape[::-1], borderValue=(255.0,))
    ys, xs = np.nonzero(level(np.asarray(on_photograph, np.uint8), 1.0) < 128)
    assert (box.left, box.top) == pytest.approx((xs.min(), ys.min()), abs=3)
    assert (box.right, box.bottom) == pytest.approx((xs.max(), ys.max()), abs=3)


def test_words_of_a_photograph_lie_on_it(paper: Paper) -> None:
    """Words found on the flat page are told where the photograph has them; the step can be left out."""
    seen, matrix = photographed(np.asarray(paper.image.convert("L"), np.uint8))
    rgb = np.repeat(seen[:, :, None], 3, axis=2)
    scan = PageScan(Encoding.JPEG, seen.shape[1], seen.shape[0], DPI, DPI, 3)
    _, back = flattened(seen)
    assert back is not None
    words = tuple(Word(text, Box(*box), 95, 0, 0) for text, box in paper.words)[: len(TEXT.split())]
    moved = moved_back(words, np.linalg.inv(back @ matrix), np.eye(2, 3))
    reading = read_page(ScriptedEngine([moved] * 3), jpeg(rgb, 95), scan)
    assert "perspective" in reading.transform.operations
    first, there = words[0].box, reading.text.words[0].box
    corner = cv2.perspectiveTransform(np.asarray([[(first.left, first.top)]], np.float64), matrix)[0][0]
    assert (there.left, there.top) == pytest.approx(tuple(corner), abs=6)
    without = read_page(ScriptedEngine([moved] * 3), jpeg(rgb, 95), scan, without=frozenset({"perspective"}))
    assert "perspective" not in without.transform.operations
