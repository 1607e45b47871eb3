"""Read pieces of a page in one go: put below each other on one sheet, they are lines of a single block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.engines.port import Layout, OcrEngine
from ocr.preparation.scale import resized

_SPACE_INCHES: Final = 0.09
_EDGE_INCHES: Final = 0.12
# The engine takes no picture of more than 32,767 pixels a side.
_MOST_INCHES: Final = 40.0
_PAPER: Final = 255


@dataclass(frozen=True, slots=True)
class _Piece:
    """A place on the page and how far down, in pixels of the page, it stands in the column of all pieces."""

    number: int
    box: Box
    top: int


@dataclass(frozen=True, slots=True)
class _Showing:
    """How sheets are shown: to whom, how much larger, and which signs there are to choose from."""

    engine: OcrEngine
    grow: float
    signs: str


def read_pieces(
    engine: OcrEngine, gray: Gray, boxes: Sequence[Box], dpi: float, grow: float = 1.0, signs: str = ""
) -> tuple[tuple[Word, ...], ...]:
    """Return the words of each piece, boxes in pixels of the page.

    Args:
        engine: Reads each sheet as one block.
        gray: The prepared page.
        boxes: The pieces; none of them is empty.
        dpi: Resolution of the page.
        grow: How much larger than on the page they are shown to the engine.
        signs: The only ones to read; empty for all.
    """
    words: list[list[Word]] = [[] for _ in boxes]
    for pieces in _sheets(boxes, round(_SPACE_INCHES * dpi), round(_MOST_INCHES * dpi)):
        for number, word in _read_sheet(_Showing(engine, grow, signs), gray, pieces, dpi):
            words[number].append(word)
    return tuple(map(tuple, words))


def _sheets(boxes: Sequence[Box], space: int, most: int) -> Iterator[list[_Piece]]:
    pieces: list[_Piece] = []
    for number, box in enumerate(boxes):
        top = pieces[-1].top + pieces[-1].box.height + space if pieces else 0
        if top + box.height > most and pieces:
            yield pieces
            pieces, top = [], 0
        pieces.append(_Piece(number, box, top))
    if pieces:
        yield pieces


def _read_sheet(showing: _Showing, gray: Gray, pieces: Sequence[_Piece], dpi: float) -> Iterator[tuple[int, Word]]:
    edge = round(_EDGE_INCHES * dpi)
    height = pieces[-1].top + pieces[-1].box.height + 2 * edge
    width = max(piece.box.width for piece in pieces) + 2 * edge
    sheet = np.full((height, width), _PAPER, np.uint8)
    for piece in pieces:
        box, top = piece.box, piece.top + edge
        sheet[top : top + box.height, edge : edge + box.width] = gray[box.top : box.bottom, box.left : box.right]
    grow = showing.grow
    for word in showing.engine.read(resized(sheet, grow, grow), round(dpi * grow), Layout.BLOCK, showing.signs):
        middle = (word.box.top + word.box.bottom) / 2 / grow - edge
        piece = min(pieces, key=lambda each: abs(each.top + each.box.height / 2 - middle) - each.box.height / 2)
        yield piece.number, _moved(word, grow, piece.box.left - edge, piece.box.top - piece.top - edge)


def _moved(word: Word, grow: float, across: int, down: int) -> Word:
    box = word.box
    return replace(
        word,
        box=Box(
            round(box.left / grow) + across,
            round(box.top / grow) + down,
            round(box.right / grow) + across,
            round(box.bottom / grow) + down,
        ),
    )
