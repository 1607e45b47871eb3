"""The imported one-stop register as it is known now; `register_saving` puts it there, `register_history` tells how."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, func, select

from catalog.catalogue import Transaction
from catalog.schema import moment, register_entry, register_import
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


def _entry(row: Row[Any]) -> RegisterEntry:
    values = {name: getattr(row, name) for name in FIELDS}
    for name in TIMES:
        values[name] = moment(values[name]) if values[name] else None
    values["channel"] = Channel(row.channel) if row.channel is not None else None
    values["status"] = Status(row.status) if row.status is not None else None
    return RegisterEntry(**values)
