"""Opening the catalogue and its transactions, on SQLite or PostgreSQL.

SQLite has one writer at a time. On PostgreSQL many write at once, and these rules keep them from losing, doubling or
deadlocking:

- Who writes about a dossier first locks its row: `intakes.lock_dossiers`, `work.lock_dossier_of`. What is read after
  that in the same transaction is what the writer before has left. So two last pages cannot both see another unread,
  and a chain of events has one next link.
- What belongs to no dossier has a turn with a name: `take_turn`.
- Locks are taken in this order: rows of dossiers in order of id, of work items, of stored objects in order of digest,
  turns (marks of change, then sweep); a work item's own row is settled last, by whoever holds its dossier or nothing.
- Who collects items that others hold (leases that ran out, the next to be claimed) skips those that are locked.
- A transaction is short: bytes are read and stored before it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from catalog.engines import for_reading, for_writing, open_engine
from catalog.failures import translated
from dossier.errors import Code, Rejected

Transaction = Connection
SCHEMA_VERSION = "0012"
_UPGRADE = "upgrade"


class Catalogue:
    """The catalogue behind one database URL.

    Args:
        url: SQLAlchemy URL, `sqlite:///path` or `postgresql+psycopg://...`.
        password: Of the database account, so that it need not stand in the URL.

    Raises:
        Rejected(SETTINGS_INVALID): It is no such URL, or the driver is not installed.
    """

    def __init__(self, url: str, password: str = "") -> None:
        self._engine = open_engine(url, password)
        self._reading = for_reading(self._engine)
        self._writing = for_writing(self._engine)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    def upgrade(self) -> None:
        """Create the schema or bring it to this program's version. Safe to run again, and by several at once."""
        with self.alone() as tx:
            migrate(tx, "head")

    @contextmanager
    def alone(self) -> Iterator[Transaction]:
        """Give a write transaction that may take as long as it needs, and that no other of this kind runs beside."""
        with self.write() as tx:
            take_turn(tx, _UPGRADE)
            if self.dialect == "postgresql":
                tx.execute(text("SET LOCAL statement_timeout = 0"))  # an index over many pages takes its time
                tx.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            yield tx

    def check_version(self) -> None:
        """Raise Rejected(CATALOGUE_VERSION) unless the schema is the one this program knows."""
        with self.read() as tx:
            versioned = inspect(tx).has_table("alembic_version")
            found = tx.execute(text("SELECT version_num FROM alembic_version")).scalar() if versioned else None
        if found != SCHEMA_VERSION:
            raise Rejected(Code.CATALOGUE_VERSION, f"schema {found}, program {SCHEMA_VERSION}")

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give a transaction for reading: one consistent view.

        Raises:
            Unavailable(CATALOGUE_BUSY): The database is away, starting, stopping or too busy.
            Unavailable(CATALOGUE_REFUSED): It does not know our name, password or database.
        """
        with translated(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Give a transaction that commits at the end of the block and leaves nothing behind when it fails.

        When the connection breaks while committing, Unavailable is raised although the transaction may have been
        committed: whoever tries again must find out what is there already, as every step does by its work item's
        token and every command by what it is about to add.

        Raises:
            Unavailable: As `read`; also after a deadlock, a wait for another writer that was too long, or DISK_FULL.
        """
        with translated(), self._writing.connect() as connection, connection.begin():
            yield connection

    def clock_skew(self) -> float:
        """Return by how many seconds this host's clock is ahead of the database's; 0.0 on SQLite.

        Leases compare times of several hosts: workers whose clocks differ by seconds take work from each other.
        """
        if self.dialect == "sqlite":
            return 0.0
        with self.read() as tx:
            before = time.time()
            there = float(tx.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())
            return (before + time.time()) / 2 - there

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def migrate(tx: Transaction, version: str) -> None:
    """Bring the schema to a version, or to this program's with `head`."""
    from alembic import command  # noqa: PLC0415 - a quarter of a worker's start, and no worker upgrades
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = tx
    command.upgrade(config, version)


def take_turn(tx: Transaction, name: str, *, shared: bool = False) -> None:
    """Wait until nobody else is between this call and the end of their transaction, under the same name.

    `shared` turns do not wait for each other, only for the others. SQLite has one writer at a time anyway.
    """
    if tx.dialect.name == "sqlite":
        return
    number = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
    kind = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    tx.execute(text(f"SELECT {kind}(:number)"), {"number": number})


def row_dict(row: Any) -> dict[str, Any]:  # noqa: ANN401 - an SQLAlchemy row of any shape
    """Return a row as a dictionary."""
    return dict(row._mapping)  # noqa: SLF001 - the documented way to a row's mapping
