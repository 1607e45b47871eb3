"""Figures about the whole catalogue for monitoring: each from an index, whatever the archive holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from catalog.catalogue import Transaction
from catalog.partial import NOT_ARCHIVED, NOT_READ, OPEN, QUARANTINED, READY
from catalog.schema import chore, document, moment, page, seal, work_item
from dossier.states import DocumentState, Priority, Step, WorkState


def open_items(tx: Transaction) -> dict[tuple[Step, WorkState], int]:
    """Return how many items that are not done each step has in each state."""
    query = select(work_item.c.step, work_item.c.state, func.count()).where(OPEN | QUARANTINED)
    rows = tx.execute(query.group_by(work_item.c.step, work_item.c.state))
    return {(Step(step), WorkState(state)): count for step, state, count in rows}


def oldest_ready(tx: Transaction, step: Step) -> datetime | None:
    """Return since when the item waits that a step will do next, of each priority; None when none is ready."""
    heads = [
        tx.execute(
            select(work_item.c.created_at)
            .where(READY, work_item.c.step == step.value, work_item.c.priority == int(priority))
            .order_by(work_item.c.id)
            .limit(1)
        ).scalar()
        for priority in Priority
    ]
    return min((moment(head) for head in heads if head), default=None)


def by_code(tx: Transaction, which: ColumnElement[bool]) -> dict[tuple[Step, str], int]:
    """Return how many items each step has with each error code; `which` is a condition of `catalog.partial`."""
    query = select(work_item.c.step, work_item.c.error, func.count()).where(which)
    rows = tx.execute(query.group_by(work_item.c.step, work_item.c.error))
    return {(Step(step), error): count for step, error, count in rows}


def pages_read(tx: Transaction) -> int:
    """Return how many pages were read: all but those few that were not."""
    unread = select(func.count()).where(NOT_READ)
    return tx.execute(select(func.count()).select_from(page)).scalar_one() - tx.execute(unread).scalar_one()


def documents_archived(tx: Transaction) -> tuple[int, dict[DocumentState, int]]:
    """Return how many documents are archived, and how many of the others are in each state; old versions count."""
    rows = tx.execute(select(document.c.state, func.count()).where(NOT_ARCHIVED).group_by(document.c.state))
    others = {DocumentState(state): count for state, count in rows}
    total = tx.execute(select(func.count()).select_from(document)).scalar_one()
    return total - sum(others.values()), others


def last_seal(tx: Transaction) -> datetime | None:
    """Return when the event chains were sealed last; None before the first time."""
    at = tx.execute(select(seal.c.at).order_by(seal.c.id.desc()).limit(1)).scalar()
    return moment(at) if at else None


def chores_done(tx: Transaction) -> dict[str, float]:
    """Return when each chore was done last, in seconds since the epoch; chores that never were are left out."""
    return dict(tx.execute(select(chore.c.name, chore.c.done_at).where(chore.c.done_at > 0)).all())
