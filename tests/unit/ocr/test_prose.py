"""Columns of running text are told from rows that go across."""

from __future__ import annotations

from dossier.page import Box
from ocr.prose import prose_from


def _rows(count: int, left: int = 400, right: int = 400) -> list[list[tuple[Box, str]]]:
    """Return rows of two lines beside each other: columns from 100 and from 600, of the widths given."""
    return [
        [
            (Box(100, 50 * row, 100 + left, 50 * row + 30), f"left {row}"),
            (Box(600, 50 * row, 600 + right, 50 * row + 30), f"right {row}"),
        ]
        for row in range(count)
    ]


def test_full_lines_beside_each_other_are_columns() -> None:
    """All of the left column comes before the right one."""
    count, lines = prose_from(_rows(5))
    assert count == 5
    assert [name for _, name in lines] == [f"{side} {row}" for side in ("left", "right") for row in range(5)]


def test_three_rows_are_a_heading() -> None:
    """Two columns of three lines each, as every official paper begins, are no running text."""
    assert prose_from(_rows(3)) == (0, [])


def test_short_lines_are_a_form() -> None:
    """Labels of many lengths beside each other are read across."""
    rows = _rows(6)
    for number, row in enumerate(rows[1:]):
        box, name = row[0]
        row[0] = (Box(box.left, box.top, box.left + 60 + 20 * number, box.bottom), name)
    assert prose_from(rows)[0] == 0


def test_what_crosses_the_gutter_ends_the_columns() -> None:
    """A line over the whole width is not in them, nor is what stands below them on one side only."""
    rows = [*_rows(5), [(Box(100, 260, 300, 290), "below")], [(Box(100, 300, 1000, 330), "across")]]
    count, lines = prose_from(rows)
    assert count == 5
    assert not {"below", "across"} & {name for _, name in lines}


def test_lines_that_do_not_keep_step_stay_in_their_columns() -> None:
    """Askew lines come as one row of several; the gutter between them is found all the same."""
    row = [each for pair in _rows(5) for each in pair]
    count, lines = prose_from([row])
    assert count == 1
    assert [name for _, name in lines][:5] == [f"left {number}" for number in range(5)]
