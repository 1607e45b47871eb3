"""Numbers are parted where the ink has spaces; no sign is ever another one, more or less."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.parting import with_numbers_parted

HEIGHT, PITCH, SPACE = 24, 19, 10


def _drawn(text: str, *, blot: bool = False) -> tuple[Gray, Box]:
    """Return a page with blocks for signs at one pitch, and the box around them."""
    page = np.full((80, 40 + 40 * len(text)), 255, np.uint8)
    x = 20
    for sign in text:
        if sign == " ":
            x += SPACE
            continue
        wide = 8 if sign == "1" else 15
        left = x + (PITCH - wide) // 2
        tall = 4 if sign == "-" else HEIGHT
        page[40 - tall : 40, left : left + wide] = 0
        x += PITCH
    if blot:
        page[30:34, 20:x] = 0
    return page, Box(21, 16, x - 1, 40)


def _read(text: str, as_read: str, *, blot: bool = False) -> list[str]:
    page, box = _drawn(text, blot=blot)
    before = Word("before", Box(0, 16, 10, 40), 90.0, 4, 1)
    first, *parts = with_numbers_parted(page, (before, Word(as_read, box, 88.0, 4, 1)))
    assert first == before
    assert {(part.line, part.block, part.confidence, part.raw) for part in parts} == {(4, 1, 88.0, "")}
    assert parts[0].box.left == box.left
    assert parts[-1].box.right == box.right
    assert all(one.box.right <= other.box.left for one, other in pairwise(parts))
    return [part.text for part in parts]


@pytest.mark.parametrize(
    "text", ["99 9 70318", "CT2 99 9", "01 - 47", "48 - 61 - 70", "CH 02215", "0900 000 195", "TE1 99 9"]
)
def test_spaces_of_the_ink_part_a_number(text: str) -> None:
    """What stands on the page with spaces is several words, whatever the engine ran together."""
    assert _read(text, text.replace(" ", "")) == text.split()


@pytest.mark.parametrize("text", ["99970318", "111", "01-47", "H99", "1990"])
def test_a_number_without_spaces_is_one_word(text: str) -> None:
    """Room beside a narrow one or a short dash is no space."""
    assert _read(text, text) == [text]


def test_a_number_set_wide_is_one_word() -> None:
    """Gaps behind every sign are how the number is set."""
    assert _read("2 0 2 6 0 1", "202601") == ["202601"]


@pytest.mark.parametrize("as_read", ["9997031", "một", "1.302,4", "99"])
def test_what_the_ink_does_not_bear_out_stays(as_read: str) -> None:
    """Another count of pieces of ink than of signs, words of letters, stops and short numbers are left alone."""
    assert _read("99 9 70318", as_read) == [as_read]


def test_signs_that_hang_together_stay() -> None:
    """A stroke through the number makes one piece of ink of it."""
    assert _read("99 9 70318", "99970318", blot=True) == ["99970318"]
