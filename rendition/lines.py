"""Words of a line brought to one height, so that every reader of the file finds the line again.

Readers join words to lines by baseline and font size: poppler parts words whose sizes differ by a fifth, and a word's
ink box differs more than that between "ao" and "Ộp", let alone "-". So a word keeps its left and right edge and takes
the height of its line. Specks and rules taken for letters do not set that height.

Poppler's reading in file order goes by distance alone and takes a gap below 0.15 of the font size for none; pdf.js
does so below 0.03, a space in between or not. Where the ink is that close a word gives way by a hair.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from dossier.page import Box, PageText, Word

_HUGE = 3.0  # times the page's median word height: a table rule or a seal
_GAP = 0.16  # of the line's height, between words
_HAIR = 0.035  # of the line's height, which is two pixels of twelve-point print at 300 dpi
_SMALL = 0.5  # times the line's tallest letter word: a dash, a dot, a speck


def placed_words(text: PageText) -> Iterator[tuple[Word, Box, int]]:
    """Give each word in reading order, the box to fill and the pixels to the next word of its line, 0 for the last."""
    if not text.words:
        return
    usual = median(word.box.height for word in text.words)
    for line in text.lines():
        top, bottom = _extent(line, usual * _HUGE)
        gaps = [following.box.left - word.box.right for word, following in pairwise(line)]
        for word, gap in zip(line, gaps, strict=False):
            box = _levelled(word.box, top, bottom)
            hair = _hair(box, gap)
            yield word, Box(box.left, box.top, box.right - hair, box.bottom), max(1, gap + hair)
        yield line[-1], _levelled(line[-1].box, top, bottom), 0


def _hair(box: Box, gap: int) -> int:
    """Return the pixels by which a word ends early so that the next one is seen to be another."""
    missing = math.ceil(box.height * _GAP) - gap
    if gap > 0:
        return max(0, min(missing, int(box.height * _HAIR), box.width - 1))
    # Boxes that touch or overlap cannot both be right: the word gives up what the next one claims, and the hair.
    return min(missing, math.ceil(box.height * _HAIR) - gap, box.width // 2)


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
