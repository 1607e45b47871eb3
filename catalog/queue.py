"""What is told about work items: how many wait, who holds them, what was put off or set aside."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from catalog.catalogue import Transaction
from catalog.partial import CLAIMED, OPEN, PUT_OFF, QUARANTINED, READY
from catalog.schema import intake, work_item
from catalog.work import item_of, read_in_order
from dossier.model import WorkItem
from dossier.states import Step


def due(tx: Transaction, step: Step, now: datetime, limit: int) -> list[WorkItem]:
    """Return ready items of a step that may run now, the most urgent first, whatever their place."""
    read_in_order(tx)
    rows = tx.execute(
        select(work_item)
        .where(
            READY,
            work_item.c.step == step.value,
            work_item.c.run_after <= now.timestamp(),
        )
        .order_by(work_item.c.priority, work_item.c.id)
        .limit(limit)
    )
    return [item_of(row) for row in rows]


def claimed_by(tx: Transaction) -> set[str]:
    """Return the names of all workers that hold a claim."""
    rows = tx.execute(select(work_item.c.worker).where(CLAIMED).distinct())
    return set(rows.scalars())


def claimed(tx: Transaction) -> list[WorkItem]:
    """Return the items that somebody holds."""
    return _in_order(tx, select(work_item).where(CLAIMED))


def intake_of(tx: Transaction, item_id: int) -> str:
    """Return the delivery that an item belongs to."""
    return str(tx.execute(select(work_item.c.intake_id).where(work_item.c.id == item_id)).scalar_one())


def dossier_of(tx: Transaction, item_id: int) -> str:
    """Return the id of the dossier that an item belongs to; empty when it belongs to none."""
    own = select(intake.c.dossier_id).join(work_item, work_item.c.intake_id == intake.c.id)
    return tx.execute(own.where(work_item.c.id == item_id)).scalar() or ""


def since(tx: Transaction, item_id: int) -> str:
    """Return when the state of an item changed last, as it is stored."""
    return str(tx.execute(select(work_item.c.changed_at).where(work_item.c.id == item_id)).scalar_one())


def open_total(tx: Transaction) -> int:
    """Return how many items are ready or claimed, of every step and place."""
    return tx.execute(select(func.count()).where(OPEN)).scalar_one()


def open_count(tx: Transaction, steps: Collection[Step], now: datetime | None = None, place: str = "") -> int:
    """Return how many items of these steps are ready (due, when `now` is given) or claimed, of this place or any."""
    query = select(func.count()).where(
        OPEN,
        work_item.c.step.in_([step.value for step in steps]),
        work_item.c.place.in_(("", place)),
    )
    if now is not None:
        query = query.where(work_item.c.run_after <= now.timestamp())
    return tx.execute(query).scalar_one()


def waiting(tx: Transaction) -> list[WorkItem]:
    """Return ready items that were put off, with the cause of the wait."""
    return _in_order(tx, select(work_item).where(PUT_OFF))


def quarantined(tx: Transaction, dossier_id: str = "") -> list[WorkItem]:
    """Return the items set aside, oldest first; of one dossier, when it is named."""
    query = select(work_item).where(QUARANTINED)
    if dossier_id:
        query = query.join(intake, intake.c.id == work_item.c.intake_id).where(intake.c.dossier_id == dossier_id)
    return _in_order(tx, query)


def _in_order(tx: Transaction, query: Select[Any]) -> list[WorkItem]:
    """Return items by age, sorted here: asked to sort, SQLite walks all items in order instead of the partial index."""
    return sorted((item_of(row) for row in tx.execute(query)), key=lambda item: item.id)
