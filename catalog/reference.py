"""Editions of reference data: each import adds rows, none is ever changed, so what an older edition said stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select

from catalog.catalogue import Transaction, take_turn
from catalog.schema import moment, reference_edition, reference_row, stamp

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row as it is stored; `kind` and `values` mean something to `registers`."""

    kind: str
    key: str
    valid_from: date
    valid_to: date | None
    basis: str
    checked: bool
    withdrawn: bool
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edition:
    """One import of reference data."""

    number: int
    kind: str
    sha256: str
    count: int
    actor: str
    at: datetime


def latest(tx: Transaction) -> int:
    """Return the number of the newest edition; 0 before the first."""
    return int(tx.execute(select(func.coalesce(func.max(reference_edition.c.id), 0))).scalar_one())


def editions(tx: Transaction) -> list[Edition]:
    """Return all editions, oldest first."""
    found = tx.execute(select(reference_edition).order_by(reference_edition.c.id))
    return [Edition(row.id, row.kind, row.sha256, row.entered, row.actor, moment(row.at)) for row in found]


def rows(tx: Transaction, edition: int | None = None) -> list[StoredRow]:
    """Return the rows of all editions up to one, or of all, in the order in which they were entered."""
    query = select(reference_row).order_by(reference_row.c.id)
    if edition is not None:
        query = query.where(reference_row.c.edition_id <= edition)
    return [
        StoredRow(
            row.kind,
            row.key,
            date.fromisoformat(row.valid_from),
            date.fromisoformat(row.valid_to) if row.valid_to else None,
            row.basis,
            row.checked,
            row.withdrawn,
            row.values,
        )
        for row in tx.execute(query)
    ]


def take_reference_turn(tx: Transaction) -> None:
    """Wait for whoever is adding an edition: what the next one is held against is then all there is."""
    take_turn(tx, "reference")


def add(tx: Transaction, edition: Edition, entered: Iterable[StoredRow]) -> None:
    """Store rows as an edition under its number, which is the next one."""
    own = {"kind": edition.kind, "sha256": edition.sha256, "entered": edition.count, "actor": edition.actor}
    tx.execute(insert(reference_edition).values(id=edition.number, at=stamp(edition.at), **own))
    rows = iter(entered)
    while some := [_values(row, edition.number) for row in islice(rows, _AT_ONCE)]:
        tx.execute(insert(reference_row), some)


def _values(row: StoredRow, number: int) -> dict[str, Any]:
    return {
        "edition_id": number,
        "kind": row.kind,
        "key": row.key,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else "",
        "basis": row.basis,
        "checked": row.checked,
        "withdrawn": row.withdrawn,
        "values": dict(row.values),
    }
