"""What the product asks of a search engine; `tests/contract/test_search_index.py` executes every sentence here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from search.filters import Facts
from search.query import Query

MOST_HITS = 1000
FARTHEST_HIT = 100_000
FACETS = ("kind", "year", "unit", "field", "procedure", "signature")
"""What an answer is counted by."""

Counts = Mapping[str, tuple[tuple[str, int], ...]]
"""For each facet its values with the number of hits, most first; hits without a value are in none."""


@dataclass(frozen=True, slots=True)
class IndexPage:
    """One page as it is indexed.

    Attributes:
        page_key: `document_id:number`, unique.
        document_id: The document the page belongs to; documents are replaced and removed as a whole.
        code: Normalised mã hồ sơ.
        number: Page of the document, from 1.
        kind: Document kind.
        unit: Unit that received the dossier.
        year: Year the document is filed under.
        title: What the document is called (trích yếu); found by, and weighs more than the text.
        text: The plain text of the page; only the first 400 000 characters are indexed.
        boost_fields: Values of fields (names, numbers); found by, and weigh more than the text.
        facts: What else document and dossier are found by.
    """

    page_key: str
    document_id: str
    code: str
    number: int
    kind: str
    unit: str
    year: int
    title: str
    text: str
    boost_fields: tuple[str, ...] = ()
    facts: Facts = field(default_factory=Facts)


@dataclass(frozen=True, slots=True)
class Hit:
    """One page found.

    `score` compares hits of one answer only. `snippet` is one line with the words found in «guillemets»; `words`
    are the words found as they are printed, each spelling once.
    """

    code: str
    document_id: str
    page: int
    kind: str
    unit: str
    year: int
    score: float
    snippet: str
    words: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of an answer, best first, and how many pages match in all."""

    total: int
    hits: tuple[Hit, ...]


class SearchIndex(Protocol):
    """A rebuildable projection of the catalogue with a high-water mark.

    The indexer asks for `mark()`, reads what the catalogue changed since, and calls `update` with the new mark.
    Atomicity: content and mark change together or not at all, whatever dies when; readers see the old state or the
    new one. Idempotence: an update may be repeated. One writer at a time, others wait; any number of readers in any
    number of processes, who see a finished update at their next search.
    Errors: `Unavailable(INDEX_UNAVAILABLE)` the index is damaged or another writer does not finish: try later, then
    `clear()` and replay from 0; `Unavailable(DISK_FULL)`; `Rejected(QUERY_INVALID)`. What the caller's own `pages`
    raises passes through unchanged, and nothing is changed.
    """

    def mark(self) -> int:
        """Return the mark of the last update; 0 for an index that is new, cleared, deleted or of an older format."""

    def update(self, pages: Iterable[IndexPage], remove_documents: Iterable[str], mark: int) -> None:
        """Remove documents, then replace each document that has a page in `pages` by these pages; set the mark.

        All pages of a document come in one update. An update whose mark is lower than the one in force comes from a
        writer that was overtaken: it changes nothing.

        Raises:
            ValueError: The same `page_key` comes twice.
        """

    def search(self, query: Query, limit: int = 20, offset: int = 0) -> Hits:
        """Return the hits `offset` to `offset + limit`, best first.

        Pages that have the words with the very marks that were typed, or a symbol as one, come before all others;
        among equals title and fields weigh more than text.

        Raises:
            Rejected: QUERY_INVALID; `limit` is not in 1..1000 or `offset` not in 0..100 000.
        """

    def facets(self, query: Query, most: int = 1000) -> Counts:
        """Return how many hits of a query there are by each of `FACETS`, at most so many values of each.

        Whatever the query may not see is not counted.

        Raises:
            Rejected: QUERY_INVALID.
        """

    def beginning(self, letters: str) -> tuple[str, ...]:
        """Return the folded words of all texts that begin with some letters, in order."""

    def clear(self) -> None:
        """Empty the index and set its mark to 0; also puts a damaged one right."""
