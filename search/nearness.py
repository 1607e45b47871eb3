"""Words that a word may have been read as: near by edits, letters that OCR takes for each other counting less.

Only what is wholly letters is ever widened: a number that is off by one digit is another number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.filters import EVERYTHING
from search.port import Hits, SearchIndex
from search.query import Query, Term

SHORTEST = 3
MOST_NEAR = 40
FEWEST_TERMS = 3

_FEW_LETTERS, _MANY_LETTERS = 3, 8
_FEW_COST, _USUAL_COST, _MANY_COST = 0.5, 1.0, 2.0
_CONFUSED = 0.4
"""What one edit costs when it only puts a letter in place of one that looks alike."""
_MOST_EDITS = 2
_MOST_DIGITS = 1

# Letters that recognition takes for each other in bare text, groups of strokes first.
_STROKES = (("rn", "m"), ("ii", "u"), ("li", "h"), ("cl", "d"), ("vv", "w"), ("ri", "n"))
_ALIKE = ("il1tjf", "unvr", "oceaq0", "bhk6", "gq9y", "s5", "z2", "dcl", "mnw", "pq")
_SHAPES = str.maketrans({letter: group[0] for group in reversed(_ALIKE) for letter in group})


def near_words(word: str, beginning: Callable[[str], Iterable[str]], most: int = MOST_NEAR) -> tuple[str, ...]:
    """Return words of a vocabulary that a word may have been read as, most alike first; never the word itself.

    Args:
        word: A folded word.
        beginning: Gives the words that begin with some letters.
        most: How many at most.
    """
    if not is_widenable(word):
        return ()
    known = {each for letters in _beginnings(word) for each in beginning(letters) if _is_word(each, word)}
    found = process.extract(word, sorted(known), scorer=OSA.distance, score_cutoff=_MOST_EDITS, limit=None)
    priced = sorted((_cost(word, each, int(edits)), each) for each, edits, _ in found)
    dearest = _dearest(len(word))
    return tuple(each for cost, each in priced if 0 < cost <= dearest)[:most]


def is_widenable(word: str) -> bool:
    """Return whether other words may stand in place of a word: letters only, and not a short one."""
    return len(word) >= SHORTEST and word.isalpha()


def is_loose(term: Term) -> bool:
    """Return whether other words may stand in place of a term: one whole word, not a beginning, a phrase, a number."""
    return len(term.fold) == 1 and not term.prefix and not term.whole and is_widenable(term.fold[0])


def find(
    query: Query, index: SearchIndex, limit: int = 20, offset: int = 0, *, near: bool = False
) -> tuple[Hits, Query]:
    """Return hits, and the query that found them.

    Where nothing is found, something may have been misread: first words are widened, then pages are taken that lack one
    term, of three or more. What was found exactly is never mixed with it.

    Args:
        query: What was asked.
        index: Where.
        limit: Hits at once.
        offset: Hits before them.
        near: Widen words although something is found.
    """
    hits = index.search(query, limit, offset)
    if (hits.total and not near) or not query.terms:
        return hits, query
    wider = widened(query, index)
    if wider.widened and (found := index.search(wider, limit, offset)).total:
        return found, wider
    lacking = replace(query, lacking=True)
    if not hits.total and len(query.terms) >= FEWEST_TERMS and (found := index.search(lacking, limit, offset)).total:
        return found, lacking
    return hits, query


def widened(query: Query, index: SearchIndex) -> Query:
    """Return a query whose words may have been misread, for one that finds nothing.

    Words that are on no page that may be seen are widened; where each is on some page, all that can be are, as any of
    them may have been misread on the page that has the others. Phrases, beginnings and numbers stay as they are.
    """
    loose = [term for term in query.terms if is_loose(term)]
    missing = [term for term in query.terms if index.search(Query((term,), EVERYTHING, query.units), 1).total == 0]
    alone = [term for term in missing if term in loose]
    if len(alone) < len(missing):
        return query  # a number or a phrase is nowhere: other words in place of the rest find nothing either
    changed = {term: replace(term, near=near_words(term.fold[0], index.beginning)) for term in alone or loose}
    return replace(query, terms=tuple(changed.get(term, term) for term in query.terms))


def _beginnings(word: str) -> set[str]:
    """Return the letters that a misread form of a word may begin with: alike ones, and the second where one is lost."""
    first = {word[0], word[1]}
    first |= {letter for group in _ALIKE if word[0] in group for letter in group}
    first |= {one[0] for pair in _STROKES for one in pair if any(word.startswith(each) for each in pair)}
    return first


def _is_word(known: str, word: str) -> bool:
    if abs(len(known) - len(word)) > _MOST_EDITS or len(known) < SHORTEST - 1:
        return False
    return sum(char.isdigit() for char in known) <= _MOST_DIGITS and known.isalnum()


def _cost(word: str, known: str, edits: int) -> float:
    alike = OSA.distance(_shape(word), _shape(known))
    return float(min(edits, alike + _CONFUSED * max(0, edits - alike)))


def _shape(word: str) -> str:
    for strokes, letter in _STROKES:
        word = word.replace(strokes, letter)
    return word.translate(_SHAPES)


def _dearest(letters: int) -> float:
    if letters <= _FEW_LETTERS:
        return _FEW_COST
    return _MANY_COST if letters >= _MANY_LETTERS else _USUAL_COST
