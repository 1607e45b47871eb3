"""Which words of a page a query found: what is shown on the picture of the page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from search.nearness import is_loose, near_words
from search.query import Query, Term
from search.snippets import places
from search.words import stored, words


def found_words(printed: Sequence[str], query: Query) -> list[int]:
    """Return the positions of the words that a query finds, in order.

    Args:
        printed: The words of one page in reading order.
        query: What was asked for. A phrase is found where its words follow each other, as in the index.
    """
    kept = [stored(word) for word in printed]
    starts = [0, *accumulate(len(word) + 1 for word in kept)]
    found = set()
    for start, end in places(" ".join(kept), query):
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        found |= set(range(first, last + 1))
    return sorted(found)


def near_words_of(printed: Sequence[str], query: Query) -> list[int]:
    """Return the positions of words that a query's words may have been misread as, in order.

    Args:
        printed: The words of one page in reading order.
        query: What was asked for. Only what the page does not have itself is looked for among its other words.
    """
    text = " ".join(stored(word) for word in printed)
    known = {word.fold for word in words(text)}
    missing = [term for term in query.terms if is_loose(term) and not places(text, Query((term,)))]

    def beginning(letters: str) -> list[str]:
        return [word for word in known if word.startswith(letters)]

    near = {each for term in missing for each in near_words(term.fold[0], beginning)}
    found = set(found_words(printed, query))
    return [place for place in found_words(printed, Query(tuple(Term((each,)) for each in near))) if place not in found]
