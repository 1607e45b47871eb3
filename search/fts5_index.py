"""The search index that needs nothing but Python: SQLite FTS5, one file, the same contract.

Good to about a million pages; ranking takes time in proportion to the number of hits. Every connection lives for
one call, so threads and processes share the file by SQLite's own locks; content and mark are one transaction.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from dossier.errors import Code, Unavailable
from search.filters import FIRST_PAGE, units_tags
from search.port import FACETS, Counts, Hit, Hits, IndexPage
from search.projection import FORMAT, Columns, distinct, most_first, packed, require_bounds, tags, unpacked
from search.query import Query, Term

PATIENCE = 60.0

_COLUMNS = "head_fold, head_exact, body_fold, body_exact, whole, people, issuers, place"
_COUNTED = "kind, unit, year, field, procedure, signature"
# The `ascii` tokenizer leaves every other character inside the word: the keys were cut in Python already.
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS page (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL, year INTEGER NOT NULL,
    field TEXT NOT NULL, procedure TEXT NOT NULL, signature TEXT NOT NULL, dated INTEGER NOT NULL,
    received INTEGER NOT NULL, keys BLOB NOT NULL, record BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS page_document ON page (document);
CREATE INDEX IF NOT EXISTS page_dated ON page (dated);
CREATE INDEX IF NOT EXISTS page_received ON page (received);
CREATE TABLE IF NOT EXISTS tag (tag TEXT, page INTEGER, PRIMARY KEY (tag, page)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tag_page ON tag (page);
CREATE TABLE IF NOT EXISTS mark (one INTEGER PRIMARY KEY CHECK (one = 1), mark INTEGER NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 ({_COLUMNS}, content='', tokenize="ascii tokenchars './-'");
CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab (words, 'col');
"""
_ADD = f"INSERT INTO words (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - names are constants
_FORGET = f"INSERT INTO words (words, rowid, {_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_HEAD_AND_BODY_WEIGHT = "3.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0"
_EXACT_BONUS, _ITSELF_BONUS = 1000.0, 20_000.0
_LAST = "\U0010ffff"


class Fts5Index:
    """A `SearchIndex` in one SQLite file below a folder of its own.

    Args:
        root: The folder, created when absent.
        patience: Seconds that a writer waits for another one.
    """

    def __init__(self, root: Path, patience: float = PATIENCE) -> None:
        self._root = root
        self._file = root / f"fts5-{FORMAT}.sqlite3"
        self._patience = patience

    def mark(self) -> int:
        """See `SearchIndex.mark`."""
        with self._connection() as connection, _translated():
            return _mark(connection)

    def update(self, pages: Iterable[IndexPage], remove_documents: Iterable[str], mark: int) -> None:
        """See `SearchIndex.update`."""
        with self._connection() as connection:
            with _translated():
                connection.execute("BEGIN IMMEDIATE")
                if mark < _mark(connection):
                    return
                for old in self._root.glob("fts5-*"):
                    if not old.name.startswith(self._file.name):
                        old.unlink(missing_ok=True)  # of an earlier format: nobody reads it any more
            for document_id in remove_documents:
                _remove(connection, document_id)
            for page, first in distinct(pages):
                if first:
                    _remove(connection, page.document_id)
                _add(connection, page)
            with _translated():
                connection.execute("INSERT OR REPLACE INTO mark VALUES (1, ?)", (mark,))
                connection.execute("COMMIT")

    def search(self, query: Query, limit: int = 20, offset: int = 0) -> Hits:
        """See `SearchIndex.search`."""
        require_bounds(limit, offset)
        where, wanted = _where(query)
        ordered, scores = _best_first(query)
        with self._connection() as connection, _translated():
            connection.execute("BEGIN")  # count and rows of one state
            total = connection.execute(f"SELECT count(*){where}", wanted).fetchone()[0]
            rows = connection.execute(f"{ordered[0]}{where}{ordered[1]}", (*scores, *wanted, limit, offset)).fetchall()
        return Hits(total, tuple(_hit(row, query) for row in rows))

    def facets(self, query: Query, most: int = 1000) -> Counts:
        """See `SearchIndex.facets`."""
        where, wanted = _where(query)
        counted: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        with self._connection() as connection, _translated():
            rows = connection.execute(f"SELECT {_COUNTED}, count(*){where} GROUP BY {_COUNTED}", wanted)
            for *values, count in rows:
                for name, value in zip(_COUNTED.split(", "), values, strict=True):
                    counted[name][str(value or "")] += count
        return {name: most_first(told.items(), most) for name, told in counted.items()}

    def beginning(self, letters: str) -> tuple[str, ...]:
        """See `SearchIndex.beginning`."""
        asked = "SELECT term FROM vocabulary WHERE term >= ? AND term < ? AND col = 'body_fold' ORDER BY term"
        with self._connection() as connection, _translated():
            return tuple(row[0] for row in connection.execute(asked, (letters, letters + _LAST)))

    def clear(self) -> None:
        """See `SearchIndex.clear`."""
        with _translated():
            for file in self._root.glob(f"{self._file.name}*"):
                file.unlink(missing_ok=True)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with _translated():
            self._root.mkdir(mode=0o750, parents=True, exist_ok=True)
            connection = sqlite3.connect(self._file, timeout=self._patience, isolation_level=None)
        try:
            with _translated():
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.executescript(_SCHEMA)
            yield connection
        finally:
            connection.close()


@contextmanager
def _translated() -> Iterator[None]:
    """Raise `Unavailable` for what SQLite and the file system refuse."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        full = exc.sqlite_errorcode == sqlite3.SQLITE_FULL
        raise Unavailable(Code.DISK_FULL if full else Code.INDEX_UNAVAILABLE, exc.sqlite_errorname) from exc
    except OSError as exc:
        raise Unavailable(Code.INDEX_UNAVAILABLE, "the folder of the index") from exc


def _mark(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT mark FROM mark").fetchone()
    return int(row[0]) if row else 0


def _add(connection: sqlite3.Connection, page: IndexPage) -> None:
    keys, facts = astuple(Columns.of(page)), page.facts
    kept = (zlib.compress(part, 1) for part in (json.dumps(keys, ensure_ascii=False).encode(), packed(page)))
    counted = (page.kind, page.unit, page.year, facts.field, facts.procedure, facts.signature)
    columns = f"document, {_COUNTED}, dated, received, keys, record"
    with _translated():
        added = connection.execute(
            f"INSERT INTO page ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constants
            (page.document_id, *counted, facts.dated, facts.received, *kept),
        )
        connection.execute(_ADD, (added.lastrowid, *keys))
        connection.executemany("INSERT INTO tag VALUES (?, ?)", [(tag, added.lastrowid) for tag in tags(page)])


def _remove(connection: sqlite3.Connection, document_id: str) -> None:
    """Remove a document; a contentless table must be told the very keys that it is to forget."""
    with _translated():
        for number, keys in connection.execute("SELECT id, keys FROM page WHERE document = ?", (document_id,)):
            connection.execute(_FORGET, (number, *json.loads(zlib.decompress(keys))))
            connection.execute("DELETE FROM tag WHERE page = ?", (number,))
        connection.execute("DELETE FROM page WHERE document = ?", (document_id,))


def _found(term: Term) -> str:
    ways = [_itself(term), *(_row(each.fold) for each in term.neighbours())]
    return f"({{head_fold body_fold}} : ({' OR '.join(ways)}))"


def _itself(term: Term) -> str:
    return " OR ".join(_row(way.fold, prefix=way.prefix) for way in term.alternatives())


def _bonuses(term: Term) -> list[tuple[str, float]]:
    """Return what a page may have besides, with what it is worth."""
    ways = []
    if term.exact:
        ways.append(f"({{head_exact body_exact}} : {_row(term.exact, prefix=term.prefix)})")
    if term.whole:
        ways.append(f"(whole : {_row((term.whole,), prefix=term.prefix)})")
    found = [(" OR ".join(ways), _EXACT_BONUS)] if ways else []
    return [*found, (f"{{head_fold body_fold}} : ({_itself(term)})", _ITSELF_BONUS)] if term.near else found


def _row(keys: tuple[str, ...], *, prefix: bool = False) -> str:
    """Return a phrase of the FTS5 language; keys are letters, digits and `./-` only, so nothing has to be escaped."""
    return f'"{" ".join(keys)}"{" *" if prefix else ""}'


def _where(query: Query) -> tuple[str, tuple[str | int, ...]]:
    """Return from where and on what conditions the hits of a query come, with the values of its parameters."""
    filters = query.filters
    matched = [*_terms(query), *(f"({column} : {_row(keys)})" for column, keys in filters.phrases())]
    sets = [*filters.tags(), *([] if query.terms else [frozenset({FIRST_PAGE})])]
    sets += [] if query.units is None else [units_tags(query.units)]
    # One parameter a set, however many tags are in it: SQLite bounds their number.
    conditions = ["page.id IN (SELECT page FROM tag WHERE tag IN (SELECT value FROM json_each(?)))"] * len(sets)
    values: list[str | int] = [json.dumps(sorted(tags)) for tags in sets]
    for name, first, last in filters.ranges():
        conditions.append(f"page.{name} BETWEEN ? AND ?")
        values += [first, last]
    if not matched:
        return f" FROM page WHERE {' AND '.join(conditions)}", tuple(values)
    both = " AND ".join(["words MATCH ?", *conditions])
    return f" FROM words JOIN page ON page.id = words.rowid WHERE {both}", (" AND ".join(matched), *values)


def _terms(query: Query) -> list[str]:
    """Return what must all match: each term, or any choice of all terms but one."""
    found = [_found(term) for term in query.terms]
    if not query.lacking:
        return found
    choices = [" AND ".join(found[:at] + found[at + 1 :]) for at in range(len(found))]
    return [f"({' OR '.join(f'({choice})' for choice in choices)})"]


def _best_first(query: Query) -> tuple[tuple[str, str], tuple[str, ...]]:
    """Return the beginning and the end of the statement that ranks, with the values of the parameters in front."""
    if not query.terms:
        return ("SELECT page.record, 0, 0.0", " ORDER BY page.received DESC, page.id LIMIT ? OFFSET ?"), ()
    bonuses = [bonus for term in query.terms for bonus in _bonuses(term)]
    has = "(words.rowid IN (SELECT rowid FROM words WHERE words MATCH ?))"
    exact = [f"{worth} * {has}" for _, worth in bonuses]
    beginning = (
        f"SELECT page.record, {' + '.join(['0', *exact])} AS exact, -bm25(words, {_HEAD_AND_BODY_WEIGHT}) AS relevance"
    )
    end = " ORDER BY exact DESC, relevance DESC, page.id LIMIT ? OFFSET ?"
    return (beginning, end), tuple(asked for asked, _ in bonuses)


def _hit(row: tuple[bytes, float, float], query: Query) -> Hit:
    record, exact, relevance = row
    return unpacked(zlib.decompress(record), exact + relevance, query)
