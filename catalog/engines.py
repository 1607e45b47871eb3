"""Connections to SQLite and PostgreSQL, set up so that nobody waits for ever and nobody holds others up for long."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from dossier.errors import Code, Rejected

BUSY_SECONDS = 30.0  # that a writer waits for other writers
_BUSY_AGAIN_SECONDS = 0.02
_LONGEST_SILENT_READ = "15min"

_CONNECTING: dict[str, Any] = {
    "application_name": "hososo",
    "connect_timeout": 5,
    # A server that was replaced by a standby must not be written to, nor the standby before it took over.
    "target_session_attrs": "read-write",
    # A peer that vanished without a word (pulled cable, cut network) is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_SESSION = {
    "lock_timeout": f"{BUSY_SECONDS:.0f}s",
    "statement_timeout": "5min",
    # A writer that stands still (a paused process, a host that swaps) loses its locks about when it loses its lease.
    "idle_in_transaction_session_timeout": "10s",
    # A query whose asker is gone ends, and its locks with it.
    "client_connection_check_interval": "5s",
}


def open_engine(url: str, password: str = "") -> Engine:
    """Return an engine for a catalogue's address; nothing is connected yet.

    Raises:
        Rejected(SETTINGS_INVALID): It is no such address, or the driver is not installed.
    """
    try:
        return _sqlite(url) if url.startswith("sqlite") else _postgresql(url, password)
    except (ArgumentError, ImportError, ValueError) as exc:
        # The message may repeat the address, and with it a password.
        raise Rejected(Code.SETTINGS_INVALID, type(exc).__name__, subject="database_url") from exc


def for_reading(engine: Engine) -> Engine:
    """Return the engine whose transactions see one state of the catalogue and change nothing."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def for_writing(engine: Engine) -> Engine:
    """Return the engine whose transactions write: each statement sees what others have committed by then."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(hososo_write=True)
    return engine.execution_options(isolation_level="READ COMMITTED", hososo_write=True)


def _sqlite(url: str) -> Engine:
    # Values in statements are what was read from papers: they stay out of messages.
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _postgresql(url: str, password: str) -> Engine:
    own = make_url(url)
    if password:
        own = own.set(password=password)
    if own.get_backend_name() != "postgresql":
        raise ValueError("neither SQLite nor PostgreSQL")
    engine = create_engine(
        own,
        connect_args={name: value for name, value in _CONNECTING.items() if name not in own.query},
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=2,  # a worker's step and its heartbeat
        max_overflow=8,
        pool_timeout=BUSY_SECONDS,
    )
    event.listen(engine, "connect", _postgresql_connect)
    event.listen(engine, "begin", _postgresql_begin)
    return engine


def _sqlite_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Our own BEGIN below: the driver's implicit one takes the write lock too late and then fails at once.
    connection.isolation_level = None
    cursor = connection.cursor()
    _keep_a_log_of_writes(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _keep_a_log_of_writes(cursor: DBAPICursor) -> None:
    """Turn on WAL; of two first connections to a new file SQLite refuses one at once, however long it may wait."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_BUSY_AGAIN_SECONDS)
        else:
            return


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _postgresql_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Statements, not the `options` of the connection: those are the operator's, for a search path and the like.
    cursor = connection.cursor()
    for name, value in _SESSION.items():
        cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
    cursor.close()
    connection.commit()


def _postgresql_begin(connection: Connection) -> None:
    # A reader holds nobody up, and may look at stored bytes between two statements.
    if not _writes(connection):
        wait = _LONGEST_SILENT_READ
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{wait}'")


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("hososo_write", False))
