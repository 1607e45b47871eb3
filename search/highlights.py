"""Which words of a page a query found: what is shown on the picture of the page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from search.query import Query
from search.snippets import places
from search.words import stored


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
