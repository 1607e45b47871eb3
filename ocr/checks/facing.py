"""Which way up a page is, from the letters alone: feet stand on a line, heads do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocr.checks.view import View
from ocr.preparation.marks import Marks

_PAIRS_NEEDED: Final = 40
_SIDEWAYS: Final = 1.6
_SURE: Final = 0.12
_MOST: Final = 4000


@dataclass(frozen=True, slots=True)
class Facing:
    """How letters stand beside each other.

    Attributes:
        across: Pairs of letters beside each other.
        down: Pairs one above the other, as near.
        feet: By how much more often they stand on one line than hang from one, -1 to 1.
    """

    across: int
    down: int
    feet: float

    @property
    def name(self) -> str:
        """`upside_down`, `sideways`, or empty where the page stands upright or there is too little to tell."""
        if max(self.across, self.down) < _PAIRS_NEEDED:
            return ""
        if self.down > _SIDEWAYS * self.across:
            return "sideways"
        return "upside_down" if self.feet < -_SURE else ""


def facing_of(view: View, lean: float) -> Facing:
    """Return how letters stand, the page's lean in degrees known."""
    letters = view.letters
    if len(letters.left) > _MOST:
        letters = letters.chosen(np.arange(_MOST))
    if len(letters.left) < 2:  # noqa: PLR2004 - a pair
        return Facing(0, 0, 0.0)
    across = _neighbours(letters.left, letters.top, letters.width, letters.height)
    down = _neighbours(letters.top, letters.left, letters.height, letters.width)
    return Facing(int(np.count_nonzero(across >= 0)), int(np.count_nonzero(down >= 0)), _feet(letters, across, lean))


def _neighbours(
    start: NDArray[np.int32], side: NDArray[np.int32], length: NDArray[np.int32], breadth: NDArray[np.int32]
) -> NDArray[np.intp]:
    """Return for each letter the next one along a line, -1 where none is near."""
    end, far = start + length, side + breadth
    reach = np.maximum(length, breadth) * 0.6
    found = np.full(len(start), -1, np.intp)
    order = np.argsort(start, kind="stable")
    sorted_start = start[order]
    first = np.searchsorted(sorted_start, end - 1)
    last = np.searchsorted(sorted_start, end + reach, side="right")
    for at in range(len(start)):
        others = order[first[at] : last[at]]
        if not len(others):
            continue
        overlap = np.minimum(far[at], far[others]) - np.maximum(side[at], side[others])
        alike = overlap > 0.5 * np.minimum(breadth[at], breadth[others])
        alike &= np.maximum(breadth[at], breadth[others]) < 2.2 * np.minimum(breadth[at], breadth[others])
        near = others[alike]
        if len(near):
            found[at] = near[0]
    return found


def _feet(letters: Marks, across: NDArray[np.intp], lean: float) -> float:
    one = np.flatnonzero(across >= 0)
    other = across[one]
    rise = (letters.left[other] - letters.left[one]) * np.tan(np.radians(lean))
    size = np.minimum(letters.height[one], letters.height[other])
    top = np.abs(letters.top[other] - letters.top[one] - rise)
    bottom = np.abs(letters.top[other] + letters.height[other] - letters.top[one] - letters.height[one] - rise)
    near = np.maximum(1.0, 0.08 * size)
    stand, hang = np.count_nonzero(bottom <= near), np.count_nonzero(top <= near)
    return float(stand - hang) / max(1, len(one))
