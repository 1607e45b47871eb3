"""Frozen reports: which there are. Their bytes are objects like any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from catalog.catalogue import Transaction
from catalog.schema import moment, snapshot, stamp


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One frozen report.

    Attributes:
        number: In the order in which they were taken, from 1.
        at: When it was taken.
        actor: Account of who took it.
        sha256: Of its rows and figures.
        unit: Name that it prints.
        period: Name of the period, e.g. `2026-Q1`.
        base: Base of its rates.
        note: Why it was taken, in words; may be empty.
    """

    number: int
    at: datetime
    actor: str
    sha256: str
    unit: str
    period: str
    base: str
    note: str


def add(tx: Transaction, taken: Snapshot) -> int:
    """Record a snapshot and return its number; that of `taken` is not looked at."""
    values = {
        "at": stamp(taken.at),
        "actor": taken.actor,
        "sha256": taken.sha256,
        "unit": taken.unit,
        "period": taken.period,
        "base": taken.base,
        "note": taken.note,
    }
    number: int = tx.execute(insert(snapshot).values(**values).returning(snapshot.c.id)).scalar_one()
    return number


def every(tx: Transaction) -> list[Snapshot]:
    """Return all snapshots, oldest first."""
    return [
        Snapshot(row.id, moment(row.at), row.actor, row.sha256, row.unit, row.period, row.base, row.note)
        for row in tx.execute(select(snapshot).order_by(snapshot.c.id))
    ]


def find(tx: Transaction, number: int) -> Snapshot | None:
    """Return one snapshot, or None."""
    return next((one for one in every(tx) if one.number == number), None)
