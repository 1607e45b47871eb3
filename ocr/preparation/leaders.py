"""Erase dotted leaders ("Họ và tên: ........"): they turn whole lines of a form into junk for the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray
from ocr.preparation.marks import Marks

_DOT_INCHES: Final = 0.04
_PITCH_INCHES: Final = 0.13
# Leaders of dashes: flat marks, and more of them, for there are dashes in texts too.
_DASH_INCHES: Final = (0.12, 0.025)
_DASH_PITCH_INCHES: Final = 0.2
_DASHES: Final = 6
_FLAT: Final = 1.6
_LEVEL_INCHES: Final = 0.02
_DOTS: Final = 4
# Behind a short value only the end of a leader shows, in the pitch of the page's other leaders.
_FEW_DOTS: Final = 3
_SAME_PITCH: Final = 0.15
_COLON_INCHES: Final = 0.11
_UNEQUAL: Final = 2.5
_IRREGULAR: Final = 0.45
_OUT_OF_STEP: Final = 0.25
_LARGER: Final = 1.9
_PAPER: Final = 255


def drop_leaders(gray: Gray, marks: Marks, dpi: float) -> tuple[Gray, Marks]:
    """Return the page without its leaders, and the marks that are left.

    Leaders are runs of four or more equal dots at a regular pitch, and of three on a page that has longer ones in the
    same pitch; and runs of six or more equal dashes.
    """
    erased = np.union1d(_dotted(marks, dpi), _dashed(marks, dpi))
    if erased.size == 0:
        return gray, marks
    clean = gray.copy()
    for index in erased:
        _erase(clean, marks, int(index))
    left = np.ones(len(marks.left), np.bool_)
    left[erased] = False
    return clean, marks.chosen(left)


def _dotted(marks: Marks, dpi: float) -> NDArray[np.intp]:
    """Return the numbers of the marks that are dots of leaders."""
    small = np.flatnonzero((marks.width <= _DOT_INCHES * dpi) & (marks.height <= _DOT_INCHES * dpi))
    dots = marks.chosen(small)
    found = [run for row in _rows(dots, dpi) for run in _runs(dots, row, dpi, _PITCH_INCHES)]
    runs = [run for run in found if len(run) >= _DOTS]
    return small[np.concatenate(runs + _ends(marks, dots, found, runs, dpi))] if runs else small[:0]


def _dashed(marks: Marks, dpi: float) -> NDArray[np.intp]:
    """Return the numbers of the marks that are dashes of leaders."""
    most_wide, most_high = (inches * dpi for inches in _DASH_INCHES)
    flat = (marks.width <= most_wide) & (marks.height <= most_high) & (marks.width >= _FLAT * marks.height)
    small = np.flatnonzero(flat)
    dashes = marks.chosen(small)
    found = [run for row in _rows(dashes, dpi) for run in _runs(dashes, row, dpi, _DASH_PITCH_INCHES)]
    runs = [run for run in found if len(run) >= _DASHES]
    return small[np.concatenate(runs)] if runs else small[:0]


def _rows(dots: Marks, dpi: float) -> Iterator[NDArray[np.intp]]:
    """Yield the dots whose lower edges lie on one level, from left to right; levels overlap by half."""
    foot = dots.top + dots.height
    level = max(2, round(_LEVEL_INCHES * dpi))
    for shift in (0, level // 2):
        number = (foot + shift) // level
        order = np.lexsort((dots.left, number))
        for row in np.split(order, np.flatnonzero(np.diff(number[order])) + 1):
            if len(row) >= _FEW_DOTS:
                yield row


def _runs(dots: Marks, row: NDArray[np.intp], dpi: float, pitch: float) -> Iterator[NDArray[np.intp]]:
    centre = dots.left[row] + dots.width[row] / 2
    gaps = np.diff(centre)
    near = (gaps <= pitch * dpi) & (gaps > 0)
    for run in np.split(row, np.flatnonzero(~near) + 1):
        if len(run) < _FEW_DOTS or not _regular(dots, run):
            continue
        leader = run[1:] if _is_colon(dots, int(run[0]), dpi) else run
        yield leader[~_is_strange(dots, leader)]


def _ends(
    marks: Marks, dots: Marks, found: Sequence[NDArray[np.intp]], long: Sequence[NDArray[np.intp]], dpi: float
) -> list[NDArray[np.intp]]:
    """Return the runs of three dots that are like the page's leaders and no part of letters."""
    pitch = float(np.median([_pitch(dots, run) for run in long]))
    few = [run for run in found if len(run) == _FEW_DOTS]
    alike = [run for run in few if abs(_pitch(dots, run) - pitch) <= _SAME_PITCH * pitch]
    return [run for run in alike if not _has_letters_above(marks, dots.chosen(run), dpi)]


def _pitch(dots: Marks, run: NDArray[np.intp]) -> float:
    return float(np.median(np.diff(dots.left[run] + dots.width[run] / 2)))


def _has_letters_above(marks: Marks, run: Marks, dpi: float) -> bool:
    """Return whether print stands right above or below the dots: they are marks below or above letters then."""
    left, right = int(run.left.min()), int((run.left + run.width).max())
    across = (marks.left < right) & (marks.left + marks.width > left)
    reach = _COLON_INCHES * dpi
    near = (marks.top < run.top.max() + reach) & (marks.top + marks.height > run.top.min() - reach)
    return bool(np.count_nonzero(across & near) > len(run.left))


def _is_colon(dots: Marks, index: int, dpi: float) -> bool:
    """Return whether a dot has its like right above it: the colon of the label, not the leader's first dot."""
    across = np.abs(dots.left - dots.left[index]) <= max(1, round(0.008 * dpi))
    above = dots.top[index] - dots.top
    return bool(np.any(across & (above > dots.height[index]) & (above <= _COLON_INCHES * dpi)))


def _regular(dots: Marks, run: NDArray[np.intp]) -> bool:
    """Tell a leader from scattered small marks: most dots are alike and most gaps are alike."""
    area = dots.area[run]
    middle = float(np.median(area))
    alike = (area <= middle * _UNEQUAL) & (area * _UNEQUAL >= middle)
    gaps = np.diff(dots.left[run] + dots.width[run] / 2)
    pitch = float(np.median(gaps))
    even = np.abs(gaps - pitch) <= max(1.5, pitch * _IRREGULAR)
    return bool(alike.mean() >= 0.8 and even.mean() >= 0.8)  # noqa: PLR2004 - four in five


def _is_strange(dots: Marks, run: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return of each dot whether it is none of the leader's: the mark below a letter that a leader runs under.

    It is larger, with a dot of the leader grown to it, or out of step with both of its neighbours.
    """
    area = dots.area[run]
    gaps = np.diff(dots.left[run] + dots.width[run] / 2)
    pitch = float(np.median(gaps))
    off = np.concatenate([[True], np.abs(gaps - pitch) > max(1.5, pitch * _OUT_OF_STEP), [True]])
    out_of_step = off[:-1] & off[1:]
    out_of_step[[0, -1]] = False
    return np.asarray(out_of_step | (area > float(np.median(area)) * _LARGER), np.bool_)


def _erase(page: Gray, dots: Marks, index: int) -> None:
    left, top = int(dots.left[index]), int(dots.top[index])
    right, bottom = left + int(dots.width[index]), top + int(dots.height[index])
    page[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = _PAPER
