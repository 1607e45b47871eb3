"""Part numbers and codes that the engine ran together: "99 9 70318" comes back as "99970318", "01 - 47" as "01-47".

Signs stay as they were read. Spaces are set where the ink has them: digits stand at one pitch, and a gap that is half
as wide again is a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dossier.page import Box, Word
from ocr.arrays import Gray
from ocr.boxes import padded, size_of
from ocr.preparation.marks import INK

# Digits, plain capitals and dashes are one piece of ink each, and none of them hangs over its neighbour.
_CODE: Final = re.compile(r"(?=[^\d]*\d)[0-9A-ZĐ]+(?:[-–][0-9A-ZĐ]+)*")
_LEAST: Final = 3
# In pitches of the digits of a word: half a digit's width is a narrow space.
_WIDE_PITCH: Final = 1.3
# In heights of the signs. A one is so narrow that there is room on both sides of it.
_WIDE_GAP: Final = 0.33
_WIDE_GAP_AT_ONE: Final = 0.5
# A number set wide has gaps everywhere.
_MOST_SPACES: Final = 0.5

Span = tuple[int, int]


def with_numbers_parted(gray: Gray, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words, numbers and codes parted where the ink has spaces.

    Args:
        gray: The prepared page.
        words: What was read, boxes in its pixels.
    """
    return tuple(part for word in words for part in _parts(gray, word))


def _parts(gray: Gray, word: Word) -> Iterator[Word]:
    text = word.text
    if len(text) < _LEAST or not _CODE.fullmatch(text):
        yield word
        return
    box = padded(word.box, size_of(gray), 1, 0)
    ink = gray[box.top : box.bottom, box.left : box.right] < INK
    spans, rows = _runs(np.asarray(ink.any(axis=0), np.bool_)), np.flatnonzero(ink.any(axis=1))
    ends = _ends(text, spans, int(rows[-1] - rows[0]) + 1) if len(spans) == len(text) else [len(text)]
    begin = 0
    for end in ends:
        left = word.box.left if begin == 0 else box.left + spans[begin][0]
        right = word.box.right if end == len(text) else box.left + spans[end - 1][1]
        yield replace(word, text=text[begin:end], box=Box(left, word.box.top, right, word.box.bottom))
        begin = end


def _runs(columns: NDArray[np.bool_]) -> list[Span]:
    """Return where columns with ink begin and end."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], columns, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


def _ends(text: str, spans: Sequence[Span], height: int) -> list[int]:
    """Return the places behind which a sign is followed by a space, and the end."""
    steps = [sum(after) / 2 - sum(before) / 2 for before, after in pairwise(spans)]
    pairs = [text[at : at + 2] for at in range(len(steps))]
    pitch = min((step for step, pair in zip(steps, pairs, strict=True) if _are_wide_digits(pair)), default=0.0)
    wide = []
    for at, pair in enumerate(pairs):
        gap = spans[at + 1][0] - spans[at][1]
        roomy = gap > (_WIDE_GAP_AT_ONE if "1" in pair else _WIDE_GAP) * height
        if roomy and not (pair.isdigit() and steps[at] <= _WIDE_PITCH * pitch):
            wide.append(at + 1)
    # A dash may have a space on each side.
    plain = [at for at in wide if text[at - 1 : at + 1].isalnum()]
    return [*wide, len(text)] if len(plain) <= _MOST_SPACES * len(steps) else [len(text)]


def _are_wide_digits(pair: str) -> bool:
    return pair.isdigit() and "1" not in pair
