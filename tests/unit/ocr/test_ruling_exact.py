"""Rules are found to the pixel and wiped to the last one: what is left of them is read as letters."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.preparation.ruling import drop_rules, ruling_of


def test_the_mask_lies_on_the_rule() -> None:
    """It begins and ends where the rule does: kernels without a middle would move it aside."""
    page = np.full((600, 1200), 255, np.uint8)
    page[300:303, 100:1001] = 0
    columns = np.flatnonzero(ruling_of(page, 200).across.any(axis=0))
    assert (columns[0], columns[-1]) == (100, 1000)


@pytest.mark.parametrize("dpi", [150, 200, 240, 300])
def test_a_rule_goes_with_both_ends(dpi: int) -> None:
    """A sliver of one column at the left end is left behind."""
    page = np.full((600, 1200), 255, np.uint8)
    page[300:303, 100:1001] = 0
    assert np.all(drop_rules(page, ruling_of(page, dpi)) == 255)


@pytest.mark.parametrize("dpi", [150, 200, 240, 300])
def test_crossings_of_rules_go(dpi: int) -> None:
    """Each crossing keeps a block (3 x 3 here): the other rule counts as ink that touches from both sides."""
    page = np.full((600, 800), 255, np.uint8)
    for place in range(50, 531, 120):
        cv2.line(page, (place, 50), (place, 530), 0, 2)
        cv2.line(page, (50, place), (530, place), 0, 2)
    assert np.all(drop_rules(page, ruling_of(page, dpi)) == 255)


def test_a_bar_just_too_thick_is_no_rule() -> None:
    """Four pixels of its end are reported as a rule."""
    page = np.full((600, 1200), 255, np.uint8)
    page[200:208, 100:1001] = 0
    assert ruling_of(page, 200).is_empty
