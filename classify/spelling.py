"""What is known about spelling: phrases of offices, likeness of letters, syllables of names."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from classify.names import TONES, is_syllable, spellings
from dossier.text import fold, nfc


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by their folded words, letters that look alike, what slips weigh (`classify/rules/repair.toml`).

    `joined`: neighbours in a phrase read as one word, with the letters of the first.
    """

    phrases: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    alike: frozenset[frozenset[str]]
    weights: Mapping[str, float]
    joined: Mapping[str, int]


@cache
def load_lexicon() -> Lexicon:
    """Return the packaged lexicon, read once per process; phrases are found by the folded first word, longest first."""
    table = tomllib.loads(resources.files("classify").joinpath("rules", "repair.toml").read_text(encoding="utf-8"))
    alike = frozenset(frozenset(pair) for pair in table["alike"])
    pairs = [pair for phrase in table["phrases"] for pair in pairwise(map(fold, phrase.split()))]
    joined = {one + other: len(one) for one, other in pairs if min(len(one), len(other)) > 1}
    return Lexicon(indexed(table["phrases"]), alike, table["weights"], joined)


def indexed(phrases: Iterable[str]) -> dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    """Return phrases as (folded words, words in lower case), by the folded first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for phrase in phrases:
        words = tuple(nfc(phrase).lower().split())
        folded = tuple(fold(word) for word in words)
        found.setdefault(folded[0], []).append((folded, words))
    return {first: tuple(sorted(own, key=lambda one: -len(one[0]))) for first, own in found.items()}


def in_case_of(word: str, printed: str) -> str:
    """Return a word in lower case written as another one is: in capitals, with a capital, or as it is."""
    letters = [char for char in printed if char.isalpha()]
    if len(letters) > 1 and all(char.isupper() for char in letters):
        return word.upper()
    return word[:1].upper() + word[1:] if letters and letters[0].isupper() else word


@lru_cache(maxsize=1 << 12)
def proposed(word: str, *, family: bool) -> str | None:
    """Return the syllable of names that a word must be a slip of; None where it is one, or none is clearly nearest."""
    lexicon, own = load_lexicon(), nfc(word).lower()
    known = spellings(family=family)
    if is_syllable(own, family=family):
        return None
    costs = sorted(
        (slip_cost(own, one, lexicon), one)
        for folded, ones in known.items()
        if abs(len(folded) - len(own)) <= 1
        for one in ones
    )
    if not costs or costs[0][0] > lexicon.weights["most"]:
        return None
    clear = len(costs) == 1 or costs[1][0] - costs[0][0] >= lexicon.weights["margin"]
    return costs[0][1] if clear else None


def slip_cost(read: str, meant: str, lexicon: Lexicon) -> float:
    """Return how far a reading is from a word, both in lower case: by letters that differ, and by marks."""
    weights = lexicon.weights
    one, other = _letters(read), _letters(meant)
    previous = [column * weights["letter"] for column in range(len(other) + 1)]
    for row, letter in enumerate(one, 1):
        current = [row * weights["letter"]]
        for column, against in enumerate(other, 1):
            step = previous[column - 1] + _differ(letter, against, lexicon)
            current.append(min(step, previous[column] + weights["letter"], current[-1] + weights["letter"]))
        previous = current
    return previous[-1] + (0.0 if _tone(read) == _tone(meant) else weights["tone"])


def _differ(one: str, other: str, lexicon: Lexicon) -> float:
    if one == other:
        return 0.0
    if fold(one) == fold(other):
        return lexicon.weights["hat"]
    return lexicon.weights["alike" if frozenset((fold(one), fold(other))) in lexicon.alike else "letter"]


@lru_cache(maxsize=1 << 12)
def _letters(word: str) -> Sequence[str]:
    """Return the letters with hat, breve and horn, without the tone."""
    plain = "".join(char for char in unicodedata.normalize("NFD", word) if char not in TONES)
    return tuple(unicodedata.normalize("NFC", plain))


@lru_cache(maxsize=1 << 12)
def _tone(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word) if char in TONES)
