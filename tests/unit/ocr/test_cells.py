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
