"""A page as the engines store it: eight columns of keys to find it by, and tags, and what is shown of a hit.

`FORMAT` is part of the name of every index on disk. Raise it whenever the keys or the columns change: the old index
is then not found, its mark reads 0, and the indexer builds a new one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dossier.errors import Code, Rejected
from search.filters import page_tags
from search.port import FARTHEST_HIT, MOST_HITS, Hit, IndexPage
from search.query import Query
from search.snippets import snippet
from search.words import joined, stored, wholes, words

FORMAT = 2
LONGEST_TEXT = 400_000

# Title, code and fields stand in one column; this word, which nobody can type, keeps phrases from crossing them.
_BREAK = "\ue0ff"


@dataclass(frozen=True, slots=True)
class Columns:
    """Keys by column.

    Head is code, title and fields, body is the text, whole the numbers and symbols of both; people, issuers and place
    are what filters look into.
    """

    head_fold: str
    head_exact: str
    body_fold: str
    body_exact: str
    whole: str
    people: str
    issuers: str
    place: str

    @classmethod
    def of(cls, page: IndexPage) -> Columns:
        """Return the columns of a page."""
        heads = [stored(text)[:LONGEST_TEXT] for text in (page.code, page.title, *page.boost_fields)]
        body = stored(page.text)[:LONGEST_TEXT]
        head_words = [list(words(head)) for head in heads]
        body_words = list(words(body))
        return cls(
            joined(key for row in head_words for key in (*(word.fold for word in row), _BREAK)),
            joined(key for row in head_words for key in (*(word.exact for word in row), _BREAK)),
            joined(word.fold for word in body_words),
            joined(word.exact for word in body_words),
            joined(dict.fromkeys(key for text in (*heads, body) for key in wholes(text))),
            _row(page.facts.people),
            _row(page.facts.issuers),
            _row((" hồ sơ ".join(filter(None, (page.facts.box, page.facts.file_number))),)),
        )


def tags(page: IndexPage) -> list[str]:
    """Return the tags of a page."""
    return page_tags(page.kind, page.unit, page.year, page.code, page.facts, first=page.number == 1)


def _row(texts: Iterable[str]) -> str:
    """Return the folded words of several texts; no phrase goes from one to the next."""
    rows = [[word.fold for word in words(stored(text)[:LONGEST_TEXT])] for text in texts if text]
    return joined(key for row in rows for key in (*row, _BREAK))


def packed(page: IndexPage) -> bytes:
    """Return what is kept of a page to show a hit."""
    heads = [page.title, *page.boost_fields]
    record = [page.code, page.document_id, page.number, page.kind, page.unit, page.year, heads, page.text]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def unpacked(record: bytes, score: float, query: Query) -> Hit:
    """Return the hit that a kept record and a query make."""
    code, document_id, number, kind, unit, year, heads, text = json.loads(record)
    line = snippet((text[:LONGEST_TEXT], *heads, code), query)
    return Hit(code, document_id, number, kind, unit, year, score, line.line, line.words, heads[0])


def most_first(counted: Iterable[tuple[str, int]], most: int) -> tuple[tuple[str, int], ...]:
    """Return values that are not empty with their counts, most first."""
    ordered = sorted(((value, count) for value, count in counted if value), key=lambda one: (-one[1], one[0]))
    return tuple(ordered[:most])


def distinct(pages: Iterable[IndexPage]) -> Iterator[tuple[IndexPage, bool]]:
    """Yield each page, and whether it is the first of its document.

    Raises:
        ValueError: The same page comes twice.
    """
    pages_seen: set[str] = set()
    documents_seen: set[str] = set()
    for page in pages:
        if page.page_key in pages_seen:
            raise ValueError(f"page {page.page_key} comes twice in one update")
        yield page, page.document_id not in documents_seen
        pages_seen.add(page.page_key)
        documents_seen.add(page.document_id)


def require_bounds(limit: int, offset: int) -> None:
    """Refuse an answer page that is empty, huge, or too far down to be meant.

    Raises:
        Rejected: QUERY_INVALID.
    """
    if not 1 <= limit <= MOST_HITS or not 0 <= offset <= FARTHEST_HIT:
        raise Rejected(Code.QUERY_INVALID, f"limit is 1 to {MOST_HITS}, offset 0 to {FARTHEST_HIT}")
