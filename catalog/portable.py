"""The whole catalogue as plain rows that any of its databases can take in: for backups, and to move to another one."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import LargeBinary, Table, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from catalog import separator_key
from catalog.catalogue import Transaction, row_dict
from catalog.schema import (
    chore,
    claim,
    condemned,
    dossier_fact,
    fact_label,
    fact_profile,
    hand_over,
    intent,
    metadata,
    owed_code,
    place_label,
    projection,
    received_file,
    scanned_tally,
    signing_batch,
    signing_batch_item,
    signing_request,
    signing_session,
    stack,
    stack_part,
    stored_object,
    switch,
    web_session,
)
from catalog.streaming import binary, streamed
from dossier.errors import Code, Rejected

_OF_THE_MOMENT = (
    intent,
    condemned,
    chore,
    signing_session,
    signing_request,
    signing_batch,
    signing_batch_item,
    web_session,
    owed_code,
    hand_over,
    received_file,
    stack,
    stack_part,
)
"""What processes agree upon while they run: it means nothing to another installation."""
_PROJECTED = (dossier_fact, fact_label, fact_profile, place_label, scanned_tally, projection)
"""What follows from the other tables and is made anew."""
_LASTING = (separator_key.NAME,)
"""Switches that are carried over: the others say what goes on at the moment."""
_AT_ONCE = 500
OBJECTS = stored_object.name


def tables() -> list[str]:
    """Return the names of the tables that are carried over, referred to before referring."""
    return [table.name for table in metadata.sorted_tables if table not in (*_OF_THE_MOMENT, *_PROJECTED)]


def dump(tx: Transaction, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table in the order of its key, as values that JSON knows, in constant memory."""
    table = metadata.tables[name]
    blobs = _blobs(table)
    order = [binary(tx, column) for column in table.primary_key]
    every = select(table).order_by(*order)
    if table is switch:
        every = every.where(switch.c.name.in_(_LASTING))
    for row in streamed(tx, every):
        value = row_dict(row)
        for blob in blobs:
            value[blob] = b64encode(value[blob]).decode() if value[blob] is not None else None
        yield value


def load(tx: Transaction, name: str, rows: Iterable[dict[str, Any]]) -> int:
    """Insert rows that `dump` gave, numbers included; return how many.

    Raises:
        Rejected(BACKUP_INVALID): They are not rows of this table.
    """
    rest, count = iter(rows), 0
    try:
        table = metadata.tables[name]
        while some := [_loaded(table, row) for row in islice(rest, _AT_ONCE)]:
            tx.execute(insert(table), [row for row in some if table is not switch or row["name"] in _LASTING])
            count += len(some)
        count_on(tx, table)
    except OperationalError:
        raise
    except (DBAPIError, StatementError, ValueError, TypeError, LookupError) as exc:
        raise Rejected(Code.BACKUP_INVALID, f"{name}: {type(exc).__name__}") from exc
    return count


def forget_object(tx: Transaction, sha256: str) -> list[str]:
    """Remove an object's record with all claims; return who claimed it."""
    referrers = list(tx.execute(select(claim.c.referrer).where(claim.c.sha256 == sha256)).scalars())
    tx.execute(delete(claim).where(claim.c.sha256 == sha256))
    tx.execute(delete(stored_object).where(stored_object.c.sha256 == sha256))
    return referrers


def count_on(tx: Transaction, table: Table) -> None:
    """Let PostgreSQL go on counting behind the numbers that were carried over; SQLite does so by itself."""
    counter = table.autoincrement_column
    if tx.dialect.name != "postgresql" or counter is None:
        return
    last = tx.execute(select(func.max(counter))).scalar()
    if last is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
        tx.execute(sequence, {"table": table.name, "column": counter.name, "last": last})


def _blobs(table: Table) -> list[str]:
    return [column.name for column in table.c if isinstance(column.type, LargeBinary)]


def _loaded(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    blobs = {name: b64decode(row[name]) for name in _blobs(table) if row.get(name) is not None}
    return {**row, **blobs}
