"""Whether a value was written with a pen: how large it is beside the print of its page, and whether it keeps the line.

The engine's boxes are all that is known of the strokes: a word's height over what its letters take of a line (tall
letters, tails, marks) is the size that it was written in. Print of one page has one size; pens write larger, off the
line, and are read less surely, and who fills in one field with a pen fills in the others of the page too.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from classify.layout import hull
from dossier.page import Word

# Shares of the height of a small letter without stem, as faces for documents have them.
_STEMS, _TAILS, _DOTTED, _HIGH, _SHORT = frozenset("bdhklf"), frozenset("gpqyj"), "i", 1.45, 1.25
_CAPITAL, _MARK, _MARKS, _TAIL, _DOT_BELOW = 1.42, 0.42, 0.62, 0.40, 0.35
_BELOW, _HORN = "\u0323", "\u031b"
_LEAST_WORDS, _SURE = 5, 80.0
_TALL, _LOW, _TALLER = 1.75, 1.5, 1.12
_FAR, _MOST_LARGER = 0.6, math.log(2)


@dataclass(frozen=True, slots=True)
class Size:
    """What one value looks like beside the print of its page, as logarithms and shares."""

    larger: float
    larger_than_line: float
    off_line: float
    unsure: float


class Print:
    """The print of one page: the size that its words are set in, where that can be told."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        sure = [word for word in words if word.confidence > _SURE and len(word.text) > 1]
        self._size = median(map(_size, sure)) if _boxes_are_tight(sure) else 0.0

    def beside(self, words: Sequence[Word]) -> Size | None:
        """Return what a value looks like beside this print; None where the page has no one size."""
        if not self._size or not words:
            return None
        box = hull([word.box for word in words])
        own = {id(word) for word in words}
        middle, reach = (box.top + box.bottom) / 2, 1.6 * self._size
        line = [
            word
            for word in self._words
            if id(word) not in own
            and abs((word.box.top + word.box.bottom) / 2 - middle) < reach
            and word.confidence > _SURE
            and len(word.text) > 1
        ]
        size = median(map(_size, words))
        around = median(map(_size, line)) if line else self._size
        foot = abs(median(map(_foot, words)) - median(map(_foot, line))) / self._size if line else 0.0
        least = min(word.confidence for word in words)
        return Size(_log(size / self._size), _log(size / around), min(_FAR, foot), 1 - least / 100)


def chances(sizes: Sequence[Size | None], weights: Mapping[str, float]) -> list[float]:
    """Return for each value of a paper how likely a pen wrote it, 0 to 1, from its size and that of the others."""
    seen = [(size.larger + size.larger_than_line) / 2 for size in sizes if size]
    out, at = [], 0
    for size in sizes:
        if size is None:
            out.append(0.0)
            continue
        others = seen[:at] + seen[at + 1 :]
        at += 1
        score = weights["bias"] + (weights["others"] * median(others) + weights["several"] if others else 0.0)
        score += weights["larger"] * size.larger + weights["larger_than_line"] * size.larger_than_line
        score += weights["off_line"] * size.off_line + weights["unsure"] * size.unsure
        out.append(1 / (1 + math.exp(-score)))
    return out


def _boxes_are_tight(words: Sequence[Word]) -> bool:
    """Return whether boxes are as tall as their letters: some engines give every word the height of its line."""
    tall = [word.box.height for word in words if sum(_reach(word.text)) > _TALL]
    low = [word.box.height for word in words if sum(_reach(word.text)) < _LOW]
    return min(len(tall), len(low)) >= _LEAST_WORDS and median(tall) > _TALLER * median(low)


def _log(share: float) -> float:
    return max(-_MOST_LARGER, min(_MOST_LARGER, math.log(max(share, 0.01))))


def _size(word: Word) -> float:
    over, under = _reach(word.text)
    return word.box.height / (over + under)


def _foot(word: Word) -> float:
    """Return where the line is that a word stands on."""
    return word.box.bottom - _reach(word.text)[1] * _size(word)


@lru_cache(maxsize=1 << 14)
def _reach(text: str) -> tuple[float, float]:
    """Return how far the letters of a word reach over the line and under it."""
    over, under = 1.0, 0.0
    for char in unicodedata.normalize("NFC", text).replace("đ", "d").replace("Đ", "D"):
        parts = unicodedata.normalize("NFD", char)
        letter, marks = parts[0], parts[1:]
        above = [mark for mark in marks if mark not in (_BELOW, _HORN)]
        if letter.isalnum():
            over = max(over, _height(letter) + (_MARKS if len(above) > 1 else _MARK if above else 0.0))
        if _BELOW in marks:
            under = max(under, _DOT_BELOW)
        if letter in _TAILS:
            under = max(under, _TAIL)
    return over, under


def _height(letter: str) -> float:
    if letter.isupper() or letter.isdigit() or letter == _DOTTED:
        return _CAPITAL
    return _HIGH if letter in _STEMS else _SHORT if letter == "t" else 1.0
