"""Scoring of the reading bench, on cases small enough to check by hand."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from bench.legibility.scoring import differences, normal, scored
from bench.legibility.statistics import ratio
from bench.legibility.truth import NOTHING, Passage, Truth


def truth(*passages: str) -> Truth:
    """Return a truth of passages with one order each."""
    return Truth(tuple(Passage((each,)) for each in passages))


def test_perfect_reading_has_no_errors() -> None:
    """The same words in other lines, decomposed and with other quotes and dashes are no error."""
    reading = unicodedata.normalize("NFD", "Độc lập – Tự do\n\n“Hạnh  phúc”")
    score = scored(truth("Độc lập - Tự do", '"Hạnh phúc"'), reading)
    assert (score.wrong_letters, score.wrong_words, score.missing_words) == (0, 0, 0)
    assert score.letters == len('Độc lập - Tự do "Hạnh phúc"')


def test_wrong_tone_counts_as_letter_and_word_but_not_without_marks() -> None:
    """A lost tone is one wrong letter and one wrong word; without diacritics it is none."""
    score = scored(truth("cộng hòa xã hội"), "cộng hoa xã hội")
    assert (score.wrong_letters, score.wrong_words, score.missing_words, score.wrong_bare_letters) == (1, 1, 1, 0)
    assert score.cer == pytest.approx(100 / 15)


@pytest.mark.parametrize("leader", ["......", ". . . . . .", "……", "______", "------", "······", "._._._", "__"])
def test_leaders_are_dropped(leader: str) -> None:
    """A leader that was read as what it is counts for nothing."""
    assert scored(truth("Họ và tên: Lê Văn A", "Số: 12"), f"Họ và tên: Lê Văn A {leader}\nSố: 12").wrong_letters == 0


@pytest.mark.parametrize("text", ["Số: 12/QĐ-UBND", "1.234.567", "- Lưu: VT.", "25/12/2011", "thi hành./.", "A - B"])
def test_marks_that_are_text_stay(text: str) -> None:
    """Full stops and hyphens of the text are not taken for leaders."""
    assert normal(text) == text


def test_either_order_of_columns_is_right() -> None:
    """A heading may be read across or down, each block on its own."""
    head = Passage(("UBND CỘNG HÒA\nXÃ Độc lập", "UBND XÃ\nCỘNG HÒA Độc lập"))
    foot = Passage(("Nơi nhận CHỦ TỊCH\nLưu An", "Nơi nhận Lưu\nCHỦ TỊCH An"))
    page = Truth((head, Passage(("GIẤY MỜI",)), foot))
    assert scored(page, "UBND XÃ CỘNG HÒA Độc lập GIẤY MỜI Nơi nhận CHỦ TỊCH Lưu An").wrong_letters == 0
    assert scored(page, "UBND CỘNG HÒA XÃ Độc lập GIẤY MỜI Nơi nhận Lưu CHỦ TỊCH An").wrong_letters == 0
    assert scored(page, "GIẤY MỜI UBND XÃ CỘNG HÒA Độc lập Nơi nhận Lưu CHỦ TỊCH An").wrong_letters > 0


def test_words_on_an_empty_page_are_invented() -> None:
    """Only what has letters or digits counts as a word."""
    assert scored(NOTHING, "a | 12 -- é").read_words == 3
    assert scored(NOTHING, "").read_words == 0


def test_differences_show_wanted_and_got() -> None:
    """The places where a reading differs are shown with their surroundings."""
    assert differences(truth("Căn cước số 099"), "Căn cước sô 099") == ["…Căn cước s[ố -> ô] 099…"]


def test_ratio_is_of_sums_and_inside_its_interval() -> None:
    """Pages weigh by their size, not one each."""
    found = ratio(np.asarray([1.0, 9.0, 2.0]), np.asarray([100.0, 100.0, 200.0]))
    assert found.value == pytest.approx(0.03)
    assert found.low <= found.value <= found.high
