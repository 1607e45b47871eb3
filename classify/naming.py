"""Names held against a list of names: what is the same name, and which listed one a reading must be a slip of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from math import inf

from classify.sameness import plain
from classify.spelling import in_case_of, load_lexicon, slip_cost
from dossier.text import fold, nfc, tokens

_SHORT = {"ubnd": "ủy ban nhân dân", "hdnd": "hội đồng nhân dân"}
_ANY = "\0"
_LONG = 5

Spelt = tuple[str, ...]
"""A name as words in lower case, each with its tone behind it, abbreviations of councils and committees spelt out."""


@lru_cache(maxsize=1 << 15)
def spelt(name: str) -> Spelt:
    """Return a name as names are compared: without what follows a comma, "UBND" spelt out."""
    return tuple(plain(expanded(name.partition(",")[0])).split())


def expanded(name: str) -> str:
    """Return a name with the committee or council that it begins with spelt out."""
    first, space, rest = name.strip().partition(" ")
    return f"{_SHORT.get(fold(first), first)}{space}{rest}"


def nearest(read: Spelt, known: Mapping[Spelt, str]) -> str | None:
    """Return which of the known names, of as many words, a reading must be a slip of; None where none clearly is."""
    lexicon = load_lexicon()
    most = 2 * lexicon.weights["most"]
    costs = sorted((_cost(read, other), name) for other, name in known.items() if other != read)
    if not costs or costs[0][0] > most:
        return None
    clear = len(costs) == 1 or costs[1][0] - costs[0][0] >= lexicon.weights["margin"]
    return costs[0][1] if clear else None


def _cost(read: Spelt, other: Spelt) -> float:
    """Return how far two names are apart; two letters of a short word are another word."""
    lexicon = load_lexicon()
    costs = [(one, slip_cost(one, two, lexicon)) for one, two in zip(read, other, strict=True) if one != two]
    short = any(cost > lexicon.weights["most"] and len(fold(word)) < _LONG for word, cost in costs)
    return inf if short else sum(cost for _, cost in costs)


def keys_of(words: Spelt) -> set[Spelt]:
    """Return a name and the name with each of its words left open."""
    return {words, *((*words[:at], _ANY, *words[at + 1 :]) for at in range(len(words)))}


def spelt_so(name: str, text: str) -> int:
    """Return how often a name stands in a text with just these tones."""
    return len(re.findall(f"(?= {re.escape(_words(name))} )", f" {_words(text)} "))


def respelt(read: str, listed: str) -> str:
    """Return a reading in the spelling of a listed name of as many words, in the reading's case and abbreviations.

    What follows a comma stays.
    """
    name, comma, rest = read.partition(",")
    words, own = nfc(name).strip(" .,;:").split(), listed.split()
    if len(words) != len(own):
        own = expanded(listed).split()[-len(words) :]
    if len(words) != len(own):
        return listed
    kept = [
        word if plain(word) == plain(new) or fold(word) in _SHORT else in_case_of(nfc(new).lower(), word)
        for word, new in zip(words, own, strict=True)
    ]
    return " ".join(kept) + comma + rest


def _words(text: str) -> str:
    return " ".join(plain(word) for word in tokens(text))
