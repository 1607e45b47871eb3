"""The queue of a station: what was taken from its folders, and how far each of it is. It outlives a power cut.

SQLite with full synchronisation: when a step is recorded it is on the disk. Times are for people; nothing is decided by
them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

_VERSION = 1
_SCHEMA = """
CREATE TABLE batch (
  id TEXT PRIMARY KEY, code TEXT NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '', subject TEXT NOT NULL DEFAULT '', wish TEXT NOT NULL DEFAULT '',
  tidy TEXT NOT NULL DEFAULT '', taken_at TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE INDEX batch_state ON batch (state, taken_at);
CREATE TABLE part (
  id TEXT PRIMARY KEY, batch_id TEXT NOT NULL REFERENCES batch (id), position INTEGER NOT NULL, component TEXT NOT NULL,
  pages INTEGER, replaces TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 1, server_id TEXT NOT NULL DEFAULT '',
  committed INTEGER NOT NULL DEFAULT 0, stage TEXT NOT NULL DEFAULT '');
CREATE INDEX part_batch ON part (batch_id);
CREATE TABLE file (
  id TEXT PRIMARY KEY, part_id TEXT NOT NULL REFERENCES part (id), position INTEGER NOT NULL, source TEXT NOT NULL,
  original TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, state TEXT NOT NULL,
  error TEXT NOT NULL DEFAULT '', aside_as TEXT NOT NULL DEFAULT '');
CREATE INDEX file_part ON file (part_id);
"""
_LOOKS = "CREATE TABLE IF NOT EXISTS look (file_id TEXT PRIMARY KEY, pages TEXT NOT NULL)"
"""What the server has told of the pages of a file; older queues get the table too."""
_LEAVES = """CREATE TABLE IF NOT EXISTS leaves (
  part_id TEXT PRIMARY KEY, declared TEXT NOT NULL DEFAULT '', told TEXT NOT NULL DEFAULT '[]')"""
"""Which leaves a hand-over has, and what of them does not fit; older queues get the table too."""


class BatchState(StrEnum):
    """How far a dossier is that was taken."""

    CLAIMING = "claiming"
    SENDING = "sending"
    FOLLOWED = "followed"  # handed over; the archive has not confirmed all of it
    RETURNING = "returning"  # goes back to the clerk
    DONE = "done"
    ASIDE = "aside"
    DESTROYED = "destroyed"  # a state-secret marking was seen


class FileState(StrEnum):
    """How far a file is."""

    CLAIMING = "claiming"
    CLAIMED = "claimed"
    ACKNOWLEDGED = "acknowledged"  # the server has it, with its digest
    ARCHIVED = "archived"
    FORGOTTEN = "forgotten"  # and is gone from here
    ASIDE = "aside"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Batch:
    """One dossier as it was taken at once.

    `folder` is the hot folder, `name` what the dossier was called there; `tidy` says what is left to remove there.
    """

    id: str
    code: str
    folder: str
    name: str
    state: BatchState
    reason: str
    subject: str
    wish: str
    tidy: str
    taken_at: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class Part:
    """One hand-over of a batch. `key` is what the server knows it by; `leaves` as `dossier.leaves` writes them."""

    id: str
    batch_id: str
    component: str
    pages: int | None
    replaces: tuple[str, ...]
    attempt: int
    server_id: str
    committed: bool
    stage: str
    leaves: str = ""

    @property
    def key(self) -> str:
        """What the server knows it by; another one after the server has given it up."""
        return f"{self.id}.{self.attempt}"


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a part; `source` is where it was taken from, `original` its name in the folder of its dossier."""

    id: str
    part_id: str
    source: str
    original: str
    name: str
    sha256: str
    size: int
    state: FileState
    error: str = ""
    aside_as: str = ""


class Queue:
    """The queue in one file. One process writes it; others may look, and wish."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA synchronous=EXTRA")
        self._database.execute("PRAGMA foreign_keys=ON")
        with self.change():
            if self._database.execute("PRAGMA user_version").fetchone()[0] == 0:
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    self._database.execute(statement)
                self._database.execute(f"PRAGMA user_version={_VERSION}")
            self._database.execute(_LOOKS)
            self._database.execute(_LEAVES)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Record everything that is done inside, or nothing."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._database.in_transaction:  # a full disk has undone it already
                self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def add(self, batch: Batch, parts: Sequence[tuple[Part, Sequence[Item]]]) -> None:
        """Record a dossier that is about to be taken."""
        with self.change():
            self._insert("batch", {name: getattr(batch, name) for name in Batch.__slots__})
            for position, (part, items) in enumerate(parts, 1):
                values = {name: getattr(part, name) for name in Part.__slots__ if name != "leaves"}
                values |= {"replaces": json.dumps(part.replaces), "position": position}
                self._insert("part", values)
                if part.leaves:
                    self._insert("leaves", {"part_id": part.id, "declared": part.leaves})
                for place, item in enumerate(items, 1):
                    self._insert("file", {name: getattr(item, name) for name in Item.__slots__} | {"position": place})

    def batches(self, *states: BatchState) -> list[Batch]:
        """Return the batches in some states, the oldest first."""
        marks = ",".join("?" * len(states))
        found = self._rows(f"SELECT * FROM batch WHERE state IN ({marks}) ORDER BY taken_at, id", *states)  # noqa: S608
        return [Batch(**{**row, "state": BatchState(row["state"])}) for row in found]

    def parts(self, batch: Batch) -> list[Part]:
        """Return the hand-overs of a batch in order."""
        found = self._rows(
            "SELECT part.*, coalesce(leaves.declared, '') AS leaves FROM part"
            " LEFT JOIN leaves ON leaves.part_id=part.id WHERE batch_id=? ORDER BY position",
            batch.id,
        )
        return [
            Part(**{name: row[name] for name in Part.__slots__ if name not in ("replaces", "committed")},
                 replaces=tuple(json.loads(row["replaces"])), committed=bool(row["committed"]))
            for row in found
        ]  # fmt: skip

    def items(self, part: Part) -> list[Item]:
        """Return the files of a hand-over in order."""
        found = self._rows("SELECT * FROM file WHERE part_id=? ORDER BY position", part.id)
        return [
            Item(**{name: row[name] for name in Item.__slots__ if name != "state"}, state=FileState(row["state"]))
            for row in found
        ]

    def all_items(self, batch: Batch) -> list[Item]:
        """Return every file of a batch."""
        return [item for part in self.parts(batch) for item in self.items(part)]

    def set_batch(self, batch: Batch, state: BatchState, reason: str = "", subject: str = "") -> None:
        """Record how far a batch is, and why it is not further."""
        self._set("batch", batch.id, state=state, reason=reason, subject=subject, changed_at=now())

    def tidied(self, batch: Batch) -> None:
        """Record that nothing of a batch is left in its hot folder."""
        self._set("batch", batch.id, tidy="")

    def set_part(self, part: Part, **values: object) -> None:
        """Record something of a hand-over."""
        self._set("part", part.id, **values)

    def set_item(self, item: Item, **values: object) -> None:
        """Record something of a file."""
        self._set("file", item.id, **values)

    def set_look(self, item: Item, pages: Sequence[Mapping[str, Any]]) -> None:
        """Record what the server has told of the pages of a file."""
        said = json.dumps(list(pages), ensure_ascii=False)
        self._database.execute("INSERT OR REPLACE INTO look (file_id, pages) VALUES (?, ?)", (item.id, said))

    def set_leaves_told(self, part: Part, doubts: Sequence[Mapping[str, str]]) -> None:
        """Record what the server has told of the leaves of a hand-over's dossier."""
        self._database.execute(
            "INSERT INTO leaves (part_id, told) VALUES (?, ?) ON CONFLICT (part_id) DO UPDATE SET told=excluded.told",
            (part.id, json.dumps(list(doubts), ensure_ascii=False)),
        )

    def leaves_told(self, part: Part) -> list[dict[str, str]]:
        """Return what the server has told of the leaves of a hand-over's dossier."""
        found = self._rows("SELECT told FROM leaves WHERE part_id=?", part.id)
        return list(json.loads(found[0]["told"])) if found else []

    def look(self, item: Item) -> list[dict[str, Any]]:
        """Return what the server has told of the pages of a file."""
        found = self._rows("SELECT pages FROM look WHERE file_id=?", item.id)
        return list(json.loads(found[0]["pages"])) if found else []

    def wish(self, code: str, wish: str) -> int:
        """Have the agent do something with the batches of a dossier that it still holds; return how many those are."""
        found = [each for each in self.batches(BatchState.SENDING) if each.code == code]
        for batch in found:
            self._set("batch", batch.id, wish=wish)
        return len(found)

    def counts(self) -> dict[str, int]:
        """Return how many files are in each state."""
        rows = self._rows("SELECT state, count(*) AS n FROM file GROUP BY state")
        return {state.value: next((int(row["n"]) for row in rows if row["state"] == state), 0) for state in FileState}

    def drop(self, batch: Batch) -> None:
        """Forget a batch."""
        with self.change():
            for item in self.all_items(batch):
                self._database.execute("DELETE FROM look WHERE file_id=?", (item.id,))
            self._database.execute(
                "DELETE FROM file WHERE part_id IN (SELECT id FROM part WHERE batch_id=?)", (batch.id,)
            )
            self._database.execute(
                "DELETE FROM leaves WHERE part_id IN (SELECT id FROM part WHERE batch_id=?)", (batch.id,)
            )
            self._database.execute("DELETE FROM part WHERE batch_id=?", (batch.id,))
            self._database.execute("DELETE FROM batch WHERE id=?", (batch.id,))

    def prune(self, before: str) -> None:
        """Forget what was over before a time: its files have long gone, only their names are left."""
        for batch in self.batches(BatchState.DONE, BatchState.ASIDE, BatchState.DESTROYED):
            if batch.changed_at < before:
                self.drop(batch)

    def _rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        return [dict(row) for row in self._database.execute(statement, values)]

    def _insert(self, table: str, values: dict[str, object]) -> None:
        names, marks = ",".join(values), ",".join("?" * len(values))
        self._database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608

    def _set(self, table: str, row_id: str, **values: object) -> None:
        names = ",".join(f"{name}=?" for name in values)
        self._database.execute(f"UPDATE {table} SET {names} WHERE id=?", (*values.values(), row_id))  # noqa: S608


def now() -> str:
    """Return the time as it is recorded, for people."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
