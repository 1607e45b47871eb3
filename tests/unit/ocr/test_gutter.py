"""Two pages side by side on one scan are told from one wide page."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.gutter import gutter_of
from ocr.preparation.marks import Marks

DPI = 100
SIZE = (1654, 1170)  # A3, landscape


def _letters(*columns: tuple[int, int]) -> Marks:
    """Return letters of 10 x 14 pixels in 25 rows over the given columns."""
    left = np.array([x for begin, end in columns for x in range(begin, end, 14)] * 25, np.int32)
    top = np.repeat(np.arange(25, dtype=np.int32) * 40 + 60, len(left) // 25)
    ones = np.ones(len(left), np.int32)
    return Marks(left, top, 10 * ones, 14 * ones, 90 * ones)


def test_two_pages_meet_in_the_gap() -> None:
    """The gap between the two columns of print is found to a tenth of an inch."""
    found = gutter_of(_letters((100, 740), (920, 1560)), SIZE, DPI)
    assert found == pytest.approx((740 + 920) / 2, abs=0.1 * DPI)


@pytest.mark.parametrize(
    "columns",
    [((100, 1560),), ((100, 400), (560, 1560)), ((100, 815), (830, 1560)), ((920, 1560),)],
    ids=["one page", "gap aside", "narrow gap", "one half empty"],
)
def test_one_page_has_no_gutter(columns: tuple[tuple[int, int], ...]) -> None:
    """Print that goes across, a margin column, the space between two columns, an empty half."""
    assert gutter_of(_letters(*columns), SIZE, DPI) is None


def test_an_upright_page_has_no_gutter() -> None:
    """Columns of a newspaper page are not pages."""
    assert gutter_of(_letters((60, 380), (480, 780)), (827, 1170), DPI) is None
