"""Language, ink, cleaning and verdict: the numbers lie alone and tell the truth together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import cv2
import numpy as np
import pytest

from bench.paper import blank_paper
from dossier.page import Box, Verdict, Word
from ocr.arrays import Gray
from ocr.cleaning import cleaned
from ocr.engines.tsv import words_of
from ocr.ink import coverage, marks_at_a_glance
from ocr.language import is_syllable, syllable_share
from ocr.preparation.marks import marks_of
from ocr.rules import Rules, rules_on
from ocr.verdict import Measures, better, is_made_up, is_poor, judge, measured

GOOD = Measures(words=250, confidence=95, coverage=0.99, syllables=0.97, letters=900, level=1.0, marks=2000, dpi=300)


def word(text: str, left: int = 0, top: int = 0, confidence: float = 90) -> Word:
    """Return a word somewhere."""
    return Word(text, Box(left, top, left + 60, top + 30), confidence, 0, 0)


SYLLABLES = (
    "nghiêng Thượng ỦY quyết hòa hoà khuỷu giấy gì quý yêu nước oan xoong rượu tuyệt thuở",
    "strict bcd fọrm kwa tac lach thp ngghe aeiou hòá zebra",
)
PROSE = "Ủy ban nhân dân phường Tân Hòa Thượng tỉnh Hải Lâm quyết định"
JUNK = "uẹp ưebq xu uẽp ƒo bunq"


@pytest.mark.parametrize("text", SYLLABLES[0].split())
def test_vietnamese_syllables(text: str) -> None:
    """Onset, rhyme and tone of the spoken language, old and new tone places, capitals."""
    assert is_syllable(text)


@pytest.mark.parametrize("text", SYLLABLES[1].split())
def test_what_is_no_syllable(text: str) -> None:
    """Foreign clusters, a stop without its tone, two tones, vowels in a heap."""
    assert not is_syllable(text)


def test_abbreviations_and_numbers_do_not_count() -> None:
    """The share rests on words only."""
    assert syllable_share(["UBND", "123/2024", "QĐ", "phường", "xyzq"]) == (6 / 10, 10)


def test_cleaning_drops_rules_and_never_numbers() -> None:
    """Lone strokes go, the fraction slash becomes a slash, digits and their neighbours stay."""
    words = (word("|"), word("_"), word("12\u20443"), word("1|0"), word("||"), word("hòa"))
    assert [each.text for each in cleaned(words)] == ["12/3", "1|0", "hòa"]


def test_tsv_rows_become_words() -> None:
    """Only rows of words count, lines are numbered over the page, confidence stays within bounds."""
    rows = [
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext",
        "4\t1\t1\t1\t1\t0\t10\t20\t300\t30\t-1\t",
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96.5\tSố",
        "5\t1\t1\t1\t1\t2\t50\t20\t30\t40\t-1\t  ",
        "5\t1\t2\t1\t1\t1\t10\t90\t30\t40\t101\t12",
        "garbage",
    ]
    assert words_of("\n".join(rows)) == (
        Word("Số", Box(10, 20, 40, 60), 96.5, 0, 1),
        Word("12", Box(10, 90, 40, 130), 100.0, 1, 2),
    )


def test_blank_and_written_pages_differ_by_far(gray: Gray) -> None:
    """Grain and show-through are nothing, one page number is something, text is thousands."""
    white = np.asarray(blank_paper(200).image.convert("L")).copy()
    grain = np.clip(white - 12 + np.random.default_rng(1).normal(0, 4, white.shape), 0, 255).astype(np.uint8)
    through = cv2.GaussianBlur(cv2.flip(255 - (255 - gray) // 8, 1), (0, 0), 3)
    number = white.copy()
    cv2.putText(number, "12", (800, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    assert [marks_at_a_glance(page, 200) for page in (white, grain, through)] == [0, 0, 0]
    assert 1 <= marks_at_a_glance(number, 200) <= 5
    assert marks_at_a_glance(gray, 200) > 300


def test_coverage_is_the_ink_inside_the_words(gray: Gray) -> None:
    """All of it with one box over the page, none without words, half with the upper half."""
    letters = marks_of(gray).like_letters(200)
    height, width = gray.shape
    rows = np.flatnonzero((gray < 128).any(axis=1))
    middle = int((rows[0] + rows[-1]) // 2)
    whole, half = (Word("x", Box(0, 0, width, bottom), 90, 0, 0) for bottom in (height, middle))
    assert coverage(letters, (whole,), (width, height)) == 1.0
    assert coverage(letters, (), (width, height)) == 0.0
    assert coverage(letters, (half,), (width, height)) == pytest.approx(0.5, abs=0.06)


def test_a_good_page_is_good(rules: Rules) -> None:
    """No reason, no doubt."""
    assert judge(GOOD, rules.verdict, rules.resolution) == (Verdict.GOOD, ())


@pytest.mark.parametrize(
    ("change", "verdict", "reason"),
    [
        ({"words": 15, "confidence": 80, "coverage": 0.05, "letters": 50}, Verdict.RESCAN, "few_words_for_ink"),
        ({"coverage": 0.6}, Verdict.LOOK, "few_words_for_ink"),
        ({"confidence": 60}, Verdict.LOOK, "low_confidence"),
        ({"confidence": 42, "syllables": 0.3}, Verdict.RESCAN, "not_vietnamese"),
        ({"syllables": 0.3}, Verdict.LOOK, "not_vietnamese"),
        ({"words": 0, "letters": 0, "confidence": 0, "coverage": 0, "syllables": 0}, Verdict.LOOK, "no_words"),
        ({"dpi": 150}, Verdict.LOOK, "low_resolution"),
    ],
)
def test_each_fault_is_named(rules: Rules, change: dict[str, float], verdict: Verdict, reason: str) -> None:
    """High confidence over few words asks for a new scan, low confidence alone for a look."""
    found, reasons = judge(replace(GOOD, **change), rules.verdict, rules.resolution)
    assert found is verdict
    assert reason in reasons


def test_two_hundred_dpi_as_scanners_write_it_is_enough(rules: Rules) -> None:
    """199.9 is 200; 190 is not."""
    assert judge(replace(GOOD, dpi=199.9), rules.verdict, rules.resolution)[1] == ()
    assert judge(replace(GOOD, dpi=190), rules.verdict, rules.resolution)[1] == ("low_resolution",)


def test_a_poor_look_is_known_and_beaten(rules: Rules) -> None:
    """Junk is poor, prose is not, and prose wins."""
    prose = measured(tuple(word(text) for text in PROSE.split()), 1, 99, 300)
    junk = measured(tuple(word(text, confidence=40) for text in JUNK.split()), 1, 99, 300)
    assert is_poor(junk, rules.verdict)
    assert not is_poor(prose, rules.verdict)
    assert better(prose, junk)


def test_words_that_stand_on_end_are_a_poor_look(rules: Rules) -> None:
    """Tesseract reads some sideways pages well; boxes taller than wide give the page away."""
    flat = tuple(word(text) for text in PROSE.split())
    tall = tuple(replace(each, box=Box(0, 0, 30, 60)) for each in flat)
    upright, sideways = (measured(words, 1, 99, 300) for words in (flat, tall))
    assert is_poor(sideways, rules.verdict)
    assert better(upright, sideways)


def test_rules_of_a_day_before_all_rules_are_the_first() -> None:
    """A day long ago gets the oldest entry, not an error."""
    assert rules_on(date(1990, 1, 1)).resolution.least_dpi == 200


def test_dirt_between_words_goes() -> None:
    """Lone accents always, lone stops only when the engine is unsure of them; a dash is a list's."""
    words = (
        word("Họ"),
        word("`"),
        word("."),
        word(":", confidence=90),
        word(".", confidence=40),
        word("-", confidence=40),
    )
    assert [each.text for each in cleaned(words)] == ["Họ", ".", ":", "-"]


def test_a_handful_of_words_in_much_ink_is_made_up() -> None:
    """Strokes of a picture that came back as words; a page that was read is not, however unsure."""
    in_force = rules_on(date(2026, 11, 22))
    rules = in_force.verdict
    picture = replace(GOOD, words=3, coverage=0.1, confidence=60.0)
    assert is_made_up(picture, rules)
    assert not is_made_up(replace(picture, confidence=90.0), rules)
    assert not is_made_up(replace(GOOD, confidence=60.0), rules)
    assert judge(picture, rules, in_force.resolution)[0] is Verdict.LOOK
