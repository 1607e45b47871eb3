"""Words of a line brought to one height, so that every reader of the file finds the line again.

Readers join words to lines by baseline and font size: poppler parts words whose sizes differ by a fifth, and a word's
ink box differs more than that between "ao" and "Ộp", let alone "-". So a word keeps its left and right edge and takes
the height of its line. Specks and rules taken for letters do not set that height.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from dossier.page import Box, PageText, Word

_HUGE = 3.0  # times the page's median word height: a table rule or a seal
_SMALL = 0.5  # times the line's tallest letter word: a dash, a dot, a speck


def placed_words(text: PageText) -> Iterator[tuple[Word, Box, int]]:
    """Give each word in reading order, the box to fill and the pixels to the next word of its line, 0 for the last."""
    if not text.words:
        return
    usual = median(word.box.height for word in text.words)
    for line in text.lines():
        top, bottom = _extent(line, usual * _HUGE)
        gaps = [max(1, following.box.left - word.box.right) for word, following in pairwise(line)]
        for word, gap in zip(line, [*gaps, 0], strict=True):
            yield word, _levelled(word.box, top, bottom), gap


def _extent(line: Sequence[Word], huge: float) -> tuple[int, int]:
    """Return top and bottom of the words that set the height of a line."""
    boxes = [word.box for word in line]
    letters = [box for box in boxes if box.height <= huge] or boxes
    tallest = max(box.height for box in letters)
    setting = [box for box in letters if box.height >= tallest * _SMALL]
    return min(box.top for box in setting), max(box.bottom for box in setting)


def _levelled(box: Box, top: int, bottom: int) -> Box:
    inside = top <= (box.top + box.bottom) / 2 <= bottom and box.height <= bottom - top
    if not inside:
        top, bottom = box.top, box.bottom
    return Box(box.left, top, max(box.right, box.left + 1), max(bottom, top + 1))
