"""Take ruling lines off the page: table frames, underscores, underlines. The engine reads them as letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from dossier.page import Box
from ocr.arrays import Gray, Mask

_INK: Final = 180
# A rule thinner than a pixel, or that lies on the border of two, is paler, but as pale all along.
_PALE: Final = 205
_LEVELS: Final = (_INK, _PALE)
# Inches. A rule is longer than any stroke of a letter, and so are its pieces where it is worn: the feet of letters that
# touch each other are not.
_LENGTH_INCHES: Final = 0.4
_PIECE_INCHES: Final = 0.2
_BREAK_INCHES: Final = 0.05
_THICK_INCHES: Final = 0.035
# A worn rule: this much of so long a piece is ink, and little of the rows so far aside.
_LONG_INCHES: Final = 1.6
_ASIDE_INCHES: Final = 0.03
# Part of it: this much is ink once gaps are closed, and little beside. Letters in line with a rule are not like that.
_NEAR_INCHES: Final = 0.4
_WHOLE: Final = 190
_CLEAR: Final = 64
# Within so much of its end letters stand on the line of a leader, and their feet must not be taken for more of it.
_CLEAR_AT_ENDS: Final = 32
_COARSE: Final = 8
_HOLE_INCHES: Final = 0.06
_FILLED: Final = 150
_BESIDE: Final = 50
_DRAWING_INCHES: Final = 0.5
# Larger pages are drawings of A2 and more: there the lines are what is drawn.
_MOST_PIXELS: Final = 16_000_000
_MOST: Final = 150
_PAPER: Final = 255


@dataclass(frozen=True, slots=True)
class Ruling:
    """Where rules are on a page: 255 on level ones (`across`) and on upright ones (`down`)."""

    across: Mask
    down: Mask

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return cv2.countNonZero(self.across) == 0 and cv2.countNonZero(self.down) == 0


def ruling_of(gray: Gray, dpi: float) -> Ruling:
    """Return the rules of a page: thin, and longer than any stroke of a letter.

    Args:
        gray: A level page; rules that lean by more than half a degree are not found.
        dpi: Its resolution.
    """
    nothing = np.zeros((1, 1), np.uint8)
    if gray.size > _MOST_PIXELS:
        return Ruling(nothing, nothing)
    ink, pale = (np.asarray(cv2.threshold(gray, level, 255, cv2.THRESH_BINARY_INV)[1], np.uint8) for level in _LEVELS)
    # Upright rules are the level ones of the page seen from its side.
    side = _rules(_from_side(ink), _from_side(pale), dpi)
    found = Ruling(_rules(ink, pale, dpi), np.asarray(cv2.transpose(side), np.uint8))
    return Ruling(nothing, nothing) if _is_raster(found, dpi) else found


def _from_side(ink: Mask) -> Mask:
    return np.asarray(cv2.transpose(ink), np.uint8)


def _is_raster(ruling: Ruling, dpi: float) -> bool:
    """Return whether there are more rules than any form has: a printed photograph, the hatching of a plan."""
    fewest = _MOST * _odd(_HOLE_INCHES, dpi)  # pixels that so many rules have at the least
    masks = [mask for mask in (ruling.across, ruling.down) if cv2.countNonZero(mask) > fewest]
    return any(cv2.connectedComponentsWithAlgorithm(mask, 8, cv2.CV_32S, cv2.CCL_GRANA)[0] > _MOST for mask in masks)


def without_drawings(ruling: Ruling, gray: Gray, tables: Sequence[Box], dpi: float) -> Ruling:
    """Return the ruling without the lines of drawings: rules that hang together with much else and are no table's.

    Args:
        ruling: See `ruling_of`.
        gray: The page it was found on.
        tables: Where ruled tables stand.
        dpi: Resolution of the page.
    """
    ink = cv2.threshold(gray, _INK, 255, cv2.THRESH_BINARY_INV)[1]
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(ink, 8, cv2.CV_32S, cv2.CCL_GRANA)
    spread = np.minimum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    drawn = spread >= _DRAWING_INCHES * dpi
    drawn[0] = False  # the paper
    if not drawn.any():
        return ruling
    kept = ~drawn[labels]
    edge = _odd(_THICK_INCHES, dpi)  # a table's box ends in the middle of its frame
    for box in tables:
        kept[max(0, box.top - edge) : box.bottom + edge, max(0, box.left - edge) : box.right + edge] = True
    return Ruling(*(np.asarray(np.where(kept, mask, 0), np.uint8) for mask in (ruling.across, ruling.down)))


def drop_rules(gray: Gray, ruling: Ruling) -> Gray:
    """Return the page without its rules; strokes of letters that cross one stay."""
    clean = gray.copy()
    _, ink = cv2.threshold(gray, _INK, 255, cv2.THRESH_BINARY_INV)
    # Where two rules cross each other no letter does.
    rest = np.asarray(cv2.subtract(ink, _widened(cv2.bitwise_or(ruling.across, ruling.down))), np.uint8)
    clean[_erasable(rest, ruling.across)] = _PAPER
    side = clean.T
    side[_erasable(_from_side(rest), _from_side(ruling.down))] = _PAPER
    return clean


def _rules(ink: Mask, pale: Mask, dpi: float) -> Mask:
    """Return the level rules in ink, and those whole ones in what may be pale ink."""
    piece, gap, length = (_odd(inches, dpi) for inches in (_PIECE_INCHES, _BREAK_INCHES, _LENGTH_INCHES))
    pieces = np.asarray(cv2.morphologyEx(pale, cv2.MORPH_OPEN, np.ones((1, piece), np.uint8)), np.uint8)
    found = np.zeros_like(ink)
    # What follows looks along rows only, and few rows have a rule.
    if (rows := _rows_with(pieces)).size:
        dark = cv2.bitwise_or(ink[rows], cv2.subtract(pieces[rows], _shining(pale, rows)))
        whole = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, piece), np.uint8))
        joined = cv2.morphologyEx(whole, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
        found[rows] = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    _add_worn(found, ink, dpi)
    thick = _odd(_THICK_INCHES, dpi)
    if _most_in_a_row(_rows_with(found)) < thick:
        return found
    # What is thick is no rule but a bar, a picture or the border of the scan.
    bars = cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8))
    return np.asarray(cv2.subtract(found, bars), np.uint8)


def _shining(pale: Mask, rows: NDArray[np.intp]) -> Mask:
    """Return 255 where some rows are pale and thick: rules of the other side shine through so, hairlines are thin."""
    below, low, high, above = (pale[np.clip(rows + step, 0, len(pale) - 1)] for step in (2, 1, -1, -2))
    beside = cv2.bitwise_or(cv2.bitwise_and(low, high), cv2.bitwise_and(low, below))
    return np.asarray(cv2.bitwise_or(beside, cv2.bitwise_and(high, above)), np.uint8)


def _rows_with(mask: Mask) -> NDArray[np.intp]:
    """Return the numbers of the rows that are not empty."""
    return np.flatnonzero(mask.any(axis=1))


def _most_in_a_row(numbers: NDArray[np.intp]) -> int:
    """Return the length of the longest run of numbers that follow each other."""
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return max(map(len, runs))


def _add_worn(found: Mask, ink: Mask, dpi: float) -> None:
    """Add level rules that are broken all over: rows with much more ink along them than the rows on both sides."""
    aside, gap = _odd(_ASIDE_INCHES, dpi), _odd(_HOLE_INCHES, dpi)
    long = _odd(_LONG_INCHES, dpi)
    # How full so long a window is changes slowly along a row: each eighth pixel tells it.
    filled = np.asarray(cv2.blur(ink, (long, 1), borderType=cv2.BORDER_CONSTANT)[:, ::_COARSE], np.uint8)
    beside = cv2.max(_moved_down(filled, aside), _moved_down(filled, -aside))
    worn = cv2.bitwise_and(
        cv2.threshold(filled, _FILLED, 255, cv2.THRESH_BINARY)[1],
        cv2.threshold(beside, _BESIDE, 255, cv2.THRESH_BINARY_INV)[1],
    )
    if (rows := _rows_with(np.asarray(worn, np.uint8))).size == 0:
        return
    inner, whole = worn[rows], cv2.dilate(worn[rows], np.ones((1, long // _COARSE | 1), np.uint8))
    inner, whole = (np.repeat(part, _COARSE, axis=1)[:, : ink.shape[1]] for part in (inner, whole))
    closed = np.asarray(cv2.morphologyEx(ink[rows], cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8)), np.uint8)
    likely, surely = _like_rules(closed, ink, rows, dpi)
    whole = cv2.bitwise_or(cv2.bitwise_and(inner, likely), cv2.bitwise_and(whole, surely))
    # What lies beyond the rule's end are letters, which do not reach as far as a piece of it.
    rules = cv2.morphologyEx(cv2.bitwise_and(whole, closed), cv2.MORPH_OPEN, np.ones((1, gap * 3), np.uint8))
    found[rows] = cv2.bitwise_or(found[rows], rules)


def _like_rules(closed: Mask, ink: Mask, rows: NDArray[np.intp], dpi: float) -> tuple[Mask, Mask]:
    """Return 255 where rows, gaps closed, are full of ink over a short way and clear on both sides; and quite clear."""
    near, aside = _odd(_NEAR_INCHES, dpi), _odd(_ASIDE_INCHES, dpi)
    full = cv2.threshold(cv2.blur(closed, (near, 1)), _WHOLE, 255, cv2.THRESH_BINARY)[1]
    above, below = (np.clip(rows + step, 0, len(ink) - 1) for step in (-aside, aside))
    beside = cv2.max(cv2.blur(ink[above], (near, 1)), cv2.blur(ink[below], (near, 1)))
    likely, surely = (
        cv2.dilate(cv2.bitwise_and(full, cv2.threshold(beside, most, 255, cv2.THRESH_BINARY_INV)[1]), np.ones((1, end)))
        for most, end in ((_CLEAR, near // 2 | 1), (_CLEAR_AT_ENDS, near * 3 // 4 | 1))
    )
    return np.asarray(likely, np.uint8), np.asarray(surely, np.uint8)


def _moved_down(image: Mask, pixels: int) -> Mask:
    """Return the image moved by some rows, 0 where nothing comes from."""
    moved = np.zeros_like(image)
    if pixels > 0:
        moved[pixels:] = image[:-pixels]
    else:
        moved[:pixels] = image[-pixels:]
    return moved


def _erasable(rest: Mask, rules: Mask) -> NDArray[np.bool_]:
    """Return where level rules may be wiped: not where other ink touches them from above and from below."""
    reach = np.ones((7, 1), np.uint8)
    above = cv2.dilate(rest, reach, anchor=(0, 6))
    below = cv2.dilate(rest, reach, anchor=(0, 0))
    return np.asarray((_widened(rules) > 0) & (cv2.bitwise_and(above, below) == 0), np.bool_)


def _widened(rules: cv2.typing.MatLike) -> Mask:
    return np.asarray(cv2.dilate(rules, np.ones((3, 3), np.uint8)), np.uint8)


def _odd(inches: float, dpi: float) -> int:
    """Return a length in pixels that has a middle: with an even one masks would wander aside."""
    return max(2, round(inches * dpi)) | 1
