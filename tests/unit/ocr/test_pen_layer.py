"""Coloured ink is read apart only where print was not surely read already."""

from __future__ import annotations

import cv2
import numpy as np

from dossier.page import Box, Word
from ocr.pen import with_pen_read
from tests.unit.ocr.conftest import ScriptedEngine

DPI = 200
PRINT = Word("thường", Box(90, 90, 330, 140), 96.0, 0, 0)


def _layer() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    page = np.full((400, 900), 255, np.uint8)
    for step in range(8):
        cv2.rectangle(page, (100 + 28 * step, 100), (116 + 28 * step, 128), 0, 3)
    return page


def test_the_coloured_edges_of_print_are_not_read_again() -> None:
    """All of the layer's letters lie in a sure word: the engine is not asked."""
    engine = ScriptedEngine([])
    assert with_pen_read(engine, _layer(), (PRINT,), DPI) == (PRINT,)
    assert engine.shown == []


def test_what_the_print_gave_unsurely_is_read() -> None:
    """The same ink below an unsure word is a pen's, and the surer word stands."""
    written = Word("Khuê", Box(30, 30, 250, 70), 95.0, 0, 0)
    ghost = Word("~hu", PRINT.box, 30.0, 0, 0)
    found = with_pen_read(ScriptedEngine([(written,)]), _layer(), (ghost,), DPI)
    assert [word.text for word in found] == ["Khuê"]


def test_what_is_taller_than_a_line_is_not_read() -> None:
    """A line of a heading may be taller than one of writing."""
    engine = ScriptedEngine([(), ()])
    with_pen_read(engine, _layer(), (), DPI, 0.05)
    assert engine.shown == []
    with_pen_read(engine, _layer(), (), DPI, 0.5)
    assert len(engine.shown) == 1
