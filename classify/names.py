"""Names of people: which syllables they are made of, and families among them."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources

from dossier.text import fold

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@cache
def families() -> frozenset[str]:
    """Return the syllables that families are called, folded."""
    return frozenset(fold(word) for word in _table()["families"].split())


@cache
def spellings(*, family: bool) -> dict[str, tuple[str, ...]]:
    """Return the spellings, in lower case, of each folded syllable that a name has first (`family`) or after."""
    table = _table()
    words = table["families"].split() if family else [*table["others"].split(), *table["families"].split()]
    found: dict[str, tuple[str, ...]] = {}
    for word in dict.fromkeys(word.lower() for word in words):
        found[fold(word)] = (*found.get(fold(word), ()), word)
    return found


@lru_cache(maxsize=1 << 12)
def is_syllable(word: str, *, family: bool) -> bool:
    """Return whether names have this syllable first (`family`) or after, wherever its tone is put."""
    return any(tone_last(word) == tone_last(one) for one in spellings(family=family).get(fold(word), ()))


@lru_cache(maxsize=1 << 14)
def tone_last(word: str) -> str:
    """Return a word in lower case with its tone behind it: "hoà" and "hòa" are one."""
    parts = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in parts if char not in TONES) + "".join(char for char in parts if char in TONES)


@cache
def _table() -> dict[str, str]:
    text = resources.files("classify").joinpath("rules", "names.toml").read_text(encoding="utf-8")
    return {key: value for key, value in tomllib.loads(text).items() if isinstance(value, str)}
