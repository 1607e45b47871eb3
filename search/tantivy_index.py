"""The default search index: tantivy on local disk, fed with keys that are cut and folded in Python.

The engine's own tokenizers lose Vietnamese (`ascii_fold` shreds decomposed text, the default one cuts symbols up),
so it is only asked to cut at spaces. The high-water mark is a document of its own, written in the same commit.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tantivy import (
    Document,
    Index,
    IndexWriter,
    Schema,
    SchemaBuilder,
    Searcher,
    SearchResult,
    TextAnalyzerBuilder,
    Tokenizer,
)
from tantivy import Query as Engine

from dossier.errors import Code, Unavailable
from search.port import FACETS, Counts, Hits, IndexPage
from search.projection import FORMAT, Columns, distinct, most_first, packed, require_bounds, tags, unpacked
from search.query import Query
from search.tantivy_query import Pair, compiled, has_phrases, matching, pairs_of

WRITER_HEAP = 64_000_000
PATIENCE = 60.0
MOST_PAIRED = 5000
"""Up to so many hits those with the words beside each other come first; among more nobody looks for one page."""

_TICK = 0.05
_PAIRS = 3
_MARK = "mark"


class TantivyIndex:
    """A `SearchIndex` in a folder of its own; the folder may be deleted at any time and is built anew.

    Args:
        root: The folder, created when absent.
        patience: Seconds that a writer waits for another one.
    """

    def __init__(self, root: Path, patience: float = PATIENCE) -> None:
        self._root = root
        self._folder = root / f"tantivy-{FORMAT}"
        self._patience = patience
        self._schema = _schema()
        self._reader: tuple[tuple[int, int], Searcher] | None = None
        self._words: dict[str, tuple[str, ...]] = {}

    def mark(self) -> int:
        """See `SearchIndex.mark`."""
        searcher = self._searcher()
        return 0 if searcher is None else self._mark(searcher)

    def update(self, pages: Iterable[IndexPage], remove_documents: Iterable[str], mark: int) -> None:
        """See `SearchIndex.update`."""
        with self._turn():
            if mark < self.mark():
                return
            with _translated():
                for old in self._root.glob("tantivy-*"):
                    if old != self._folder:
                        shutil.rmtree(old, ignore_errors=True)  # of an earlier format: nobody reads it any more
                writer = self._open(create=True).writer(heap_size=WRITER_HEAP, num_threads=1)
                # A killed commit leaves files whose names the next one would use again: FileAlreadyExists, for ever.
                writer.garbage_collect_files()
            try:
                self._write(writer, pages, remove_documents, mark)
            finally:
                # Without it merges are cut off with the writer, and segments pile up update by update.
                with _translated():
                    writer.wait_merging_threads()

    def search(self, query: Query, limit: int = 20, offset: int = 0) -> Hits:
        """See `SearchIndex.search`."""
        require_bounds(limit, offset)
        searcher = self._searcher()
        if searcher is None:
            return Hits(0, ())
        with _translated():
            # Without words all fit alike: the newest come first.
            order = None if query.terms else "received"
            if has_phrases(query):
                found = searcher.search(compiled(self._schema, query), limit, order_by_field=order, offset=offset)
                total = _count(found)
            else:
                total = _count(searcher.search(matching(self._schema, query), 1))
                wanted = compiled(self._schema, query, self._pairs(searcher, query) if total <= MOST_PAIRED else ())
                found = searcher.search(wanted, limit, count=False, order_by_field=order, offset=offset)
            kept = [(float(score), bytes(searcher.doc(address)["record"][0])) for score, address in found.hits]
        return Hits(total, tuple(unpacked(record, score, query) for score, record in kept))

    def facets(self, query: Query, most: int = 1000) -> Counts:
        """See `SearchIndex.facets`."""
        searcher = self._searcher()
        if searcher is None:
            return dict.fromkeys(FACETS, ())
        asked = {name: {"terms": {"field": name, "size": most}} for name in FACETS}
        with _translated():
            told = searcher.aggregate(matching(self._schema, query), asked)
        return {
            name: most_first(((str(one["key"]), int(one["doc_count"])) for one in told[name]["buckets"]), most)
            for name in FACETS
        }

    def beginning(self, letters: str) -> tuple[str, ...]:
        """See `SearchIndex.beginning`."""
        searcher = self._searcher()
        if searcher is None:
            return ()
        if letters not in self._words:
            with _translated():
                self._words[letters] = tuple(word for word, _ in searcher.terms_with_prefix("body_fold", letters))
        return self._words[letters]

    def clear(self) -> None:
        """See `SearchIndex.clear`."""
        with self._turn(), _translated():
            # Renamed first: a reader finds the whole index or none.
            doomed = self._root / f"doomed-{time.monotonic_ns()}"
            if self._folder.exists():
                self._folder.rename(doomed)
            for folder in self._root.glob("doomed-*"):
                shutil.rmtree(folder)

    def _write(
        self, writer: IndexWriter, pages: Iterable[IndexPage], remove_documents: Iterable[str], mark: int
    ) -> None:
        for document_id in remove_documents:
            with _translated():
                writer.delete_documents_by_term("document", document_id)
        for page, first in distinct(pages):
            document = _document(page)
            with _translated():
                if first:
                    writer.delete_documents_by_term("document", page.document_id)
                writer.add_document(document)
        with _translated():
            writer.delete_documents_by_term("meta", _MARK)
            writer.add_document(Document(meta=_MARK, mark=mark))
            writer.commit()

    @staticmethod
    def _pairs(searcher: Searcher, query: Query) -> list[Pair]:
        """Return the rarest pairs of a query: those that tell pages apart, and cost least."""
        common = {pair: sum(searcher.doc_freq("body_fold", word) for word in pair) for pair in pairs_of(query)}
        return sorted(common, key=lambda pair: common[pair])[:_PAIRS]

    def _mark(self, searcher: Searcher) -> int:
        with _translated():
            found = searcher.search(Engine.term_query(self._schema, "meta", _MARK), limit=1).hits
            return int(searcher.doc(found[0][1])["mark"][0]) if found else 0

    def _searcher(self) -> Searcher | None:
        """Return a searcher over the last commit of any process; None when there is no index yet."""
        try:
            state = (self._folder / "meta.json").stat()
        except FileNotFoundError:
            self._reader = None
            return None
        seen = (state.st_ino, state.st_mtime_ns)
        reader = self._reader
        if reader is None or reader[0] != seen:
            with _translated():
                reader = (seen, self._open(create=False).searcher())
            self._reader, self._words = reader, {}
        return reader[1]

    def _open(self, *, create: bool) -> Index:
        if create:
            self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
            index = Index(self._schema, path=str(self._folder))
        else:
            index = Index.open(str(self._folder))
        index.register_tokenizer("spaces", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
        return index

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold the one right to write; the system frees it when the process dies."""
        with _translated():
            self._root.mkdir(mode=0o750, parents=True, exist_ok=True)
            descriptor = os.open(self._root / "writer.lock", os.O_RDWR | os.O_CREAT, 0o640)
        try:
            self._wait_for(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _wait_for(self, descriptor: int) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Unavailable(Code.INDEX_UNAVAILABLE, "another writer does not finish") from None
                time.sleep(_TICK)
            else:
                return


@contextmanager
def _translated() -> Iterator[None]:
    """Raise `Unavailable` for what the engine raises; it has one class for all, and tells a full disk in words."""
    try:
        yield
    except (ValueError, OSError) as exc:
        full = "No space left" in str(exc) or "quota" in str(exc).lower()
        raise Unavailable(Code.DISK_FULL if full else Code.INDEX_UNAVAILABLE, "tantivy") from exc


def _count(found: SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined] # the library's stub leaves it out


def _schema() -> Schema:
    builder = SchemaBuilder()
    for column in ("head_fold", "head_exact", "body_fold", "body_exact"):
        builder.add_text_field(column, tokenizer_name="spaces", index_option="position")
    builder.add_text_field("whole", tokenizer_name="spaces", index_option="basic")
    for column in ("people", "issuers", "place"):
        builder.add_text_field(column, tokenizer_name="spaces", index_option="position")
    for name in ("document", "tags", "meta"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        if name != "year":
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("year", "dated", "received"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_integer_field("mark", stored=True)
    builder.add_bytes_field("record", stored=True)
    return builder.build()


def _document(page: IndexPage) -> Document:
    facts = page.facts
    counted = {"kind": page.kind, "unit": page.unit, "year": page.year}
    counted |= {"field": facts.field, "procedure": facts.procedure, "signature": facts.signature}
    return Document(
        document=page.document_id,
        tags=tags(page),
        dated=facts.dated,
        received=facts.received,
        record=packed(page),
        **{name: value for name, value in counted.items() if value},
        **asdict(Columns.of(page)),
    )
