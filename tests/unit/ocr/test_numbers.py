"""Numbers with doubtful letters are read once more, and nothing is replaced that both readings do not share."""

from __future__ import annotations

import numpy as np
import pytest

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.engines.port import Layout
from ocr.numbers import CODE_SIGNS, with_numbers_checked

PAGE: Gray = np.full((400, 800), 255, np.uint8)


class SecondReader:
    """An engine that gives one text after the other, the last one for ever, and remembers what it could choose from."""

    name = model = language = "vie"

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)
        self.signs: list[str] = []

    def read(self, _gray: Gray, _dpi: int, _layout: Layout = Layout.PAGE, signs: str = "") -> tuple[Word, ...]:
        """Give the next text as a word."""
        self.signs.append(signs)
        text = self._texts.pop(0) if len(self._texts) > 1 else self._texts[0]
        return (Word(text, Box(40, 40, 140, 70), 80.0, 0, 0),)

    def turn(self, _gray: Gray, _dpi: int) -> int | None:
        """Say nothing."""
        return None

    def close(self) -> None:
        """Do nothing."""


def _checked(first: str, *others: str) -> tuple[str, SecondReader]:
    engine = SecondReader(*others)
    words = (Word(first, Box(100, 100, 220, 130), 70.0, 3, 2),)
    (found,) = with_numbers_checked(engine, PAGE, words, 200)
    assert (found.box, found.line, found.block) == (words[0].box, 3, 2)
    return found.text, engine


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2ó0105-0021", "260105-0021"),
        ("0é/01/202ó", "06/01/2026"),
        ("1O/O1", "10/01"),
        ("2ó/QĐ-UBND", "26/QĐ-UBND"),
    ],
)
def test_what_both_readings_share_stands(first: str, second: str) -> None:
    """Only the doubtful letter differs: the second reading, which had digits to choose from, counts."""
    text, engine = _checked(first, second)
    assert text == second
    assert engine.signs == [CODE_SIGNS]


@pytest.mark.parametrize("second", ["270105-0021", "26010-0021", "2601050021", ""])
def test_a_reading_that_differs_elsewhere_changes_nothing(second: str) -> None:
    """Another digit where the first had one, a sign more or fewer: the first reading stays as it was."""
    assert _checked("2ó0105-0021", second)[0] == "2ó0105-0021"


@pytest.mark.parametrize(("first", "second"), [("2ó0106ó-0024", "260106-0024"), ("2ó0106ó-002óé", "260106-0026")])
def test_a_digit_seen_twice_is_one_where_two_readings_agree(first: str, second: str) -> None:
    """A six came back as a six and a letter beside it: two readings are needed to leave the letter out."""
    assert _checked(first, second, second)[0] == second
    assert _checked(first, second, "")[0] == first


@pytest.mark.parametrize(
    ("first", "second"),
    [
        *(("2ó0106ó-0024", second) for second in ("260106-002", "26010-0024", "860106-0024", "20106-0024")),
        ("202ó", "202"),
    ],
)
def test_only_letters_behind_a_six_may_be_left_out(first: str, second: str) -> None:
    """Two readings that lack a digit, or have another one and another length, change nothing."""
    assert _checked(first, second, second)[0] == first


@pytest.mark.parametrize("text", ["260105", "Điều", "1.302,4", "H99.31.08", "36b", "m2", "CT01", "O", "có", "độ"])
def test_sound_words_are_not_read_again(text: str) -> None:
    """Numbers without letters, words without digits and codes with plain letters cost nothing."""
    kept, engine = _checked(text, "X")
    assert (kept, engine.signs) == (text, [])


@pytest.mark.parametrize(("first", "second"), [("ó", "6"), ("ó.482", "6.482"), ("Oó", "06"), ("OO", "00")])
def test_a_number_of_nothing_but_letters_is_read_freely(first: str, second: str) -> None:
    """Nothing but signs that digits are taken for: digits are believed from a reading that could have given letters."""
    text, engine = _checked(first, second)
    assert (text, engine.signs) == (second, [""])


def test_a_letter_that_is_read_again_as_a_letter_stays() -> None:
    """The free reading says ó as the first did."""
    assert _checked("ó", "ó")[0] == "ó"


def test_a_plain_letter_by_itself_stays_one() -> None:
    """The quarter in I/2026 is no 1, though the second reading had only digits that look like it."""
    assert _checked("I/202ó", "1/2026")[0] == "I/2026"


def test_stops_are_taken_from_the_first_reading() -> None:
    """Small sizes blur commas into stops."""
    assert _checked("202é,", "2026.")[0] == "2026,"


def test_another_size_is_tried_where_a_digit_is_missing() -> None:
    """The second reading lost the six, the third has it."""
    text, engine = _checked("0ó", "0", "06")
    assert (text, len(engine.signs)) == ("06", 2)


def test_two_readings_outvote_one_digit() -> None:
    """A number that had a letter in it may have a wrong digit too: two readings of two sizes must agree on that."""
    assert _checked("2ó0104", "260106")[0] == "260106"
    assert _checked("2ó0104", "260106", "260108", "260105")[0] == "2ó0104"
