"""The imported one-stop register as it is known now; `register_saving` puts it there, `register_history` tells how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select

from catalog.catalogue import Transaction
from catalog.schema import moment, register_entry, register_import, stamp
from catalog.streaming import binary
from dossier.register import Channel, RegisterEntry, Status

FIELDS = tuple(RegisterEntry.__dataclass_fields__)
TIMES = ("submitted_at", "received_at", "due_at", "settled_at", "returned_at")


def imports(tx: Transaction) -> int:
    """Return how many files have been imported so far."""
    return tx.execute(select(func.count()).select_from(register_import)).scalar_one()


def entries(tx: Transaction) -> Iterator[RegisterEntry]:
    """Yield every register row in order of code."""
    for row in tx.execute(select(register_entry).order_by(register_entry.c.code)):
        yield _entry(row)


def find(tx: Transaction, code: str) -> RegisterEntry | None:
    """Return the register row of a dossier code, or None."""
    row = tx.execute(select(register_entry).where(register_entry.c.code == code)).first()
    return _entry(row) if row else None


def newest_import(tx: Transaction) -> int:
    """Return the number of the newest import, 0 before the first: rows change in no other way."""
    return int(tx.execute(select(func.coalesce(func.max(register_import.c.id), 0))).scalar_one())


def entries_since(tx: Transaction, import_id: int, after: str, limit: int) -> list[RegisterEntry]:
    """Return rows that imports after one have added or changed, in order of code, a page at a time.

    `after` is the last code of the page before. Who writes meanwhile reads page by page: on SQLite a reader that stays
    keeps the log of what is written from being emptied, and everybody slow.
    """
    code = binary(tx, register_entry.c.code)
    changed = select(register_entry).where(register_entry.c.import_id > import_id, code > after)
    return [_entry(row) for row in tx.execute(changed.order_by(code).limit(limit))]


def of_codes(tx: Transaction, codes: Sequence[str]) -> list[RegisterEntry]:
    """Return the rows of some dossiers, in order of code; those without a row are left out."""
    query = select(register_entry).where(register_entry.c.code.in_(codes)).order_by(register_entry.c.code)
    return [_entry(row) for row in tx.execute(query)]


def codes_received(tx: Transaction, start: datetime, end: datetime, most: int) -> list[str]:
    """Return codes of dossiers received from a moment on and before another, in order; at most so many."""
    own = register_entry.c
    query = select(own.code).where(own.received_at >= stamp(start), own.received_at < stamp(end))
    return list(tx.execute(query.order_by(own.code).limit(most)).scalars())


def owners(tx: Transaction, agency: str, first: date, last: date, most: int) -> list[tuple[str, str, str]]:
    """Return code, applicant, identity number of an agency's dossiers whose codes are of some days; at most so many."""
    own, code = register_entry.c, binary(tx, register_entry.c.code)
    start, end = (f"{agency}-{day:%y%m%d}-" for day in (first, last))
    query = select(own.code, own.applicant, own.applicant_id).where(code >= start, code < f"{end}~")
    return [(row.code, row.applicant, row.applicant_id) for row in tx.execute(query.order_by(code).limit(most))]


def _entry(row: Row[Any]) -> RegisterEntry:
    values = {name: getattr(row, name) for name in FIELDS}
    for name in TIMES:
        values[name] = moment(values[name]) if values[name] else None
    values["channel"] = Channel(row.channel) if row.channel is not None else None
    values["status"] = Status(row.status) if row.status is not None else None
    return RegisterEntry(**values)
