"""Raised digits behind units are told by where their ink stands and by a reading of it on the line."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.paper import serif
from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.engines.port import Layout
from ocr.superscripts import with_raised_digits

DPI = 200


class DigitReader:
    """An engine that gives one text after the other for whatever it is shown, the last one for ever."""

    name = model = language = "vie"

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)
        self.shown: list[Gray] = []

    def read(self, gray: Gray, _dpi: int, _layout: Layout = Layout.PAGE, _signs: str = "") -> tuple[Word, ...]:
        """Give the next text."""
        self.shown.append(gray)
        text = self._texts.pop(0) if len(self._texts) > 1 else self._texts[0]
        return (Word(text, Box(24, 24, 60, 50), 90.0, 0, 0),)

    def turn(self, _gray: Gray, _dpi: int) -> int | None:
        """Say nothing."""
        return None

    def close(self) -> None:
        """Do nothing."""


def _read(printed: str, first: str, *digits: str) -> tuple[str, DigitReader]:
    picture = Image.new("L", (400, 120), 255)
    font = serif(13, DPI)
    ImageDraw.Draw(picture).text((100, 40), printed, fill=0, font=font)
    left, top, right, bottom = map(int, font.getbbox(printed))
    word = Word(first, Box(98 + left, 38 + top, 102 + right, 42 + bottom), 80.0, 4, 1)
    engine = DigitReader(*digits)
    (found,) = with_raised_digits(engine, np.asarray(picture, np.uint8), (word,), DPI)
    assert (found.box, found.line, found.block) == (word.box, 4, 1)
    return found.text, engine


@pytest.mark.parametrize(
    ("printed", "first", "right"),
    [("m²", "m?", "m²"), ("240m²;", "240m2;", "240m²;"), ("(m²)", "(m')", "(m²)"), ("km²", "kmỶ", "km²")],
)
def test_a_raised_two_is_a_square(printed: str, first: str, right: str) -> None:
    """Whatever the engine made of it: the sign stands raised, and brought down to the line it is a 2."""
    assert _read(printed, first, "m2")[0] == right


@pytest.mark.parametrize(("printed", "first"), [("m2", "m2"), ("mà", "mà"), ("mì", "mì"), ("m?", "m?"), ("m.", "m")])
def test_what_stands_on_the_line_costs_nothing(printed: str, first: str) -> None:
    """Letters with marks above them, digits and signs on the line stay, and the engine is not asked."""
    text, engine = _read(printed, first, "m2")
    assert (text, engine.shown) == (first, [])


def test_cubes_are_looked_at_twice() -> None:
    """A weak 2 passes for a 3 now and then: a cube is believed when two sizes give it."""
    assert _read("m³", "m?", "m3")[0] == "m³"
    assert _read("m²", "m?", "m3", "m2")[0] == "m²"


def test_a_sign_that_is_no_digit_stays() -> None:
    """An apostrophe is raised too; nothing is made of what the engine does not read."""
    assert _read("m'", "m'", "m")[0] == "m'"
