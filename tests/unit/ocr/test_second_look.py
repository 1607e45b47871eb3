"""Lines that were read badly are read again, larger; only a better reading is taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dossier.page import Box, Word
from ocr.second_look import looked_again
from tests.unit.ocr.conftest import ScriptedEngine

DPI = 200
PAGE = np.full((2300, 1600), 255, np.uint8)


def line(text: str, confidence: float, *, number: int = 0, top: int = 300) -> tuple[Word, ...]:
    """Return a line of words of one confidence on the page, in the block with twice its number."""
    return tuple(
        Word(word, Box(100 + 120 * at, top, 200 + 120 * at, top + 30), confidence, number, 2 * number)
        for at, word in enumerate(text.split())
    )


def shown(text: str, confidence: float, row: int = 0) -> tuple[Word, ...]:
    """Return the words as the engine gives them on its sheet, one band of 38 pixels and 18 between them a row."""
    top = round(1.5 * (24 + 4 + row * (30 + 12 + 18)))
    return tuple(
        Word(word, Box(60 + 180 * at, top, 200 + 180 * at, top + 45), confidence, 40 + row, 9)
        for at, word in enumerate(text.split())
    )


def texts(words: tuple[Word, ...]) -> str:
    """Return the words as one text."""
    return " ".join(word.text for word in words)


def test_a_surer_reading_is_taken() -> None:
    """The new words stand with the numbers of the line and block that they are in, at their place on the page."""
    first, bad, last = line("Kính gửi", 95, number=3), line("Nguyen Vãn Bmh", 40, number=4, top=400), line("Hết", 95)
    last = tuple(replace(word, line=5, block=10, box=replace(word.box, top=500, bottom=530)) for word in last)
    engine = ScriptedEngine([shown("Nguyễn Văn Bình", 91)])
    words = looked_again(engine, PAGE, (*first, *bad, *last), DPI)
    assert texts(words) == "Kính gửi Nguyễn Văn Bình Hết"
    assert [(word.line, word.block) for word in words] == [(3, 6)] * 2 + [(4, 8)] * 3 + [(5, 10)]
    assert [word.confidence for word in words[2:5]] == [91] * 3
    assert all(380 <= word.box.top < word.box.bottom <= 450 for word in words[2:5])
    assert words[2].box.left == pytest.approx(100, abs=12)


def test_good_lines_cost_no_reading() -> None:
    """Where everything is sure, the engine is not asked and the words are the same."""
    engine, words = ScriptedEngine([]), line("Nguyễn Văn Bình, số 12/QĐ-UBND, H99, 29/GPXD", 92)
    assert looked_again(engine, PAGE, words, DPI) is words
    assert engine.shown == []


def test_no_words_cost_no_reading() -> None:
    """An empty page has no bad lines."""
    engine = ScriptedEngine([])
    assert looked_again(engine, PAGE, (), DPI) == ()
    assert engine.shown == []


@pytest.mark.parametrize(
    ("again", "confidence"),
    [
        ("Nguyễn Văn Bình", 55),
        ("Nguyễn Văn Bình", 60.5),
        ("Ngxyzn Vxn Bwnh", 75),
        ("Nguyễn", 96),
        ("Nguyễn Văn Bình cư trú tại", 96),
        ("", 0),
    ],
    ids=["less sure", "hardly surer", "no Vietnamese", "a part", "more than the line", "nothing"],
)
def test_a_reading_that_is_not_better_is_not_taken(again: str, confidence: float) -> None:
    """What was read first stays, word for word."""
    words = line("Nguyên Văn Binh", 60)
    engine = ScriptedEngine([shown(again, confidence)])
    assert looked_again(engine, PAGE, words, DPI) == words
    assert len(engine.shown) == 1


@pytest.mark.parametrize("text", ["ngày ó6 tháng", "ngày 1ô tháng", "số 2l4 phố", "số O5 phố"])
def test_digits_in_a_wrong_company_are_looked_at(text: str) -> None:
    """A sure word with a digit beside a letter with a mark, or beside a letter like a digit, is doubtful."""
    fixed = text.replace("ó6", "06").replace("1ô", "10").replace("2l4", "214").replace("O5", "05")
    engine = ScriptedEngine([shown(fixed, 90)])
    assert texts(looked_again(engine, PAGE, line(text, 90), DPI)) == fixed


def test_a_reading_that_brings_wrong_company_is_not_taken() -> None:
    """A little surer, but with a letter among its digits, is not better."""
    engine = ScriptedEngine([shown("ngày 1ô tháng", 72)])
    assert texts(looked_again(engine, PAGE, line("ngày 16 tháng", 69), DPI)) == "ngày 16 tháng"


def test_the_worst_eight_lines_are_looked_at_and_no_more() -> None:
    """The time of a bad page is bounded: one sheet, with the lines that are least sure."""
    lines = [line("Phường Tân Hòa", 30 + number, number=number, top=100 + 60 * number) for number in range(20)]
    engine = ScriptedEngine([tuple(word for row in range(20) for word in shown("Phường Tân Hòa", 90, row))])
    words = looked_again(engine, PAGE, tuple(word for each in lines for word in each), DPI)
    assert len(engine.shown) == 1
    assert {word.line for word in words if word.confidence == 90} <= set(range(8))
    assert 0 in {word.line for word in words if word.confidence == 90}
    assert [word.line for word in words] == sorted(word.line for word in words)
    # Eight padded lines and the spaces between them, one and a half times as large.
    assert engine.shown[0].shape[0] == pytest.approx(1.5 * (8 * (30 + 12) + 7 * 18 + 48), abs=3)


def test_each_line_gets_its_own_answer() -> None:
    """Of two doubtful lines one is read better: that one is taken, the other stays."""
    worse, bad = line("Trân Thi Mai", 45, number=1, top=500), line("Lê Văn Tám", 65, number=0)
    engine = ScriptedEngine([(*shown("Trần Thị Mai", 90, 0), *shown("Lx Vwn Tzm", 60, 1))])
    assert texts(looked_again(engine, PAGE, (*bad, *worse), DPI)) == "Lê Văn Tám Trần Thị Mai"


def test_a_line_at_the_edge_of_the_page_is_no_error() -> None:
    """The margin around the line ends where the page does."""
    words = (Word("Bmh", Box(0, 0, 1600, 20), 40, 0, 0), Word("An", Box(0, 2290, 1600, 2300), 40, 1, 0))
    engine = ScriptedEngine([])
    assert looked_again(engine, PAGE, words, DPI) == words
    assert engine.shown[0].shape[1] == pytest.approx(1.5 * (1600 + 48), abs=1)
