"""Rows by the million, made by the database itself: a table's values as expressions of a row's number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    Text,
    cast,
    create_engine,
    event,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from catalog import Catalogue

_CARELESS = ("session_replication_role = replica", "maintenance_work_mem = '512MB'", "work_mem = '256MB'")
_PRIME = 99_999_989  # spreads digests as digests are spread

Number = ColumnElement[int]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """So many rows of a table, each made of its number from 0 on."""

    table: Table
    count: int
    values: Callable[[Number], Values]


def fill(url: str, rows: Sequence[Rows]) -> None:
    """Make a catalogue with these rows in an empty database.

    Args:
        url: SQLAlchemy address; the account must be allowed to leave out the checks of references (a superuser).
        rows: What to make, table by table.
    """
    made = Catalogue(url)
    made.upgrade()
    made.close()
    engine = create_engine(url)
    on_sqlite = engine.dialect.name == "sqlite"
    if on_sqlite:
        event.listen(engine, "connect", _carelessly)
    with engine.begin() as connection:
        if not on_sqlite:
            for setting in _CARELESS:
                connection.execute(text(f"SET LOCAL {setting}"))
        _fill(connection, rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)" if on_sqlite else "VACUUM ANALYZE"))
    engine.dispose()


def _carelessly(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _fill(connection: Connection, every: Sequence[Rows]) -> None:
    """Insert all rows, and make the indexes after that: many times quicker than beside."""
    indexes = [index for table in dict.fromkeys(rows.table for rows in every) for index in table.indexes]
    for index in indexes:
        index.drop(connection)
    for rows in every:
        numbers = select(literal(0, BigInteger).label("n")).cte(recursive=True)
        numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < rows.count - 1))
        values = {name: _column(rows.table, name, value) for name, value in rows.values(numbers.c.n).items()}
        connection.execute(insert(rows.table).from_select(list(values), select(*values.values()).select_from(numbers)))
    for index in indexes:
        index.create(connection)


def _column(table: Table, name: str, value: Any) -> ColumnElement[Any]:  # noqa: ANN401 - a value or an expression
    return value if isinstance(value, ColumnElement) else literal(value, table.c[name].type)


def name(prefix: str, n: Number) -> ColumnElement[str]:
    """Return an id as long as real ones."""
    return literal(prefix + "0" * 10) + cast(n + 1_000_000_000, Text)


def digest(n: Number) -> ColumnElement[str]:
    """Return what is as long and as spread as a digest."""
    return cast((n * 7919) % _PRIME + 1_000_000_000, Text) + literal("0" * 54)
