"""See a stamp's letters in three sizes: the page as it is, and what was named on it a little smaller and larger.

What is a stamp looks like one each time; what only happens to look like one mostly does not. So the mean of what the
networks say leaves fewer stamps unseen and takes less for one (decision 0052).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from ocr.arrays import Image
from ocr.letters import Seen, as_ink, named_on
from ocr.network import Floats

_OTHER_SIZES: Final = (0.88, 1.14)
_FAINT: Final = 0.05
# Below it what other sizes say hardly ever brings a place back, and looking again costs most on a page full of names.
_LOST: Final = 0.001
# So far from a place, across and down, reaches what the networks know of it, in pixels of the smaller page.
_AROUND: Final = (180, 130)
# Places of two sizes are the same when they are not farther apart, in pixels of the glance.
_SAME: Final = (16.0, 10.0)
# What a size says of a place that it does not even name, as a logarithm of odds; and the most that any one may say.
_UNNAMED, _MOST_SAID = -5.0, 9.2


def seen_on(glance: Image, named: float, least: float) -> list[Seen]:
    """Return the places on a glance that look like a stamp, the surest first.

    Args:
        glance: See `ocr.glance`; upright.
        named: Chance from which on the first network's places are looked at closely.
        least: Chance below which a place is not told.
    """
    ink = as_ink(glance)
    found = [each for each in named_on(ink, named) if each.chance >= _LOST]
    if not found:
        return []
    others = [_named_near(ink, found, size) for size in _OTHER_SIZES]
    close = (_agreed(each, others) for each in found)
    return sorted((each for each in close if each.chance >= least), key=lambda each: -each.chance)


def _named_near(ink: Floats, found: list[Seen], size: float) -> list[Seen]:
    """Return what is named at some places when the page is seen in another size, in pixels of this one."""
    across, down = (round(reach / size) for reach in _AROUND)
    left, top = (max(0, int(min(at)) - reach) for at, reach in zip(_middles(found), (across, down), strict=True))
    right, bottom = (int(max(at)) + reach for at, reach in zip(_middles(found), (across, down), strict=True))
    how = cv2.INTER_AREA if size < 1 else cv2.INTER_CUBIC
    piece = cv2.resize(ink[top:bottom, left:right], None, fx=size, fy=size, interpolation=how)

    def counts(x: float, y: float) -> bool:
        return any(_is_same((x / size + left, y / size + top), each) for each in found)

    named = named_on(np.clip(piece, 0, 1), _FAINT, counts)
    return [replace(each, x=each.x / size + left, y=each.y / size + top) for each in named]


def _middles(found: list[Seen]) -> tuple[list[float], list[float]]:
    return [each.x for each in found], [each.y for each in found]


def _agreed(seen: Seen, others: list[list[Seen]]) -> Seen:
    """Return a place with the chance that all sizes together give it."""
    said = [_odds(seen.chance)]
    for other in others:
        near = (_odds(each.chance) for each in other if _is_same((each.x, each.y), seen))
        said.append(max(near, default=_UNNAMED))
    return replace(seen, chance=1 / (1 + math.exp(-sum(said) / len(said))))


def _is_same(place: tuple[float, float], other: Seen) -> bool:
    return abs(place[0] - other.x) < _SAME[0] and abs(place[1] - other.y) < _SAME[1]


def _odds(chance: float) -> float:
    """Return a chance as a logarithm of odds, within what one size may say."""
    if not 0 < chance < 1:
        return _MOST_SAID if chance else -_MOST_SAID
    return max(-_MOST_SAID, min(_MOST_SAID, math.log(chance / (1 - chance))))
