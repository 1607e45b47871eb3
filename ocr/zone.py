"""Box 10a in millimetres: where a stamp stops the page by itself. In the rest of its place a person is asked.

A stop destroys what was taken in, so it is for the place that the layout of papers has for the mark, and a little
around it. Millimetres need a sheet whose size is known; else all of the stamp's place counts, in shares of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ocr.glance import GLANCE_DPI
from ocr.letters import MARKS_SEEN, Seen
from ocr.rules import SecrecyRules

_MM: Final = 25.4


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet as it was scanned, upright.

    Attributes:
        width: Inches.
        height: Inches.
        is_sized: Whether the source told the size, see `ocr.frame.tells_size`.
    """

    width: float
    height: float
    is_sized: bool


def is_in_box(middle: tuple[float, float], paper: Paper, rules: SecrecyRules) -> bool:
    """Return whether a stamp stands where it stops the page by itself, given that it stands in the stamp's place.

    Args:
        middle: Of the stamp, in inches from the left and upper edge.
        paper: The sheet.
        rules: The box.
    """
    if not _has_millimetres(paper, rules):
        return True
    far = rules.box_reach + rules.box_slack
    across, down = (each * _MM for each in middle)
    return abs(across - rules.box_across) <= far and abs(down - rules.box_down) <= far


def middle_of(seen: Seen, rules: SecrecyRules) -> tuple[float, float]:
    """Return about where the stamp has its middle whose last word was seen, in inches."""
    right = rules.word_right_of_middle[rules.marks.index(MARKS_SEEN[seen.kind])]
    return seen.x / GLANCE_DPI - right / _MM, seen.y / GLANCE_DPI


def _has_millimetres(paper: Paper, rules: SecrecyRules) -> bool:
    short, long = sorted((paper.width * _MM, paper.height * _MM))
    return paper.is_sized and short >= rules.sheet_least_short and long >= rules.sheet_least_long
