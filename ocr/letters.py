"""See the letters of a secrecy stamp on a page at a glance, whatever lies under them.

Stamps are pressed on print, table rules and signatures, in any ink; read as words they are lost there. Two small
networks were trained on drawn papers (`bench/secrecy`, decision 0037) to tell the word MẬT of a stamp from all else:
the word in print, in other phrases, other stamps, maps, pictures. The first looks everywhere and is easily taken in;
the second looks closely at the few places that the first one names. Both look in several sizes: `ocr.sizes`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ocr.arrays import Image, is_colour
from ocr.network import Floats, convolved, joined, patches, positive, weights_of

PATCH: Final = 4
"""Pixels of a glance, each way, that the first layer takes together."""
CELL: Final = 8
"""Pixels of a glance, each way, for which the first network says one thing."""
DILATIONS: Final = (1, 2, 3, 4)
"""How far apart the cells are that its later layers look at."""
REACH: Final = (4, 11)
"""Cells up and down, left and right of a place that the second network looks at."""
CENTRE: Final = (slice(3, 6), slice(8, 15))
"""Rows and columns of these where the word itself stands."""
MARKS_SEEN: Final = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")
"""The marks as the second network numbers them."""

_DARKEST_PAPER: Final = 60
_STEP: Final = 3
_MOST_PLACES: Final = 16


@dataclass(frozen=True, slots=True)
class Seen:
    """What may be the word MẬT of a stamp.

    Attributes:
        x: Its middle, in pixels of the glance.
        y: The same, down.
        chance: How sure the network is, 0 to 1.
        kind: Which of the marks it ends, as an index into `MARKS_SEEN`.
    """

    x: float
    y: float
    chance: float
    kind: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What the first network makes of a page, cell by cell.

    Attributes:
        strokes: Of its patches, all that lie in the cell.
        near: Of what stands in and beside it.
        around: Of what stands within some ten cells.
        said: Four numbers: for a stamp, and for each mark.
    """

    strokes: Floats
    near: Floats
    around: Floats
    said: Floats

    def close(self, row: int, column: int) -> Floats:
        """Return all that is known of the cells around one, zero where the page ends."""
        down, across = REACH
        whole = (self.strokes, self.near, self.around)
        out = np.zeros((2 * down + 1, 2 * across + 1, sum(layer.shape[2] for layer in whole)), np.float32)
        rows = slice(max(0, row - down), row + down + 1)
        columns = slice(max(0, column - across), column + across + 1)
        part = np.concatenate([layer[rows, columns] for layer in whole], axis=2)
        top, left = rows.start - row + down, columns.start - column + across
        out[top : top + part.shape[0], left : left + part.shape[1]] = part
        return out


def named_on(ink: Floats, least: float, counts: Callable[[float, float], bool] = lambda _x, _y: True) -> list[Seen]:
    """Return the places that the first network names, from a chance on, as the second judges them.

    Args:
        ink: See `as_ink`.
        least: Chance of the first network.
        counts: Whether a place matters, by its middle: judging takes time.
    """
    sight = sight_of(ink)
    named = (place for place in places_on(sight, least) if counts(_middle(place[1]), _middle(place[0])))
    return [judged(sight, row, column) for row, column in named]


def places_on(sight: Sight, least: float) -> list[tuple[int, int]]:
    """Return row and column of the cells that the first network names, the surest first; at most sixteen."""
    chances = _chance(sight.said[:, :, 0])
    found: list[tuple[int, int]] = []
    while chances.size and chances.max() >= least and len(found) < _MOST_PLACES:
        row, column = (int(at) for at in np.unravel_index(int(chances.argmax()), chances.shape))
        found.append((row, column))
        chances[max(0, row - 1) : row + 2, max(0, column - 2) : column + 3] = 0
    return found


def judged(sight: Sight, row: int, column: int) -> Seen:
    """Return a place as the second network judges it."""
    first, second, wide, last = weights_of("letters_close")
    layer = convolved(positive(joined(sight.close(row, column), first)), second)
    means = np.concatenate([layer.mean(axis=(0, 1)), layer[CENTRE].mean(axis=(0, 1)), layer[CENTRE].max(axis=(0, 1))])
    said = joined(positive(joined(means, wide)), last)
    return Seen(_middle(column), _middle(row), float(_chance(said[:1])[0]), int(said[1:].argmax()))


def _middle(cell: int) -> float:
    return cell * CELL + (CELL - 1) / 2


def as_ink(glance: Image) -> Floats:
    """Return how much ink there is in each of three colours, 0 paper to 1 black."""
    colours = glance if is_colour(glance) else glance[:, :, None]
    papers = [max(_DARKEST_PAPER, int(np.median(colours[::_STEP, ::_STEP, at]))) for at in range(colours.shape[2])]
    shades = np.arange(256, dtype=np.float32)
    tables = np.stack([np.clip((paper - shades) / paper, 0, 1) for paper in papers], axis=1)[None]
    ink = np.asarray(cv2.LUT(np.ascontiguousarray(colours), tables), np.float32)
    return ink if is_colour(glance) else np.repeat(ink.reshape(*glance.shape[:2], 1), 3, axis=2)


def sight_of(ink: Floats) -> Sight:
    """Return what the first network makes of a page."""
    first, second, *wider, last = weights_of("letters_far")
    # Whole cells only: the paper at the right and lower edge is as good as any.
    rows, columns = -(-ink.shape[0] // CELL), -(-ink.shape[1] // CELL)
    padded = np.zeros((rows * CELL, columns * CELL, 3), np.float32)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    strokes = patches(padded, PATCH, first)
    near = convolved(strokes, second, stride=2)
    around = near
    for weights, dilation in zip(wider, DILATIONS, strict=True):
        around = convolved(around, weights, dilation=dilation)
    blocks = strokes.reshape(rows, 2, columns, 2, -1).swapaxes(1, 2).reshape(rows, columns, -1)
    return Sight(blocks, near, around, joined(around, last))


def _chance(said: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(said, -30, 30))), np.float32)
