"""Mend marks above and below letters where office papers leave no doubt: "GIẦY CHỨNG NHẬN" is "GIẤY CHỨNG NHẬN".

The engine takes small marks for one another. A phrase of `phrases.toml` takes the place of what was read where every
letter is the same and only marks differ, in half of its words at most. What was read is kept in `Word.raw`. Names and
abbreviations are in no phrase; a number may stand in one ("điều 4") and stays as it is.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources
from itertools import chain, pairwise
from typing import Final

from dossier.page import Word
from dossier.text import fold

_PARTS: Final = re.compile(r"([(\"“']*)([^\W\d_]+|[-–]|\d(?:[\d./-]*\d)?)([.,;:)\"”']*)")
_DASHES: Final = frozenset("-–")
_NUMBER: Final = "#"
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")

Phrase = tuple[str, ...]


def with_phrases_mended(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words in reading order, those of known phrases with their right marks."""
    keys = [_key(word.text) for word in words]
    mended = list(words)
    for place, key in enumerate(keys):
        phrase = next((each for each in _phrases().get(key, ()) if _stands(each, keys, words, place)), ())
        # Phrases may share words: "chỉnh lý tài liệu", "tài liệu tồn đọng".
        for word, right in enumerate(phrase, place):
            mended[word] = _mended(mended[word], right)
    return tuple(mended)


@cache
def _phrases() -> dict[str, tuple[Phrase, ...]]:
    """Return the phrases by the letters of their first words, long ones before short ones."""
    known: dict[str, list[Phrase]] = {}
    for phrase in (*_listed(small=False), *_listed(small=True)):
        known.setdefault(_key(phrase[0]), []).append(phrase)
    return {key: tuple(sorted(phrases, key=len, reverse=True)) for key, phrases in known.items()}


@cache
def _listed(*, small: bool) -> frozenset[Phrase]:
    """Return the phrases for small letters only, or those for any."""
    groups = tomllib.loads(resources.files("ocr").joinpath("phrases.toml").read_text("utf-8"))
    only_small = groups.pop("small")
    texts: Iterable[list[str]] = (only_small if small else groups).values()
    return frozenset(tuple(text.split()) for text in chain.from_iterable(texts))


@lru_cache(1 << 14)
def _key(text: str) -> str:
    """Return the bare letters of a word, `#` for a number; empty for what is neither."""
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return _NUMBER if text == _NUMBER else ""
    return _NUMBER if parts[2][0].isdigit() else fold(parts[2])


def _stands(phrase: Phrase, keys: Sequence[str], words: Sequence[Word], place: int) -> bool:
    """Return whether the words from a place on have the letters of a phrase, and half of them its marks too."""
    if tuple(keys[place : place + len(phrase)]) != tuple(map(_key, phrase)):
        return False
    found = [parts for word in words[place : place + len(phrase)] if (parts := _PARTS.fullmatch(word.text))]
    if phrase in _listed(small=True) and any(parts[2].isupper() for parts in found):
        return False
    same = sum(1 for parts, right in zip(found, phrase, strict=True) if _is_same(parts[2], right))
    # Stops part words.
    joined = all(bool(parts[3]) == right.endswith(",") for parts, right in zip(found[:-1], phrase, strict=False))
    return 2 * same >= len(phrase) and joined and not _is_name([parts[2] for parts in found])


def _is_name(texts: Sequence[str]) -> bool:
    """Return whether a word in the middle begins with a capital, as in a name; behind a dash all may."""
    return any(text[0].isupper() and not text.isupper() and before not in _DASHES for before, text in pairwise(texts))


def _is_same(text: str, right: str) -> bool:
    return right == _NUMBER or text in _DASHES or _sounds(text.lower()) == _sounds(right.rstrip(","))


def _mended(word: Word, right: str) -> Word:
    parts = _PARTS.fullmatch(word.text)
    if parts is None or _is_same(parts[2], right):
        return word
    text = right.rstrip(",")
    text = text.upper() if parts[2].isupper() else text.capitalize() if parts[2][0].isupper() else text
    return replace(word, text=parts[1] + text + parts[3], raw=word.raw or word.text)


@lru_cache(1 << 14)
def _sounds(text: str) -> tuple[str, str]:
    """Return a syllable without its tone, and the tone: it may stand on either vowel of "hòa" and "hoà"."""
    signs = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in signs if sign not in _TONES), "".join(sign for sign in signs if sign in _TONES)
