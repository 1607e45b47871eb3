"""How much a text looks like Vietnamese: whether its accented words are syllables that the language can have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_BREAK = re.compile(r"[\s\d!-/:-@\[-`{-~“”‘’–—…\u00a0]+")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_TONED_CONSONANT = re.compile("[bcdđghklmnpqrstvx][\u0300\u0301\u0303\u0309\u0323]")
_ONSET = r"(?:ngh?|nh|ch|tr|th|ph|kh|gh?|gi|qu|[bcdđhklmnprstvx])?"
_NUCLEUS = (
    r"(?:oai|oay|oeo|uây|uôi|ươi|ươu|iêu|yêu|uya|uyê|uyu|uêu|uai|uay|uao"
    r"|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|uê|ui|uô|uơ|uy|ưa|ươ|ưi|ưu|ya|yê"
    r"|[aăâeêioôơuưy])"
)
_CODA = r"(?:ng|nh|ch|[ckmnpt])?"
_SYLLABLE = re.compile(_ONSET + _NUCLEUS + _CODA)


def score(texts: Iterable[str]) -> float:
    """Return, between -1 and 1, how many more of the accented words can be Vietnamese syllables than cannot.

    0.0 when there is no accented word. Words of ASCII letters alone say nothing about an encoding and are left out.
    """
    words = {word for text in texts for word in _BREAK.split(text) if word and not word.isascii()}
    if not words:
        return 0.0
    return sum(1 if is_syllable(word) else -1 for word in words) / len(words)


@lru_cache(maxsize=1 << 14)
def is_syllable(word: str) -> bool:
    """Return whether a word has the shape of one Vietnamese syllable, in one case or with a capital first letter."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    parts = unicodedata.normalize("NFD", word.lower())
    if len(_TONES.findall(parts)) > 1 or _TONED_CONSONANT.search(parts):
        return False
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", _TONES.sub("", parts))) is not None
