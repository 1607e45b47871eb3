"""Names of people: which syllables they are made of, and families among them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from dossier.text import fold


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


@cache
def _table() -> dict[str, str]:
    text = resources.files("classify").joinpath("rules", "names.toml").read_text(encoding="utf-8")
    return {key: value for key, value in tomllib.loads(text).items() if isinstance(value, str)}
