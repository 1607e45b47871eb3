"""Wipe dirt: specks of a copier's glass, crumbs and dust.

Where no print is near, whatever is as small as a speck goes. Beside print only what is as small as nearly all the dust
elsewhere on the page, and clearly smaller than the stops and dots of its letters: it comes back as stops otherwise.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.arrays import Gray, Mask
from ocr.preparation.marks import Marks

_SPECK_INCHES: Final = 0.025
_REACH_INCHES: Final = 0.045
# Dust lies everywhere, so that some of it lies as far from print as this. Stops and colons of wide-set faces do not.
_FAR_INCHES: Final = 0.12
_CELL: Final = 4
# Fewer are bullets and the ends of leaders.
_GATE: Final = 40
# Of the dust far from print, which says how large it is.
_NEARLY_ALL: Final = 0.99
# Beside print stand so many times the specks of a size that lie on as much white paper: not all of them are dust.
_MORE: Final = 1.4
# Dots of letters are so many times larger than the dust that is wiped beside them.
_DOTS_LARGER: Final = 1.3
_PAPER: Final = 255

Chosen = NDArray[np.bool_]
Areas = NDArray[np.int32]


def drop_isolated(gray: Gray, marks: Marks, dpi: float) -> tuple[Gray, Marks]:
    """Return the page without specks far from print, if there are many, and the marks that are left.

    Args:
        gray: The page, leaders gone.
        marks: Its marks.
        dpi: Its resolution.
    """
    small = (marks.width <= _SPECK_INCHES * dpi) & (marks.height <= _SPECK_INCHES * dpi)
    print_ = _cells(marks.chosen(~small), gray.shape)
    around = _around(print_, round(_FAR_INCHES * dpi))
    far = small & ~_within(around, marks)
    if np.count_nonzero(far) < _GATE:
        return gray, marks
    alone = small & ~_within(_around(print_, round(_REACH_INCHES * dpi)), marks)
    dust = small & (marks.area <= _dust_area(marks.area[far], marks.area[small & ~far], float(np.mean(around))))
    clean = gray.copy()
    _wipe(clean, marks.chosen(alone), 2)
    _wipe(clean, marks.chosen(dust & ~alone), 1)
    return clean, marks.chosen(~(alone | dust))


def _dust_area(far: Areas, near: Areas, share: float) -> int:
    """Return the area that dust beside print has at most; 0 where it cannot be told from parts of letters.

    Args:
        far: Areas of the specks far from print, which are all dust.
        near: Areas of those near print.
        share: Part of the page that is near print.
    """
    most = int(np.quantile(far, _NEARLY_ALL))
    expected = np.bincount(far, minlength=most + 1) * share / max(1e-3, 1.0 - share)
    found = np.bincount(near, minlength=most + 1)
    dots = near[near > most]
    clear = len(dots) > 0 and float(np.median(dots)) >= _DOTS_LARGER * most
    return most if clear and np.all(found[: most + 1] <= _MORE * expected[: most + 1] + 1) else 0


def _wipe(gray: Gray, specks: Marks, margin: int) -> None:
    """Paint specks and their pale rims over."""
    for left, top, width, height in zip(specks.left, specks.top, specks.width, specks.height, strict=True):
        gray[max(0, top - margin) : top + height + margin, max(0, left - margin) : left + width + margin] = _PAPER


def _cells(print_: Marks, size: tuple[int, ...]) -> Mask:
    """Return 1 for each cell of the page that print reaches into."""
    cells = np.zeros((size[0] // _CELL + 1, size[1] // _CELL + 1), np.uint8)
    for x, y, across, down in zip(print_.left, print_.top, print_.width, print_.height, strict=True):
        corner = (int(x + across) // _CELL, int(y + down) // _CELL)
        cv2.rectangle(cells, (int(x) // _CELL, int(y) // _CELL), corner, 1, cv2.FILLED)
    return cells


def _around(print_: Mask, reach: int) -> Mask:
    """Return 1 for each cell of the page with print within reach."""
    side = 2 * max(1, reach // _CELL) + 1
    return np.asarray(cv2.dilate(print_, np.ones((side, side), np.uint8)), np.uint8)


def _within(cells: Mask, marks: Marks) -> Chosen:
    """Return of each mark whether its middle lies in one of the cells."""
    rows, columns = (marks.top + marks.height // 2) // _CELL, (marks.left + marks.width // 2) // _CELL
    return np.asarray(cells[rows, columns] > 0, np.bool_)
