"""Read ruled tables cell by cell: side by side, their lines confuse the engine, and lone digits get lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.engines.port import OcrEngine
from ocr.mosaic import read_pieces
from ocr.tables import Table

_INSET_INCHES: Final = 0.012
_MARGIN: Final = 3
_INK: Final = 150
_LEAST_INK: Final = 6
# Pixels of its frame that lie outside a table's box, which ends in the middle of it.
_FRAME: Final = 3
_PAPER: Final = 255


def without_tables(gray: Gray, tables: Sequence[Table]) -> Gray:
    """Return the page with its tables white."""
    if not tables:
        return gray
    rest = gray.copy()
    for table in tables:
        box = table.box
        rest[max(0, box.top - _FRAME) : box.bottom + _FRAME, max(0, box.left - _FRAME) : box.right + _FRAME] = _PAPER
    return rest


def read_cells(engine: OcrEngine, gray: Gray, table: Table, dpi: float) -> tuple[Word, ...]:
    """Return the words of a table, boxes in pixels of the page."""
    inset = round(_INSET_INCHES * dpi)
    written = [_written(gray, _inside(cell, inset)) for cell in table.cells()]
    return tuple(word for cell in read_pieces(engine, gray, [box for box in written if box], dpi) for word in cell)


def _inside(cell: Box, inset: int) -> Box:
    return Box(cell.left + inset, cell.top + inset, cell.right - inset, cell.bottom - inset)


def _written(gray: Gray, inner: Box) -> Box | None:
    """Return the part of a cell that has ink, with a margin; None for an empty one."""
    if inner.width <= 0 or inner.height <= 0:
        return None
    ink = gray[inner.top : inner.bottom, inner.left : inner.right] < _INK
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if np.count_nonzero(ink) < _LEAST_INK:
        return None
    return Box(
        max(inner.left, inner.left + int(columns[0]) - _MARGIN),
        max(inner.top, inner.top + int(rows[0]) - _MARGIN),
        min(inner.right, inner.left + int(columns[-1]) + _MARGIN),
        min(inner.bottom, inner.top + int(rows[-1]) + _MARGIN),
    )
