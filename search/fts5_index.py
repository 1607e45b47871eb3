"""The search index that needs nothing but Python: SQLite FTS5, one file, the same contract.

Good to about a million pages; ranking takes time in proportion to the number of hits. Every connection lives for
one call, so threads and processes share the file by SQLite's own locks; content and mark are one transaction.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from dossier.errors import Code, Unavailable
from search.port import Hit, Hits, IndexPage
from search.projection import FORMAT, Columns, distinct, packed, require_bounds, unpacked
from search.query import Query, Term

PATIENCE = 60.0

_COLUMNS = "head_fold, head_exact, body_fold, body_exact, whole"
# The `ascii` tokenizer leaves every other character inside the word: the keys were cut in Python already.
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS page (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, code TEXT NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL,
    year INTEGER NOT NULL, keys BLOB NOT NULL, record BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS page_document ON page (document);
CREATE TABLE IF NOT EXISTS mark (one INTEGER PRIMARY KEY CHECK (one = 1), mark INTEGER NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 ({_COLUMNS}, content='', tokenize="ascii tokenchars './-'");
"""
_ADD = f"INSERT INTO words (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608 - names are constants
_FORGET = f"INSERT INTO words (words, rowid, {_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?, ?)"  # noqa: S608
_HEAD_AND_BODY_WEIGHT = "3.0, 0.0, 1.0, 0.0, 0.0"
_EXACT_BONUS = 1000.0


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
        matched = " AND ".join(_found(term) for term in query.terms)
        bonuses = [bonus for term in query.terms if (bonus := _bonus(term))]
        where, wanted = _filters(query)
        with self._connection() as connection, _translated():
            connection.execute("BEGIN")  # count and rows of one state
            total = connection.execute(
                f"SELECT count(*) FROM words JOIN page ON page.id = words.rowid WHERE words MATCH ?{where}",  # noqa: S608
                (matched, *wanted),
            ).fetchone()[0]
            rows = connection.execute(
                _best_first(len(bonuses), where), (*bonuses, matched, *wanted, limit, offset)
            ).fetchall()
        return Hits(total, tuple(_hit(row, query) for row in rows))

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
    keys = astuple(Columns.of(page))
    kept = (json.dumps(keys, ensure_ascii=False).encode(), packed(page))
    row = (page.document_id, page.code, page.kind, page.unit, page.year, *(zlib.compress(part, 1) for part in kept))
    with _translated():
        added = connection.execute(
            "INSERT INTO page (document, code, kind, unit, year, keys, record) VALUES (?, ?, ?, ?, ?, ?, ?)", row
        )
        connection.execute(_ADD, (added.lastrowid, *keys))


def _remove(connection: sqlite3.Connection, document_id: str) -> None:
    """Remove a document; a contentless table must be told the very keys that it is to forget."""
    with _translated():
        for number, keys in connection.execute("SELECT id, keys FROM page WHERE document = ?", (document_id,)):
            connection.execute(_FORGET, (number, *json.loads(zlib.decompress(keys))))
        connection.execute("DELETE FROM page WHERE document = ?", (document_id,))


def _found(term: Term) -> str:
    ways = " OR ".join(_row(way.fold, prefix=way.prefix) for way in term.alternatives())
    return f"({{head_fold body_fold}} : ({ways}))"


def _bonus(term: Term) -> str:
    ways = []
    if term.exact:
        ways.append(f"({{head_exact body_exact}} : {_row(term.exact, prefix=term.prefix)})")
    if term.whole:
        ways.append(f"(whole : {_row((term.whole,), prefix=term.prefix)})")
    return " OR ".join(ways)


def _row(keys: tuple[str, ...], *, prefix: bool) -> str:
    """Return a phrase of the FTS5 language; keys are letters, digits and `./-` only, so nothing has to be escaped."""
    return f'"{" ".join(keys)}"{" *" if prefix else ""}'


def _filters(query: Query) -> tuple[str, tuple[str | int, ...]]:
    wanted = {"kind": query.kind, "unit": query.unit, "year": query.year, "code": query.code}
    active = {column: value for column, value in wanted.items() if value is not None}
    where = "".join(f" AND page.{column} = ?" for column in active)
    if query.units is None:
        return where, tuple(active.values())
    # One parameter however many units there are: SQLite bounds their number.
    mine = " AND page.unit IN (SELECT value FROM json_each(?))"
    return where + mine, (*active.values(), json.dumps(sorted(query.units)))


def _best_first(bonuses: int, where: str) -> str:
    exact = " + ".join(["0", *["(words.rowid IN (SELECT rowid FROM words WHERE words MATCH ?))"] * bonuses])
    return (
        f"SELECT page.record, {exact} AS exact, -bm25(words, {_HEAD_AND_BODY_WEIGHT}) AS relevance"  # noqa: S608
        f" FROM words JOIN page ON page.id = words.rowid WHERE words MATCH ?{where}"
        " ORDER BY exact DESC, relevance DESC, page.id LIMIT ? OFFSET ?"
    )


def _hit(row: tuple[bytes, int, float], query: Query) -> Hit:
    record, exact, relevance = row
    return unpacked(zlib.decompress(record), exact * _EXACT_BONUS + relevance, query)
