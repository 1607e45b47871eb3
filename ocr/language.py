"""Tell Vietnamese from junk by the shape of its syllables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
_STOP_TONES: Final = "\u0301\u0323"
_ONSET: Final = r"(?:ngh|ng|nh|kh|ph|th|tr|ch|gh|gi|qu|[bcdđghklmnprstvx])?"
_OPEN: Final = (
    r"(?:iêu|oai|oao|oay|oeo|uai|uao|uay|uây|uôi|ươi|ươu|uya|uyu|yêu|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|"
    r"ui|ưa|ưi|ưu|uơ|uê|uy|oa|oe|[aeêioôơuưy])"
)
_NUCLEUS: Final = r"(?:uyê|iê|yê|uô|ươ|oa|oă|oe|oo|uâ|uê|uy|[aăâeêioôơuưy])"
_SYLLABLE: Final = re.compile(rf"{_ONSET}(?:{_OPEN}|{_NUCLEUS}(?P<coda>ng|nh|ch|[cmnpt]))")
_STOPS: Final = ("c", "ch", "p", "t")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LONGEST_ABBREVIATION: Final = 6


@lru_cache(1 << 14)
def is_syllable(word: str) -> bool:
    """Return whether letters form a Vietnamese syllable: onset, rhyme, at most one tone, and a tone that may stand."""
    plain, tones = _toneless(word.lower())
    found = _SYLLABLE.fullmatch(plain)
    if found is None or len(tones) > 1:
        return False
    return found["coda"] not in _STOPS or (bool(tones) and tones in _STOP_TONES)


def syllable_share(texts: Iterable[str]) -> tuple[float, int]:
    """Return the share of letters that stand in syllables, and how many letters there were.

    Abbreviations in capitals (UBND, QĐ) and numbers say nothing and are left out.
    """
    good = total = 0
    for text in texts:
        for run in _LETTERS.findall(text):
            if _is_abbreviation(run):
                continue
            total += len(run)
            good += len(run) if is_syllable(run) else 0
    return (good / total if total else 0.0), total


def _toneless(word: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(char for char in parts if char in _TONES)
    return unicodedata.normalize("NFC", "".join(char for char in parts if char not in _TONES)), tones


def _is_abbreviation(run: str) -> bool:
    return len(run) <= _LONGEST_ABBREVIATION and run.isupper() and not is_syllable(run)
