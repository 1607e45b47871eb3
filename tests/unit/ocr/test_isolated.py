"""Specks that stand alone go when they are many; whatever belongs to print stays."""

from __future__ import annotations

import numpy as np
import pytest

from bench.paper import typed_paper
from ocr.arrays import Gray
from ocr.preparation.isolated import drop_isolated
from ocr.preparation.marks import marks_of

DPI = 200
TEXT = "\n".join(["Ở đó, ông Ỷ ký số 1.250.000; bà Ễ, ị, ẵ; các cụ: ỹ, ổ, ệ. Hết."] * 10)


@pytest.fixture(scope="module")
def page() -> Gray:
    """Ten lines of print with every kind of small mark, white below."""
    return np.asarray(typed_paper(TEXT, DPI).image.convert("L"), np.uint8)


def specked(page: Gray, count: int, side: int = 3) -> Gray:
    """Return the page with specks over its white lower half, far from each other."""
    dirty = page.copy()
    for number in range(count):
        y, x = 1000 + 40 * (number // 30), 100 + 45 * (number % 30)
        dirty[y : y + side, x : x + side] = 0
    return dirty


def test_many_specks_far_from_print_go(page: Gray) -> None:
    """The page comes out as it was before the dirt, full stops and diacritics with it."""
    clean, left = drop_isolated(specked(page, 200), marks_of(specked(page, 200)), DPI)
    assert np.array_equal(clean, page)
    assert len(left.left) == len(marks_of(page).left)


def test_the_dirty_page_is_left_as_it_is(page: Gray) -> None:
    """The specks are wiped on a copy."""
    dirty = specked(page, 200)
    before = dirty.copy()
    drop_isolated(dirty, marks_of(dirty), DPI)
    assert np.array_equal(dirty, before)


def test_few_specks_stay(page: Gray) -> None:
    """Bullets and the ends of leaders are few: then nothing is touched, nor copied."""
    dirty = specked(page, 30)
    marks = marks_of(dirty)
    clean, left = drop_isolated(dirty, marks, DPI)
    assert clean is dirty
    assert left is marks


def test_specks_as_large_as_letters_stay(page: Gray) -> None:
    """What may be a digit is not wiped, however many there are."""
    dirty = specked(page, 200, side=9)
    assert drop_isolated(dirty, marks_of(dirty), DPI)[0] is dirty


def test_more_specks_beside_print_than_elsewhere_stay(page: Gray) -> None:
    """Among letters they are dots of theirs, though they are as small as those that stand alone and go."""
    dirty = specked(page, 200)
    letters = marks_of(page)
    tall = np.argsort(letters.height)[-150:]
    for y, x in zip(letters.top[tall] - 6, letters.left[tall], strict=True):
        dirty[y : y + 3, x : x + 3] = 0
    clean, _ = drop_isolated(dirty, marks_of(dirty), DPI)
    assert np.array_equal(clean[:1000], dirty[:1000])
    assert np.all(clean[1000:] == 255)


def test_a_page_of_specks_alone_is_cleaned() -> None:
    """Where there is no print at all, every speck stands alone, at the edges of the page too."""
    page = np.full((400, 400), 255, np.uint8)
    page[::20, ::20] = 0
    page[399, 399] = 0
    clean, left = drop_isolated(page, marks_of(page), DPI)
    assert np.all(clean == 255)
    assert len(left.left) == 0


def test_an_empty_page_is_no_error() -> None:
    """No marks, nothing to do."""
    page = np.full((400, 300), 255, np.uint8)
    assert drop_isolated(page, marks_of(page), DPI)[0] is page


def test_stops_that_stand_wide_of_their_words_are_no_dust(page: Gray) -> None:
    """The colons and stops of a typewriter's face stand as far from letters as dust; no dust lies farther off."""
    dotted = page.copy()
    rows = np.flatnonzero((page < 128).any(axis=1))
    for number in range(60):
        y = int(rows[0]) + (number % 10) * 40
        x = 1480 + 14 * (number // 10)
        dotted[y : y + 3, x : x + 3] = 0
        dotted[y : y + 25, x + 3 + 12 : x + 3 + 16] = 0
    clean, _ = drop_isolated(dotted, marks_of(dotted), DPI)
    assert clean is dotted


def powdered(page: Gray, side: int) -> Gray:
    """Return the page with specks all over it, over the print too, where they stand free of the letters."""
    dirty = page.copy()
    for y in range(60, page.shape[0] - 60, 37):
        for x in range(60, page.shape[1] - 60, 41):
            if np.all(page[y - 4 : y + side + 4, x - 4 : x + side + 4] == 255):
                dirty[y : y + side, x : x + side] = 0
    return dirty


def test_dust_beside_print_goes_when_it_is_smaller_than_dots(page: Gray) -> None:
    """Nearly no speck is left, and every stop and every dot of a letter is."""
    dirty = powdered(page, 2)
    clean, left = drop_isolated(dirty, marks_of(dirty), DPI)
    assert np.mean(clean != page) < np.mean(dirty != page) / 50
    assert len(left.left) == len(marks_of(page).left)


def test_dust_as_large_as_dots_stays_beside_print(page: Gray) -> None:
    """It cannot be told from them: only what stands alone goes."""
    dots = marks_of(page)
    side = round(float(np.sqrt(np.quantile(dots.area[dots.area < 60], 0.2))))
    dirty = powdered(page, side)
    clean, left = drop_isolated(dirty, marks_of(dirty), DPI)
    assert len(left.left) > len(dots.left)
    assert np.all(clean[page < 128] < 128)
