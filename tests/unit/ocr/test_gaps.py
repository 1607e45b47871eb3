"""Lines that the engine passed over are read after all and put where they belong."""

from __future__ import annotations

import pytest

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.gaps import with_gaps_read
from ocr.preparation.marks import marks_of
from tests.unit.ocr.conftest import TEXT, ScriptedEngine

LINE_HEIGHT = 49


def lines(*skipped: int) -> tuple[Word, ...]:
    """Return the drawn page's lines as one word each, some left out."""
    kept = [number for number in range(24) if number not in skipped]
    boxes = [Box(200, 160 + number * LINE_HEIGHT, 1640, 160 + (number + 1) * LINE_HEIGHT) for number in kept]
    return tuple(
        Word(f"dòng {number}", box, 90, order, 3) for order, (number, box) in enumerate(zip(kept, boxes, strict=True))
    )


def found(confidence: float = 90) -> tuple[Word, ...]:
    """Return what the engine says to the band, in the band's own pixels."""
    texts = TEXT.splitlines()[0].split()
    return tuple(Word(text, Box(24 + 80 * n, 20, 90 + 80 * n, 50), confidence, 0, 1) for n, text in enumerate(texts))


def test_a_passed_over_line_is_read_in_its_place(gray: Gray) -> None:
    """The tenth line comes back between the ninth and the eleventh, in their block, lines numbered anew."""
    engine = ScriptedEngine([found()])
    words = with_gaps_read(engine, gray, marks_of(gray).like_letters(200), lines(9), 200)
    texts = [" ".join(word.text for word in words if word.line == number) for number in range(24)]
    assert texts[8] == "dòng 8"
    assert texts[9].startswith("Nguyễn Văn An")
    assert texts[10] == "dòng 10"
    assert {word.block for word in words} == {3}
    added = next(word for word in words if word.text == "Nguyễn")
    assert abs(added.box.top - (160 + 9 * LINE_HEIGHT)) < LINE_HEIGHT


@pytest.mark.parametrize(
    "answer", [found(confidence=40), (Word("uẹpq", Box(24, 20, 90, 50), 90, 0, 1),), ()], ids=["unsure", "junk", "none"]
)
def test_what_cannot_be_believed_is_left_out(gray: Gray, answer: tuple[Word, ...]) -> None:
    """A signature gives unsure words or words that are not Vietnamese: the page stays as read."""
    engine = ScriptedEngine([answer])
    assert with_gaps_read(engine, gray, marks_of(gray).like_letters(200), lines(9), 200) == lines(9)


def test_a_page_read_in_full_costs_nothing_more(gray: Gray) -> None:
    """Without unread letters the engine is not asked again."""
    engine = ScriptedEngine([found()])
    assert with_gaps_read(engine, gray, marks_of(gray).like_letters(200), lines(), 200) == lines()
    assert engine.shown == []
