"""Look again at numbers with letters in them that no code has: "2ó0105" where the paper says 260105.

Nothing is replaced by rule. The same pixels are read once more, smaller, which is how the engine knows digits best, and
what comes out counts only where it agrees with every sign that was no doubtful letter in the first place, or where a
third reading of another size says the same as the second. A letter that came behind a six may be that six seen
twice: two readings must agree to leave it out.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from dossier.page import Word
from ocr.arrays import Gray
from ocr.boxes import padded, size_of
from ocr.engines.port import OcrEngine
from ocr.mosaic import read_pieces

CODE_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZĐ/.,-:()%"
# What may stand where a letter of that shape was read, whatever marks it had.
_LIKE: Final = {"o": "069", "e": "6", "O": "06", "l": "1", "I": "1", "¿": "26"}
_MOST: Final = 40
_PADDING_INCHES: Final = 0.03
_POINTS: Final = frozenset(".,:;")
# Pixels. Digits of 13 point print in one widespread face: sixes are read at 14 to 19 high, as letters at 24 and more.
_HEIGHTS: Final = (17.0, 20.0, 14.5)
_LEAST_GROW, _MOST_GROW = 0.4, 1.5
# A letter beside a digit that is no plain capital: m2, 1a and 36b are written so, 2ó and 0é not.
MIXED: Final = re.compile(r"\d[^\W\d_A-Za-z]|[^\W\d_A-Za-z]\d|\d[oOlI¿]|[oOl¿]\d")
# No digit at all, but nothing else than what digits are taken for. A lone O may be a blood group.
_MASKED: Final = re.compile(r"[(]?(?:[óéÓÉọ]|[oOóéÓÉọ]{2,})(?:[./,:-][\doOóéÓÉọ]+)*[.,:;)]*")


@dataclass(frozen=True, slots=True)
class _Page:
    """What is read again, and by what."""

    engine: OcrEngine
    gray: Gray
    dpi: float
    words: tuple[Word, ...]

    def texts(self, places: Sequence[int], height: float, signs: str) -> list[str]:
        """Return what stands at the places of some words, read with digits about so many pixels high."""
        if not places:
            return []
        usual = statistics.median(self.words[place].box.height for place in places)
        grow = min(_MOST_GROW, max(_LEAST_GROW, height / max(1, usual)))
        padding = round(_PADDING_INCHES * self.dpi)
        boxes = [padded(self.words[place].box, size_of(self.gray), padding, padding) for place in places]
        found = read_pieces(self.engine, self.gray, boxes, self.dpi, grow, signs)
        return ["".join(word.text for word in piece) for piece in found]


def with_numbers_checked(engine: OcrEngine, gray: Gray, words: tuple[Word, ...], dpi: float) -> tuple[Word, ...]:
    """Return the words, doubtful numbers as two of up to three readings have them.

    Args:
        engine: Reads the words again, numbers restricted to the signs of numbers and codes.
        gray: The prepared page.
        words: What was read, boxes in its pixels.
        dpi: Its resolution.
    """
    # What a free reading makes half a number of is mixed.
    words = _checked(_Page(engine, gray, dpi, words), _MASKED.fullmatch, "")
    return _checked(_Page(engine, gray, dpi, words), MIXED.search, CODE_SIGNS)


def _checked(page: _Page, is_doubtful: Callable[[str], object], signs: str) -> tuple[Word, ...]:
    places = [number for number, word in enumerate(page.words) if is_doubtful(word.text)][:_MOST]
    sure = _two_of_three(page, places, signs)
    return tuple(_with_text(word, sure.get(number, word.text)) for number, word in enumerate(page.words))


def _with_text(word: Word, text: str) -> Word:
    return word if word.text == text else replace(word, text=text, raw=word.raw or word.text)


def _two_of_three(page: _Page, places: Sequence[int], signs: str) -> dict[int, str]:
    """Return the texts that two readings have, by place."""
    sure: dict[int, str] = {}
    seen: set[tuple[int, str]] = set()
    for height in _HEIGHTS if places else ():
        open_ = [place for place in places if place not in sure]
        for place, text in zip(open_, page.texts(open_, height, signs), strict=True):
            both = _agreed(text, page.words[place].text)
            # The first reading has a letter in a number, so it may well have another digit wrong beside it.
            if both is None and (place, text) in seen and _may_be(text, page.words[place].text):
                both = text
            if both is not None:
                sure[place] = both
            seen.add((place, text))
    return sure


def _agreed(new: str, old: str) -> str | None:
    """Return the first reading with digits for its doubtful letters; None where the new one differs elsewhere."""
    if len(new) != len(old):
        return None
    signs = [_sign(one, old, at) for at, one in enumerate(new)]
    return None if None in signs else "".join(sign for sign in signs if sign)


def _may_be(new: str, old: str) -> bool:
    """Return whether two readings may say what the first one does not: one digit else, or no letter seen beside one."""
    return _is_like(new, old) or (len(new) < len(old) and _without_ghosts(old).fullmatch(new) is not None)


def _without_ghosts(old: str) -> re.Pattern[str]:
    """Return what a number with doubtful letters may be where those behind a six or behind their like are no signs."""
    parts = []
    for before, sign in pairwise(" " + old):
        like = "" if sign.isascii() else _LIKE.get(_plain(sign), "")
        ghost = "?" if before == "6" or (not before.isascii() and _plain(before) in _LIKE) else ""
        parts.append(f"[{like}]{ghost}" if like else re.escape(sign))
    return re.compile("".join(parts))


def _is_like(new: str, old: str) -> bool:
    """Return whether one digit at most stands where the first reading had another one."""
    if len(new) != len(old):
        return False
    apart = [(one, old[at]) for at, one in enumerate(new) if _sign(one, old, at) is None]
    return len(apart) == 1 and all(sign.isdigit() for sign in apart[0])


def _sign(new: str, old: str, at: int) -> str | None:
    """Return what both readings give at one place, None where they differ."""
    first = old[at]
    if new == first or (new in _POINTS and first in _POINTS):
        return first
    if new not in _LIKE.get(_plain(first), ""):
        return None
    beside = old[max(0, at - 1) : at] + old[at + 1 : at + 2]
    # A plain letter by itself is one: quarter I/2026.
    return new if any(sign.isalnum() for sign in beside) or not first.isascii() else first


def _plain(sign: str) -> str:
    return unicodedata.normalize("NFD", sign)[0]
