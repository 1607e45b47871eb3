"""A table is read cell by cell: what the engine is shown, and where its words go."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.paper import serif
from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.cells import read_cells, without_tables
from ocr.preparation.ruling import drop_rules, ruling_of
from ocr.tables import Table, tables_on
from tests.unit.ocr.conftest import ScriptedEngine

DPI = 200
XS, YS = (100, 200, 800), (100, 200, 300)


def form() -> tuple[Gray, Table]:
    """Return a page with print above a table of two rows and two columns, its rules gone, and the table."""
    page = np.full((500, 1000), 255, np.uint8)
    for x in XS:
        cv2.line(page, (x, YS[0]), (x, YS[-1]), 0, 3)
    for y in YS:
        cv2.line(page, (XS[0], y), (XS[-1], y), 0, 3)
    picture = Image.fromarray(page)
    draw, font = ImageDraw.Draw(picture), serif(13, DPI)
    draw.text((120, 30), "Danh sách", font=font, fill=0)
    draw.text((140, 130), "1", font=font, fill=0)
    draw.text((230, 130), "Nguyễn Văn An", font=font, fill=0)
    draw.text((230, 230), "Trần Thị Bình", font=font, fill=0)
    page = np.array(picture, np.uint8)
    ruling = ruling_of(page, DPI)
    (table,) = tables_on(ruling, DPI)
    return drop_rules(page, ruling), table


def test_the_page_without_tables_keeps_what_is_beside_them() -> None:
    """The table is white, the line above it is as it was, the page that was given too."""
    page, table = form()
    before = page.copy()
    rest = without_tables(page, [table])
    assert np.array_equal(rest[:95], page[:95])
    assert np.all(rest[95:] == 255)
    assert np.array_equal(page, before)


def test_a_page_without_tables_is_not_copied() -> None:
    """Nothing to do, nothing done."""
    page, _ = form()
    assert without_tables(page, []) is page


def test_the_engine_is_shown_the_written_cells_only() -> None:
    """On one sheet, narrower than the table, is the ink of the three written cells; the empty one takes no room."""
    page, table = form()
    engine = ScriptedEngine([])
    read_cells(engine, page, table, DPI)
    (sheet,) = engine.shown
    print_ = np.count_nonzero(page[YS[0] + 6 : YS[-1] - 6, XS[0] + 6 : XS[-1] - 6] < 100)
    assert np.count_nonzero(sheet < 100) == pytest.approx(print_, abs=30)
    assert sheet.shape[1] < XS[-1] - XS[0]
    assert 3 * 25 < sheet.shape[0] < 3 * (YS[1] - YS[0])


def test_cells_are_parted_by_white_on_the_sheet() -> None:
    """Two digits from cells side by side stand below each other, a line's room between them."""
    page, table = form()
    page[110:, 110:790] = 255
    page[140:165, 140:150] = page[140:165, 400:410] = 0
    engine = ScriptedEngine([])
    read_cells(engine, page, table, DPI)
    rows = np.flatnonzero((engine.shown[0] < 150).any(axis=1))
    assert len(rows) == 2 * 25
    assert np.diff(rows).max() >= 18


def test_words_of_cells_come_back_to_the_page() -> None:
    """What the engine finds on the sheet lies in the cell that it was cut from."""
    page, table = form()
    sight = ScriptedEngine([])
    read_cells(sight, page, table, DPI)
    rows = np.flatnonzero((sight.shown[0] < 150).any(axis=1))
    columns = np.flatnonzero((sight.shown[0][: rows[0] + 20] < 150).any(axis=0))
    left, top, low = int(columns[0]), int(rows[0]), int(rows[-1])
    script = (
        Word("1", Box(left, top, left + 10, top + 20), 90, 0, 0),
        Word("Bình", Box(40, low - 9, 80, low), 90, 2, 0),
    )
    one, last = read_cells(ScriptedEngine([script]), page, table, DPI)
    assert XS[0] < one.box.left < XS[1]
    assert YS[0] < one.box.top < YS[1]
    assert page[one.box.top, one.box.left : one.box.right].min() < 150
    assert XS[1] < last.box.left < XS[2]
    assert YS[1] < last.box.top < YS[2]


def test_an_empty_table_asks_nothing_of_the_engine() -> None:
    """A form not yet filled in costs no reading."""
    page, table = form()
    engine = ScriptedEngine([])
    assert read_cells(engine, np.full_like(page, 255), table, DPI) == ()
    assert engine.shown == []


def counted() -> tuple[Gray, Table]:
    """Return a table of six rows, a digit in each cell of its first column, and the table."""
    page = np.full((900, 1000), 255, np.uint8)
    levels = tuple((100 + 100 * row, 100, 800) for row in range(7))
    uprights = tuple((x, 100, 700) for x in XS)
    picture = Image.fromarray(page)
    for row in range(6):
        ImageDraw.Draw(picture).text((140, 130 + 100 * row), str(row), font=serif(13, DPI), fill=0)
    return np.array(picture, np.uint8), Table(Box(100, 100, 801, 701), levels, uprights)


def sheet_rows(engine: ScriptedEngine) -> list[int]:
    """Return the tops of the lines on the first sheet that an engine was shown."""
    rows = np.flatnonzero((engine.shown[0] < 150).any(axis=1))
    return [int(rows[0]), *(int(rows[at + 1]) for at in np.flatnonzero(np.diff(rows) > 8))]


@pytest.mark.parametrize(("second", "expected"), [("5", "5"), ("6", "Hị")])
def test_a_cell_without_a_number_in_a_column_of_numbers_is_read_again(second: str, expected: str) -> None:
    """Two readings among digits must agree; then what was read at first is kept beside."""
    page, table = counted()
    sight = ScriptedEngine([])
    read_cells(sight, page, table, DPI)
    texts = ["x", "1", "2", "3", "4", "Hị"]
    first = tuple(
        Word(text, Box(30, top, 45, top + 20), 90, line, 0)
        for line, (text, top) in enumerate(zip(texts, sheet_rows(sight), strict=True))
    )
    again = [(Word(text, Box(28, 28, 40, 45), 90, 0, 0),) for text in ("5", second)]
    words = read_cells(ScriptedEngine([first, *again]), page, table, DPI)
    assert [word.text for word in words] == ["x", "1", "2", "3", "4", expected]
    assert words[-1].raw == ("Hị" if expected == "5" else "")
