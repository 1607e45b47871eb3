"""Rules that a table lacks are told by white: between columns through many lines, between rows through all columns."""

from __future__ import annotations

import numpy as np

from dossier.page import Box
from ocr.half_ruled import completed
from ocr.preparation.marks import Marks
from ocr.tables import Table

DPI = 200.0
LETTER, STEP, SPACE, LINE = 14, 18, 10, 34


def _marks(*texts: tuple[int, int, str]) -> Marks:
    """Return a mark for each letter of some texts at their places; a dash is flat."""
    boxes = []
    for left, top, text in texts:
        x = left
        for sign in text:
            if sign == "-":
                boxes.append((x, top + 8, LETTER, 3))
            elif sign != " ":
                boxes.append((x, top, LETTER, 20))
            x += SPACE if sign == " " else STEP
    left, top, width, height = np.asarray(boxes, np.int32).T
    return Marks(left, top, width, height, width * height)


def _table(uprights: tuple[int, ...], levels: tuple[int, ...]) -> Table:
    box = Box(uprights[0], levels[0], uprights[-1] + 1, levels[-1] + 1)
    across, down = (box.left, box.right), (box.top, box.bottom)
    return Table(box, tuple((y, *across) for y in levels), tuple((x, *down) for x in uprights))


def _places(table: Table) -> tuple[list[int], list[int]]:
    return sorted({x for x, _, _ in table.uprights}), sorted({y for y, _, _ in table.levels})


ROWS = [(y, number) for number, y in enumerate(range(120, 120 + 5 * 60, 60))]


def test_rows_and_columns_without_rules_are_found() -> None:
    """Head and five rows with frame only beside the numbers: each row gets its own cells, in order."""
    texts = [
        (110 + x, y, text) for y, _ in ROWS for x, text in ((10, "7"), (100, "ab cd"), (300, "1998"), (420, "x y"))
    ]
    found = completed(_table((100, 180, 600), (100, 440)), _marks(*texts), DPI)
    uprights, levels = _places(found)
    assert len(uprights) == 5
    assert len(levels) == 6
    assert len(list(found.cells())) == 20


def test_a_fully_ruled_table_stays_as_it_is() -> None:
    """Each row between its rules, columns between theirs: nothing is added."""
    texts = [(110 + x, y, text) for y, _ in ROWS for x, text in ((10, "7"), (100, "ab cd"), (300, "1998"))]
    table = _table((100, 180, 380, 600), (100, *(y + 40 for y, _ in ROWS)))
    assert completed(table, _marks(*texts), DPI) == table


def test_a_second_line_of_some_cells_is_no_row() -> None:
    """The number in the first column stands in the first line only: what follows below goes on in its cell."""
    first = [(110, 120, "7"), (200, 120, "abc"), (400, 120, "def")]
    second = [(200, 120 + LINE, "gh"), (400, 120 + LINE, "ij")]
    table = _table((100, 180, 380, 600), (60, 100, 200))
    assert completed(table, _marks(*first, *second), DPI) == table


def test_a_head_of_two_lines_is_one_row() -> None:
    """All heads have two lines: with nothing below them in the same cells they are no two rows."""
    lines = [(x, y, "abc") for x in (110, 200, 400) for y in (120, 120 + LINE)]
    table = _table((100, 180, 380, 600), (100, 200))
    assert completed(table, _marks(*lines), DPI) == table


def test_dashes_and_spaces_part_no_column() -> None:
    """Periods written "2011 - 2016", and words in line below each other, are one column."""
    periods = [(110, y, "2011 - 2016") for y, _ in ROWS]
    words = [(400, y, "abc def") for y, _ in ROWS]
    table = _table((100, 380, 600), (100, *(y + 40 for y, _ in ROWS)))
    assert completed(table, _marks(*periods, *words), DPI) == table


def test_few_lines_part_no_column() -> None:
    """Three lines may have white in one place by chance."""
    texts = [(x, y, "abc") for y, _ in ROWS[:3] for x in (110, 250)]
    table = _table((100, 380, 600), (100, *(y + 40 for y, _ in ROWS[:3])))
    assert completed(table, _marks(*texts), DPI) == table


def test_an_empty_table_stays() -> None:
    """A form that nobody has filled in, on a page without any letter."""
    table = _table((100, 180, 380, 600), (100, 200, 300))
    nothing = np.zeros(0, np.int32)
    assert completed(table, Marks(nothing, nothing, nothing, nothing, nothing), DPI) == table
