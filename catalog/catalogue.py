"""Opening the catalogue and its transactions, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from dossier.errors import Code, Rejected, Unavailable

Transaction = Connection
SCHEMA_VERSION = "0002"
_BUSY_MILLISECONDS = 30_000


class Catalogue:
    """The catalogue behind one database URL.

    Args:
        url: SQLAlchemy URL, `sqlite:///path` or `postgresql+psycopg://...`.

    Raises:
        Rejected(SETTINGS_INVALID): It is no such URL, or the driver is not installed.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = _engine(url)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    def upgrade(self) -> None:
        """Create the schema or bring it to this program's version. Safe to run again."""
        from alembic import command  # noqa: PLC0415 - a quarter of a worker's start, and no worker upgrades
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.write() as tx:
            config.attributes["connection"] = tx
            command.upgrade(config, "head")

    def check_version(self) -> None:
        """Raise Rejected(CATALOGUE_VERSION) unless the schema is the one this program knows."""
        with self.read() as tx:
            versioned = inspect(tx).has_table("alembic_version")
            found = tx.execute(text("SELECT version_num FROM alembic_version")).scalar() if versioned else None
        if found != SCHEMA_VERSION:
            raise Rejected(Code.CATALOGUE_VERSION, f"schema {found}, program {SCHEMA_VERSION}")

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give a transaction for reading: one consistent view."""
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Give a transaction that commits at the end of the block and leaves nothing behind when it fails."""
        with (
            _translated(),
            self._engine.connect().execution_options(hososo_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def take_turn(tx: Transaction, name: str, *, shared: bool = False) -> None:
    """Wait until nobody else is between this call and the end of their transaction, under the same name.

    `shared` turns do not wait for each other, only for the others. SQLite has one writer at a time anyway.
    """
    if tx.dialect.name == "sqlite":
        return
    number = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
    kind = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    tx.execute(text(f"SELECT {kind}(:number)"), {"number": number})


def _engine(url: str) -> Engine:
    try:
        return _opened(url)
    except (ArgumentError, ImportError, ValueError) as exc:
        # The message may repeat the URL, and with it a password.
        raise Rejected(Code.SETTINGS_INVALID, type(exc).__name__, subject="database_url") from exc


def _opened(url: str) -> Engine:
    # Values in statements are what was read from papers: they stay out of messages.
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_MILLISECONDS / 1000}, hide_parameters=True)
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Our own BEGIN below: the driver's implicit one takes the write lock too late and then fails at once.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MILLISECONDS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("hososo_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as exc:
        raise _unavailable(exc) from exc


def _unavailable(exc: DBAPIError) -> Exception:
    told = str(exc.orig)
    if "disk is full" in told or "disk I/O" in told:
        return Unavailable(Code.DISK_FULL, told)
    if any(sign in told for sign in ("locked", "busy", "connect", "unable to open")):
        return Unavailable(Code.CATALOGUE_BUSY, told)
    return exc


def row_dict(row: Any) -> dict[str, Any]:  # noqa: ANN401 - an SQLAlchemy row of any shape
    """Return a row as a dictionary."""
    return dict(row._mapping)  # noqa: SLF001 - the documented way to a row's mapping
