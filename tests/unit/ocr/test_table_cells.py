"""Grids are found from their rules, every cell once, and words are put into cells."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.preparation.ruling import ruling_of
from ocr.tables import Table, tables_on

DPI = 200
Segment = tuple[tuple[int, int], tuple[int, int]]


def drawn(*segments: Segment, size: tuple[int, int] = (1000, 800)) -> Gray:
    """Return a page with rules of three pixels."""
    page = np.full((size[1], size[0]), 255, np.uint8)
    for begin, end in segments:
        cv2.line(page, begin, end, 0, 3)
    return page


def grid(xs: tuple[int, ...], ys: tuple[int, ...]) -> list[Segment]:
    """Return the rules of a full grid."""
    upright = [((x, ys[0]), (x, ys[-1])) for x in xs]
    return [*upright, *(((xs[0], y), (xs[-1], y)) for y in ys)]


def found(*segments: Segment) -> tuple[Table, ...]:
    """Return the tables on a page with these rules."""
    return tables_on(ruling_of(drawn(*segments), DPI), DPI)


def rounded(box: Box) -> tuple[int, int, int, int]:
    """Return a box to ten pixels."""
    left, top, right, bottom = (round(side, -1) for side in (box.left, box.top, box.right, box.bottom))
    return left, top, right, bottom


def word(text: str, x: int, y: int, line: int) -> Word:
    """Return a word with its middle at a place."""
    return Word(text, Box(x - 20, y - 12, x + 20, y + 12), 90, line, 0)


def test_a_full_grid_gives_its_cells_row_by_row() -> None:
    """Three columns and two rows are six cells, in the order in which people read them."""
    (table,) = found(*grid((100, 300, 400, 900), (100, 200, 400)))
    assert [rounded(cell) for cell in table.cells()] == [
        (100, 100, 300, 200),
        (300, 100, 400, 200),
        (400, 100, 900, 200),
        (100, 200, 300, 400),
        (300, 200, 400, 400),
        (400, 200, 900, 400),
    ]


def test_a_cell_over_two_rows_comes_once() -> None:
    """A number column without the middle rule is one cell as high as both rows."""
    outer = grid((100, 900), (100, 500))
    (table,) = found(*outer, ((300, 100), (300, 500)), ((300, 300), (900, 300)))
    assert [rounded(cell) for cell in table.cells()] == [
        (100, 100, 300, 500),
        (300, 100, 900, 300),
        (300, 300, 900, 500),
    ]


def test_a_cell_over_two_columns_comes_once() -> None:
    """A heading over two columns is one cell as wide as both."""
    outer = grid((100, 900), (100, 300, 500))
    (table,) = found(*outer, ((300, 100), (300, 500)), ((600, 300), (600, 500)))
    assert [rounded(cell) for cell in table.cells()] == [
        (100, 100, 300, 300),
        (300, 100, 900, 300),
        (100, 300, 300, 500),
        (300, 300, 600, 500),
        (600, 300, 900, 500),
    ]


def test_cells_over_rows_and_columns_fill_the_table_without_overlap() -> None:
    """The heading of an office table: two rows high left and right, two columns wide between."""
    outer = grid((100, 900), (100, 300, 500))
    inner = [((300, 100), (300, 500)), ((700, 100), (700, 500)), ((500, 200), (500, 500)), ((300, 200), (700, 200))]
    (table,) = found(*outer, *inner)
    cells = [rounded(cell) for cell in table.cells()]
    assert len(cells) == len(set(cells)) == 9
    assert sum((right - left) * (bottom - top) for left, top, right, bottom in cells) == 800 * 400
    assert (100, 100, 300, 300) in cells
    assert (300, 100, 700, 200) in cells


def test_two_tables_come_from_the_top() -> None:
    """Tables do not touch each other; the upper one is first."""
    low, high = found(*grid((500, 700, 900), (500, 600, 700)), *grid((100, 300, 400), (100, 200, 300)))
    assert (rounded(low.box)[1], rounded(high.box)[1]) == (100, 500)


@pytest.mark.parametrize(
    "segments",
    [
        [((100, 200), (900, 200))],
        [((100, y), (900, y)) for y in (200, 300, 400, 500)],
        grid((100, 900), (100, 500)),
        grid((100, 500, 900), (100, 500)),
        grid((100, 900), (100, 300, 500)),
        [((100, 200), (900, 200)), ((500, 100), (500, 600))],
    ],
    ids=["underline", "lines to write on", "frame", "one row", "one column", "cross"],
)
def test_what_has_no_two_rows_and_columns_is_no_table(segments: list[Segment]) -> None:
    """Frames, underlines and lines to write on are read as plain text."""
    assert found(*segments) == ()


def test_a_raster_is_no_table() -> None:
    """A net of rules with no room to write between them is a drawing."""
    assert found(*grid(tuple(range(100, 901, 16)), tuple(range(100, 501, 16)))) == ()


def test_words_go_row_by_row_and_cell_by_cell() -> None:
    """The engine read straight across two cells of two lines each; the words come out cell after cell."""
    (table,) = found(*grid((100, 300, 900), (100, 300, 500)))
    across = [
        [word("a1", 150, 140, 0), word("b1", 400, 140, 0), word("b2", 500, 140, 0)],
        [word("a2", 150, 240, 1), word("b3", 400, 240, 1)],
        [word("c", 150, 400, 2), word("d", 400, 400, 2)],
    ]
    lines = [[each.text for each in line] for line in table.rows(across)]
    assert lines == [["a1"], ["a2"], ["b1", "b2"], ["b3"], ["c"], ["d"]]


def test_words_of_a_cell_over_two_rows_come_before_those_beside_it() -> None:
    """A number that stands in the middle of a high cell is read with the first row."""
    outer = grid((100, 900), (100, 500))
    (table,) = found(*outer, ((300, 100), (300, 500)), ((300, 300), (900, 300)))
    across = [[word("up", 500, 200, 0)], [word("1", 200, 320, 1)], [word("low", 500, 400, 2)]]
    assert [line[0].text for line in table.rows(across)] == ["1", "up", "low"]


def test_a_word_belongs_to_the_table_by_its_middle() -> None:
    """A word that reaches over the frame is in when its middle is."""
    (table,) = found(*grid((100, 300, 900), (100, 300, 500)))
    assert table.holds(word("in", 110, 150, 0).box)
    assert not table.holds(word("out", 85, 150, 0).box)
    assert not table.holds(word("below", 200, 515, 0).box)


def test_a_table_without_a_frame_is_closed_where_its_rules_end() -> None:
    """Level rules that end on one line make the sides, upright ones the top and the foot."""
    levels = [((100, y), (700, y)) for y in (200, 300, 400)]
    uprights = [((x, 100), (x, 500)) for x in (250, 400, 550)]
    (table,) = found(*levels, *uprights)
    assert rounded(table.box) == (100, 100, 700, 500)
    assert len(list(table.cells())) == 16


def test_strokes_that_stick_out_of_a_grid_are_no_sides() -> None:
    """One rule that is longer than the others moves no side."""
    (table,) = found(*grid((100, 300, 500), (100, 200, 300)), ((40, 200), (500, 200)))
    assert rounded(table.box) == (100, 100, 500, 300)


def test_a_stroke_inside_a_cell_parts_no_cell() -> None:
    """What covers a part of its cell's width is a letter's stroke or an underlining: the cell stays one."""
    (table,) = found(*grid((100, 400, 900), (100, 300, 500)), ((520, 180), (680, 180)))
    assert len(list(table.cells())) == 4
    assert len({place for place, _, _ in table.levels}) == 3


def test_a_rule_under_some_columns_only_moves_nothing_out_of_its_row() -> None:
    """One column has a subdivided head: the words below it stay beside those of the other columns."""
    (table,) = found(*grid((100, 400, 900), (100, 300, 500, 700)), ((400, 200), (900, 200)))
    below = [
        [word("left", 250, 400, 0), word("right", 650, 400, 0)],
        [word("l2", 250, 600, 1), word("r2", 650, 600, 1)],
    ]
    assert [each.text for line in table.rows(below) for each in line] == ["left", "right", "l2", "r2"]
