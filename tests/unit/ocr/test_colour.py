"""Coloured ink goes, black ink under it stays, and a page printed in colour keeps its print."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.paper import Paper, Pixels, add_seal, scanned
from ocr.arrays import Gray
from ocr.inks import inks_of
from ocr.preparation.colour import coloured_bands
from ocr.preparation.scale import resized

BALLPOINT = (40, 60, 170)
LIGHT = 170


def without_colour(rgb: Pixels) -> tuple[Gray, Gray, bool]:
    """Return the page in gray, the same as the recipe makes it, and whether colour was found."""
    bgr = np.ascontiguousarray(rgb[:, :, ::-1])
    inks = inks_of(bgr, frozenset(), pen=True)
    return inks.gray, inks.clean, inks.clean is not inks.gray


def multiplied(rgb: Pixels, layer: Pixels) -> Pixels:
    """Return transparent ink laid over print."""
    return np.asarray(rgb.astype(np.uint16) * layer // 255, np.uint8)


def written(paper: Paper, colour: tuple[int, int, int]) -> Pixels:
    """Return the page with strokes of a pen across its print."""
    layer = np.full_like(paper.rgb, 255)
    for step in range(6):
        cv2.line(layer, (200, 250 + 60 * step), (1200, 220 + 60 * step), colour, 5)
        cv2.ellipse(layer, (700, 1600), (60 * step + 20, 60), 0, 0, 360, colour, 5)
    return multiplied(paper.rgb, layer)


def added(clean: Gray, gray: Gray) -> int:
    """Return how much ink a page has beyond the soft edges of another one's letters."""
    near = cv2.dilate(dark(gray), np.ones((5, 5), np.uint8))
    return int(np.count_nonzero(dark(clean) & ~near & 1))


def dark(gray: Gray) -> Gray:
    """Return where ink is."""
    return np.asarray(gray < LIGHT, np.uint8)


@pytest.mark.parametrize("colour", [BALLPOINT, (30, 110, 60), (120, 40, 140)])
def test_a_pen_goes_and_black_under_it_stays(paper: Paper, gray: Gray, colour: tuple[int, int, int]) -> None:
    """Blue, green and violet strokes become paper; the black letters that they cross keep their ink."""
    before, clean, found = without_colour(written(paper, colour))
    assert found
    assert np.count_nonzero(dark(before)) > np.count_nonzero(dark(gray)) + 15_000
    assert added(clean, gray) < 200
    assert np.count_nonzero(dark(gray) & ~dark(clean) & 1) < 0.01 * np.count_nonzero(dark(gray))


def test_a_seal_goes_and_black_under_it_stays(paper: Paper, gray: Gray) -> None:
    """Red ink is coloured ink."""
    sealed = Paper(paper.image.copy(), paper.dpi)
    add_seal(sealed, (3.0, 2.0))
    before, clean, found = without_colour(sealed.rgb)
    assert found
    assert np.count_nonzero(dark(before)) > np.count_nonzero(dark(gray)) + 5_000
    assert added(clean, gray) < 100
    assert np.count_nonzero(dark(gray) & ~dark(clean) & 1) < 0.01 * np.count_nonzero(dark(gray))


def test_a_coloured_pattern_goes_and_black_over_it_stays(paper: Paper, gray: Gray) -> None:
    """The waves printed under a certificate's text become paper: light all over, the letters dark."""
    layer = np.full_like(paper.rgb, 255)
    x = np.arange(layer.shape[1])
    for row in range(0, layer.shape[0], 14):
        y = np.clip(row + 5 * np.sin(x / 15), 0, layer.shape[0] - 2).astype(int)
        layer[y, x] = layer[y + 1, x] = (235, 160, 175)
    before, clean, found = without_colour(multiplied(paper.rgb, layer))
    assert found
    paper_ = gray > 250
    assert clean[paper_].mean() > 250 > before[paper_].mean() + 5
    assert np.count_nonzero(dark(gray) & ~dark(clean) & 1) < 0.02 * np.count_nonzero(dark(gray))


def test_a_page_printed_in_blue_keeps_its_print(paper: Paper) -> None:
    """Carbon copies and pages written throughout in ballpoint are all colour: nothing is taken off."""
    share = (255 - paper.rgb.astype(np.int32)) / 255
    blue = np.asarray(255 - share * (255 - np.array(BALLPOINT)), np.uint8)
    before, clean, found = without_colour(blue)
    assert not found
    assert clean is before


def test_a_red_seal_on_a_black_page_does_not_make_it_a_coloured_one(paper: Paper) -> None:
    """Red is not counted when print is judged, however large the seal: there it is never the print."""
    rgb = np.ascontiguousarray(paper.rgb[:700, :900])
    cv2.circle(rgb, (450, 350), 250, (200, 30, 45), 60)
    assert without_colour(rgb)[2]


def test_a_page_in_black_is_left_alone(paper: Paper) -> None:
    """The faint fringes and the grain of a scanner are no colour; nothing is copied."""
    before, clean, found = without_colour(scanned(paper.rgb[:800]))
    assert not found
    assert clean is before


def test_the_gray_page_that_was_given_is_left_as_it_is(paper: Paper) -> None:
    """Colour is taken off a copy."""
    rgb = written(paper, BALLPOINT)
    before, _, _ = without_colour(rgb)
    assert np.array_equal(before, cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))


def test_a_pen_in_a_scan_goes_too(paper: Paper) -> None:
    """With a scanner's blur and grain, what is left of the strokes is light."""
    x, y = 700, 1600
    _, clean, found = without_colour(scanned(written(paper, BALLPOINT)))
    half = resized(clean[y - 100 : y + 100, x - 350 : x + 350], 0.5, 0.5)
    assert found
    assert half.min() > LIGHT


def test_colour_is_looked_for_where_it_is(paper: Paper) -> None:
    """A seal above and a stroke below make two bands, which hold every coloured pixel; the print between is in none."""
    rgb = paper.rgb.copy()
    cv2.circle(rgb, (400, 300), 90, (200, 30, 45), 6)
    cv2.line(rgb, (300, 2000), (900, 2030), BALLPOINT, 4)
    bands = coloured_bands(np.ascontiguousarray(rgb[:, :, ::-1]))
    outside = rgb.copy()
    for band in bands:
        outside[band] = 255
    assert len(bands) == 2
    assert (outside.max(axis=2) - outside.min(axis=2)).max() < 20
    assert sum(band.stop - band.start for band in bands) < 400
