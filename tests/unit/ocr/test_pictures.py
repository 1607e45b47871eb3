"""Words that a picture made up go, words on and beside it stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.drawings import cadastral_map
from bench.paper import Paper
from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.pictures import picture_share, without_invented
from ocr.preparation.marks import marks_of

DPI = 150


@pytest.fixture(scope="module")
def drawing() -> Gray:
    """A map of parcels."""
    return np.asarray(cadastral_map(DPI).image.convert("L"), np.uint8)


def word(text: str, confidence: float, place: tuple[int, int], line: int) -> Word:
    """Return a word of ordinary size with its top left corner at a place."""
    left, top = place
    return Word(text, Box(left, top, left + 12 * len(text), top + 20), confidence, line, 0)


def kept(gray: Gray, *words: Word) -> list[str]:
    """Return what is left of the words."""
    letters = marks_of(gray).like_letters(DPI)
    return [found.text for found in without_invented(words, gray, letters, DPI)]


def test_maps_are_pictures_and_text_is_none(drawing: Gray, paper: Paper) -> None:
    """The share of ink that is no letter tells a map from a page of prose."""
    prose = np.asarray(paper.image.convert("L"), np.uint8)
    assert picture_share(drawing, marks_of(drawing).like_letters(DPI)) > 0.4
    assert picture_share(prose, marks_of(prose).like_letters(paper.dpi)) < 0.1
    blank = np.full_like(drawing, 255)
    assert picture_share(blank, marks_of(blank).like_letters(DPI)) == 0.0


def test_unsure_words_alone_on_a_map_go(drawing: Gray) -> None:
    """Strokes read as words stand alone with little confidence; a number that was read well stays."""
    junk = word("gữ7", 12, (300, 300), 0)
    dash = word("——", 93, (500, 300), 1)
    number = word("215.4", 95, (300, 500), 2)
    assert kept(drawing, junk, dash, number) == ["215.4"]


def test_a_few_lone_signs_among_many_strokes_go(drawing: Gray) -> None:
    """A four here and there is a corner of two parcels, however sure, where nothing else on the page was a word."""
    junk = [word("gữ7", 12, (100 + 90 * number, 300), number) for number in range(10)]
    four, seven = word("4", 93, (300, 500), 20), word("77", 84, (500, 700), 21)
    assert kept(drawing, *junk, four, seven) == []
    assert kept(drawing, *junk, four, word("215.4", 84, (500, 700), 21)) == ["4", "215.4"]
    assert kept(drawing, *junk[:2], four, seven) == ["4", "77"]
    assert kept(drawing, four) == []
    assert kept(drawing, word("Ngõ", 93, (300, 500), 20)) == ["Ngõ"]


def test_a_line_that_was_read_well_stays_whole(drawing: Gray) -> None:
    """The title block keeps its weak word; the same word beyond a wide gap on that level goes."""
    block = [word("TRÍCH", 93, (135, 1403), 0), word("LỤC", 52, (205, 1403), 0), word("BẢN", 96, (250, 1403), 0)]
    far = word("LỤC", 52, (800, 1403), 0)
    assert kept(drawing, *block, far) == ["TRÍCH", "LỤC", "BẢN"]


def test_inside_a_photograph_only_sure_words_stay() -> None:
    """Where nothing but dark areas is around, being in a line is not enough."""
    gray = np.full((1200, 900), 255, np.uint8)
    cv2.rectangle(gray, (100, 100), (800, 900), 40, cv2.FILLED)
    sign, leaf = word("BƯU", 96, (300, 400), 0), word("bào", 65, (360, 400), 0)
    assert kept(gray, sign, leaf) == ["BƯU"]


def test_a_page_of_prose_is_left_alone(paper: Paper) -> None:
    """However unsure: weak print is no picture."""
    prose = np.asarray(paper.image.convert("L"), np.uint8)
    assert kept(prose, word("mờ", 5, (300, 300), 0)) == ["mờ"]


def test_a_ruled_form_is_no_picture(paper: Paper) -> None:
    """The lines of an empty table outweigh the letters above it, and yet its unsure words stay."""
    prose = np.asarray(paper.image.convert("L"), np.uint8).copy()
    rows = prose.shape[0] * 2 // 3
    prose[rows::30, 100:1500] = prose[rows + 1 :: 30, 100:1500] = prose[rows:, 100:1500:40] = 0
    assert picture_share(prose, marks_of(prose).like_letters(paper.dpi)) > 0.3
    assert kept(prose, word("mờ", 5, (300, 300), 0)) == ["mờ"]


def test_fine_print_is_no_picture() -> None:
    """Ink that is all smaller than letters, as on a scan that tells a wrong resolution, is left alone."""
    gray = np.full((400, 600), 255, np.uint8)
    gray[100:300:8, 100:500:6] = 0
    gray[101:301:8, 100:500:6] = 0
    lines = [word("nhỏ" * 11, 5, (100, top), top) for top in range(100, 300, 20)]
    assert len(kept(gray, *lines)) == len(lines)


def test_a_lone_word_among_the_dots_of_a_print_goes() -> None:
    """The dots that print a photograph are small too, but hardly any of them was read."""
    gray = np.full((400, 600), 255, np.uint8)
    gray[10:390:4, 10:590:4] = 0
    gray[11:391:4, 10:590:4] = 0
    assert kept(gray, word("đột", 77, (200, 200), 0)) == []
