"""Take back what was read into pictures: the strokes of maps, plans and photographs come back as words now and then.

Tesseract leaves most of a picture alone, but not all: a map of a hundred parcels gave 28 words that nobody wrote, all
of them alone or in twos and with little confidence. Captions, title blocks and numbers on plans stand in lines that
were read well, or are sure by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from dossier.page import Word
from ocr.arrays import Gray
from ocr.boxes import size_of
from ocr.ink import coverage
from ocr.preparation.marks import INK, Marks, marks_of

# Share of the ink that is not letter-sized. Pages of text 0.02 to 0.05, maps and photographs beside text 0.5 and more.
_PICTURED: Final = 0.3
# Mean confidence, weighted by length, from which a line is believed as a whole.
_SURE_LINE: Final = 75.0
_SURE_WORD: Final = 60.0
# Words inside a picture are believed when they are surer than that: signs on photographs are read well.
_SURE_IN_PICTURE: Final = 80.0
# Of a page of strokes: fewer signs than that, short ones, and so many times as many words that were none.
_FEW: Final = 5
_SHORT: Final = 2
_TIMES: Final = 3
_UNSURE: Final = 40.0
# Share of the letter-sized ink that lies in a lone sign.
_LONE: Final = 0.15
_FULL: Final = 0.9
# Higher than this is no letter, see `Marks.like_letters`.
_LETTER_INCHES: Final = 0.36
_LARGE: Final = 0.2
_RULE_INCHES: Final = 0.4
_THICK_INCHES: Final = 0.06
# Share of the ink that lies in words; dots of a printed photograph have next to none.
_WORDED: Final = 0.3
# In heights of the words.
_WIDE_GAP: Final = 2.0
_CELL_INCHES: Final = 0.05
_REACH_CELLS: Final = 11


def picture_share(gray: Gray, letters: Marks) -> float:
    """Return the share of the ink that is not letter-sized: lines, areas, grain; 0.0 on a page without ink.

    Args:
        gray: The prepared page.
        letters: Its letter-sized marks.
    """
    total = int(np.count_nonzero(gray < INK))
    return max(0.0, 1.0 - int(letters.area.sum()) / total) if total else 0.0


def without_invented(words: tuple[Word, ...], gray: Gray, letters: Marks, dpi: float) -> tuple[Word, ...]:
    """Return the words without those that were read into a picture; all of them on a page that is mostly letters.

    Args:
        words: What was read, boxes in pixels of `gray`.
        gray: The prepared page.
        letters: Its letter-sized marks.
        dpi: Its resolution.
    """
    if not words or picture_share(gray, letters) < _PICTURED:
        return words
    gray = _without_rules(gray, dpi)
    if picture_share(gray, letters) < _PICTURED or _is_fine_print(words, gray, dpi):
        return words
    crowded = _crowded(gray, letters, dpi)
    kept = tuple(word for run in _runs(words) for word in run if _is_kept(word, crowded, dpi, in_line=_is_sure(run)))
    few = len(kept) < _FEW and all(len(word.text) <= _SHORT for word in kept)
    return () if few and (_are_strokes(kept, words) or _is_lone(kept, gray, letters)) else kept


def _without_rules(gray: Gray, dpi: float) -> Gray:
    """Return the page without thin level and upright lines: a form or a table is no picture."""
    ink = np.asarray(cv2.threshold(gray, INK - 1, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
    long, thick = max(3, round(_RULE_INCHES * dpi)), max(2, round(_THICK_INCHES * dpi))
    for run, across in (((1, long), (thick, 1)), ((long, 1), (1, thick))):
        lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(run, np.uint8))
        lines = cv2.subtract(lines, cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones(across, np.uint8)))
        gray = np.asarray(cv2.max(gray, cv2.dilate(lines, np.ones((3, 3), np.uint8))), np.uint8)
    return gray


def _is_fine_print(words: tuple[Word, ...], gray: Gray, dpi: float) -> bool:
    """Return whether the ink is smaller than letters, and yet words: a scan that tells too high a resolution."""
    boxes = (word.box for word in words)
    inside = sum(int(np.count_nonzero(gray[box.top : box.bottom, box.left : box.right] < INK)) for box in boxes)
    if inside < _WORDED * int(np.count_nonzero(gray < INK)):
        return False
    marks = marks_of(gray)
    large = (marks.height > _LETTER_INCHES * dpi) | (marks.width > dpi)
    return int(marks.area[large].sum()) < _LARGE * int(marks.area.sum())


def _runs(words: tuple[Word, ...]) -> Iterator[list[Word]]:
    """Yield the words of each line in runs: numbers of two parcels on one level are no line of text."""
    run: list[Word] = []
    for word in words:
        if run and (word.line != run[-1].line or _gap(run[-1], word) > _WIDE_GAP):
            yield run
            run = []
        run.append(word)
    yield run


def _gap(before: Word, after: Word) -> float:
    return (after.box.left - before.box.right) / max(1, before.box.height, after.box.height)


def _is_kept(word: Word, crowded: Gray, dpi: float, *, in_line: bool) -> bool:
    cell = _cell(dpi)
    row = min((word.box.top + word.box.bottom) // (2 * cell), crowded.shape[0] - 1)
    column = min((word.box.left + word.box.right) // (2 * cell), crowded.shape[1] - 1)
    if crowded[row, column]:
        return word.confidence >= _SURE_IN_PICTURE and _says_something(word)
    return in_line or (word.confidence >= _SURE_WORD and _says_something(word))


def _are_strokes(kept: Sequence[Word], words: Sequence[Word]) -> bool:
    """Return whether what is kept are a few lone signs among many words that were none: sure ones, but by chance."""
    return _TIMES * len(kept) <= len(words) and _confidence(words) < _UNSURE


def _is_lone(kept: tuple[Word, ...], gray: Gray, letters: Marks) -> bool:
    """Return whether one sign was read on a page that has hundreds as large."""
    return len(kept) == 1 and coverage(letters, kept, size_of(gray)) < _LONE


def _is_sure(line: list[Word]) -> bool:
    return _confidence(line) >= _SURE_LINE and any(_says_something(word) for word in line)


def _confidence(words: Sequence[Word]) -> float:
    return sum(word.confidence * len(word.text) for word in words) / max(1, sum(len(word.text) for word in words))


def _says_something(word: Word) -> bool:
    return any(char.isalnum() for char in word.text)


def _cell(dpi: float) -> int:
    return max(1, round(_CELL_INCHES * dpi))


def _crowded(gray: Gray, letters: Marks, dpi: float) -> Gray:
    """Return 1 for each cell with hardly any letter among the ink around it, 0 elsewhere."""
    cell = _cell(dpi)
    rows, columns = gray.shape[0] // cell + 1, gray.shape[1] // cell + 1
    ink = np.asarray(cv2.threshold(gray, INK - 1, 1, cv2.THRESH_BINARY_INV)[1], np.float32)
    below, beside = rows * cell - gray.shape[0], columns * cell - gray.shape[1]
    framed = cv2.copyMakeBorder(ink, 0, below, 0, beside, cv2.BORDER_CONSTANT, value=(0.0,))
    total = cv2.resize(framed, (columns, rows), interpolation=cv2.INTER_AREA) * cell**2
    lettered = np.zeros((rows, columns), np.float32)
    places = ((letters.top + letters.height // 2) // cell, (letters.left + letters.width // 2) // cell)
    np.add.at(lettered, places, letters.area.astype(np.float32))
    reach = (_REACH_CELLS, _REACH_CELLS)
    inked = cv2.blur(total, reach)
    return ((inked > 0) & (cv2.blur(lettered, reach) < (1 - _FULL) * inked)).astype(np.uint8)
