"""A table's frame belongs to it, the outer half of its rules too: nothing of it stays on the page."""

from __future__ import annotations

import cv2
import numpy as np

from bench.paper import jpeg, typed_paper
from ocr.preparation.ruling import drop_rules, ruling_of, without_drawings
from ocr.tables import tables_on
from tests.unit.ocr.conftest import TEXT
from tests.unit.ocr.test_page_tables import DPI, ListeningEngine, prose, read_page, scan_of, with_table


def test_nothing_of_the_table_is_left_on_the_page() -> None:
    """The engine is shown white paper where the table was: no line or speck of its outline (2,602 px remain)."""
    rgb = with_table()
    engine = ListeningEngine([prose(typed_paper(TEXT, dpi=DPI))])
    read_page(engine, jpeg(rgb, 95), scan_of(rgb))
    assert np.count_nonzero(engine.shown[0][1590:1910, 290:1310] < 150) == 0


def test_a_tables_outer_rules_are_not_taken_for_a_drawing() -> None:
    """The same without JPEG and engine."""
    gray = np.asarray(cv2.cvtColor(with_table(), cv2.COLOR_RGB2GRAY), np.uint8)
    ruling = ruling_of(gray, DPI)
    kept = without_drawings(ruling, gray, [table.box for table in tables_on(ruling, DPI)], DPI)
    assert np.array_equal(kept.across, ruling.across)
    assert np.all(drop_rules(gray, kept)[1594:1604, 400:1200] == 255)
