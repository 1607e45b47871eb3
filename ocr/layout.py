"""Show a prepared page to the engine in the parts that it can lay out: pages side by side, tables, and the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

import numpy as np

from dossier.page import Word
from ocr.arrays import Gray
from ocr.cells import read_cells, without_tables
from ocr.engines.port import OcrEngine
from ocr.preparation.recipe import Prepared


def read_parts(engine: OcrEngine, prepared: Prepared) -> tuple[Word, ...]:
    """Return the words of a page, part by part: of the left page, of the right one, of each table."""
    if len(prepared.letters.left) == 0:
        return ()  # over nothing but a few dots the engine may sit for a quarter of a minute
    rest, dpi = without_tables(prepared.gray, prepared.tables), prepared.dpi
    parts = [_read_columns(engine, rest, dpi, *ends) for ends in _pages(prepared)]
    parts += [read_cells(engine, prepared.gray, table, dpi) for table in prepared.tables]
    return tuple(chain.from_iterable(_counted_on(parts)))


def _pages(prepared: Prepared) -> list[tuple[int, int]]:
    width = prepared.gray.shape[1]
    return [(0, width)] if prepared.gutter is None else [(0, prepared.gutter), (prepared.gutter, width)]


def _read_columns(engine: OcrEngine, gray: Gray, dpi: float, begin: int, end: int) -> tuple[Word, ...]:
    words = engine.read(np.ascontiguousarray(gray[:, begin:end]), round(dpi))
    return words if begin == 0 else tuple(replace(word, box=word.box.moved(begin, 0)) for word in words)


def _counted_on(parts: Iterable[tuple[Word, ...]]) -> Iterable[tuple[Word, ...]]:
    """Yield the parts with line and block numbers that go on from one to the next."""
    line = block = 0
    for part in parts:
        yield tuple(replace(word, line=word.line + line, block=word.block + block) for word in part) if line else part
        line += max((word.line for word in part), default=-1) + 1
        block += max((word.block for word in part), default=-1) + 1
