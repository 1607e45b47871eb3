"""Stamps are seen by their letters: over print, in pale ink, on gray pages; nothing is seen on paper without any."""

from __future__ import annotations

import numpy as np
import pytest

from bench.legibility.fonts import DEV
from bench.paper import Pixels, typed_paper
from bench.secrecy.pressing import INKS, Stamp, impression, press
from ocr.glance import glance_of
from ocr.letters import MARKS_SEEN, Seen
from ocr.rules import Rules
from ocr.secrecy import sights_of
from ocr.sizes import seen_on
from tests.unit.ocr.conftest import TEXT

DPI = 200


def stamped(text: str, *, ink: str = "red", strength: float = 0.95, place: tuple[float, float] = (2.1, 2.3)) -> Pixels:
    """Return a page full of print with a stamp pressed on it, as RGB."""
    rgb = np.array(typed_paper(TEXT, dpi=DPI).image)
    rng = np.random.default_rng(3)
    stamp = Stamp(text, DEV[0].bold, 4.2, 0.0, "single", ink, strength, 0.1, 1.5)
    press(rgb, impression(stamp, DPI, rng).ink, (place[0] * DPI, place[1] * DPI), INKS[ink], rng)
    return rgb


def glanced(rgb: Pixels) -> Pixels:
    """Return RGB pixels as the reader sees them at a glance."""
    return glance_of(np.ascontiguousarray(rgb[:, :, ::-1]), (DPI, DPI))


def surest(rgb: Pixels, rules: Rules) -> Seen | None:
    """Return what looks most like a stamp in its place."""
    return next(iter(sights_of(glanced(rgb), rules.secrecy, is_sized=True).in_place), None)


@pytest.mark.parametrize("mark", MARKS_SEEN)
@pytest.mark.parametrize("ink", ["red", "violet"])
def test_a_stamp_over_lines_of_print_is_seen(rules: Rules, mark: str, ink: str) -> None:
    """The lines below go on through the letters; the place is that of the last word."""
    seen = surest(stamped(mark, ink=ink), rules)
    assert seen is not None
    assert seen.chance >= rules.secrecy.seen_stops
    assert abs(seen.y / 100 - 2.3) < 0.15


@pytest.mark.parametrize("text", ["BẢO MẬT", "MẬT ĐỘ", "HỎA TỐC", "SAO Y", "BẢN CHÍNH"])
def test_other_stamps_are_not_taken_for_it(rules: Rules, text: str) -> None:
    """In the same place, ink and frame."""
    seen = surest(stamped(text), rules)
    assert seen is None or seen.chance < rules.secrecy.seen_stops


def test_elsewhere_on_the_page_is_not_the_place(rules: Rules) -> None:
    """In the right half and in the lower half it is for a person to look."""
    assert surest(stamped("TỐI MẬT", place=(6.4, 2.0)), rules) is None
    assert surest(stamped("TỐI MẬT", place=(2.0, 8.0)), rules) is None


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (80, 9), (600, 420)])
@pytest.mark.parametrize("shade", [0, 128, 255])
def test_sheets_of_any_size_and_shade_are_empty(size: tuple[int, int], shade: int) -> None:
    """Nothing is seen, and nothing breaks, on scraps, on black and on white."""
    assert seen_on(np.full(size, shade, np.uint8), 0.1, 0.5) == []
    assert seen_on(np.full((*size, 3), shade, np.uint8), 0.1, 0.5) == []


@pytest.mark.parametrize(
    ("dpi", "size"), [((300, 300), (3300, 2400)), ((200, 200), (2200, 1600)), ((240, 200), (2200, 1920))]
)
def test_a_glance_has_a_hundred_dots_to_the_inch(dpi: tuple[float, float], size: tuple[int, int]) -> None:
    """Whatever the scan's resolution, also where it differs across and down."""
    glance = glance_of(np.full((*size, 3), 200, np.uint8), dpi)
    assert abs(glance.shape[1] / (size[1] / dpi[0]) - 100) <= 3
    assert abs(glance.shape[0] / (size[0] / dpi[1]) - 100) <= 3
    assert glance.shape[2] == 3


def test_marks_are_those_of_the_rules(rules: Rules) -> None:
    """What the network was taught to name is what the rules call a mark."""
    assert set(MARKS_SEEN) == set(rules.secrecy.marks)
