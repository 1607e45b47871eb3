"""Numbers of a list that the engine read as one line running down the page come back at the head of their lines."""

from __future__ import annotations

import numpy as np

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.upright import with_columns_read
from tests.unit.ocr.conftest import ScriptedEngine

DPI = 200
PAGE: Gray = np.full((900, 900), 255, np.uint8)
LINES = tuple(
    word
    for row in range(3)
    for word in (
        Word("Thửa", Box(130, 100 + 70 * row, 200, 130 + 70 * row), 96.0, row + 1, 4),
        Word("đất", Box(210, 100 + 70 * row, 260, 130 + 70 * row), 96.0, row + 1, 4),
    )
)
COLUMN = Word("©0180", Box(90, 90, 115, 280), 23.0, 0, 3)


def _on_sheet(text: str, row: int, confidence: float = 90.0) -> Word:
    """Return a word at the left edge of the piece of a row on the sheet that the engine is shown."""
    top = 24 + row * (30 + 2 * 6 + 18)
    return Word(text, Box(30, top, 50, top + 30), confidence, row, 0)


def _beside(row: int) -> Word:
    top = 24 + row * (30 + 2 * 6 + 18)
    return Word("Thửa", Box(70, top, 140, top + 30), 95.0, row, 0)


def test_each_line_gets_what_stands_beside_it() -> None:
    """The sure words of the column's place stand first on their lines; the column itself is gone."""
    first = (_on_sheet("1.", 0), _beside(0), _on_sheet("2.", 1), _beside(1), _on_sheet("x", 2, 20.0))
    engine = ScriptedEngine([first, (), ()])
    found = with_columns_read(engine, PAGE, (COLUMN, *LINES), DPI)
    assert [(word.text, word.line, word.block) for word in found] == [
        ("1.", 1, 4),
        ("Thửa", 1, 4),
        ("đất", 1, 4),
        ("2.", 2, 4),
        ("Thửa", 2, 4),
        ("đất", 2, 4),
        ("Thửa", 3, 4),
        ("đất", 3, 4),
    ]
    assert len(engine.shown) == 3


def test_a_number_that_two_sizes_give_is_taken() -> None:
    """What was not sure among all signs is read again among digits, twice; readings that differ are none."""
    again = [(_on_sheet("1.", 0), _on_sheet("2.", 1), _on_sheet("3", 2)), (_on_sheet("1", 0), _on_sheet("7.", 1))]
    found = with_columns_read(ScriptedEngine([(), *again]), PAGE, (COLUMN, *LINES), DPI)
    assert [word.text for word in found if word.text not in {"Thửa", "đất"}] == ["1."]


def test_the_stop_that_was_read_behind_the_column_is_read_once() -> None:
    """A line that began with the stop of its number begins with the number and its stop."""
    stop = Word(".", Box(112, 120, 116, 130), 96.0, 1, 4)
    engine = ScriptedEngine([(_on_sheet("1.", 0), _beside(0)), (), ()])
    found = with_columns_read(engine, PAGE, (COLUMN, stop, *LINES), DPI)
    assert [word.text for word in found][:2] == ["1.", "Thửa"]


def test_print_that_runs_down_the_page_stays() -> None:
    """Nothing sure stands on the levels of the lines: the column is what it is."""
    found = with_columns_read(ScriptedEngine([(), (), ()]), PAGE, (COLUMN, *LINES), DPI)
    assert set(found) == {COLUMN, *LINES}


def test_pages_without_such_columns_cost_nothing() -> None:
    """Lone letters and large headings are not that tall, and an empty page has no lines."""
    engine = ScriptedEngine([])
    words = (Word("1", Box(90, 90, 102, 125), 90.0, 0, 3), *LINES)
    assert with_columns_read(engine, PAGE, words, DPI) is words
    assert with_columns_read(engine, PAGE, (), DPI) == ()
    assert engine.shown == []
