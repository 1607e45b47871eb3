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
    """An engine that reads one word on every sheet and remembers what it was given to choose from."""

    name = model = language = "vie"

    def __init__(self, text: str) -> None:
        self._text = text
        self.signs: list[str] = []

    def read(self, _gray: Gray, _dpi: int, _layout: Layout = Layout.PAGE, signs: str = "") -> tuple[Word, ...]:
        """Give the word."""
        self.signs.append(signs)
        return (Word(self._text, Box(40, 40, 140, 70), 80.0, 0, 0),)

    def turn(self, _gray: Gray, _dpi: int) -> int | None:
        """Say nothing."""
        return None

    def close(self) -> None:
        """Do nothing."""


def _checked(first: str, second: str) -> tuple[str, SecondReader]:
    engine = SecondReader(second)
    words = (Word(first, Box(100, 100, 220, 130), 70.0, 3, 2),)
    (found,) = with_numbers_checked(engine, PAGE, words, 200)
    assert (found.box, found.line, found.block) == (words[0].box, 3, 2)
    return found.text, engine


@pytest.mark.parametrize(
    ("first", "second"), [("2ó0105-0021", "260105-0021"), ("0é/01/202ó", "06/01/2026"), ("1O/O1", "10/01")]
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


@pytest.mark.parametrize("text", ["260105", "Điều", "1.302,4", "H99.31.08", "36b", "m2", "CT01", "ó"])
def test_sound_words_are_not_read_again(text: str) -> None:
    """Numbers without letters, words without digits and codes with plain letters cost nothing."""
    kept, engine = _checked(text, "X")
    assert (kept, engine.signs) == (text, [])
