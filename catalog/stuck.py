"""Work that does not move: put off again and again, held too long, set aside, or taken by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, bindparam, func, select

from catalog import chores
from catalog.catalogue import Transaction
from catalog.partial import CLAIMED, PUT_OFF, QUARANTINED, READY
from catalog.schema import moment, stamp, work_item
from catalog.work import RECEIVE_AHEAD
from dossier.states import Priority, Step

HOUR = timedelta(hours=1)


class Reason(StrEnum):
    """Why work does not move."""

    PUT_OFF = "put_off"  # tried, and put off with a code: the world must act
    HELD = "held"  # claimed, and not done: a worker hangs, or nobody sweeps
    QUARANTINED = "quarantined"  # set aside with a code: a person must act
    UNTAKEN = "untaken"  # due, and no worker takes it: none lives, or none that can do this step


@dataclass(frozen=True, slots=True)
class Stuck:
    """Items of one step that are stuck for one reason. `code` is an error code, empty where there is none."""

    step: Step
    reason: Reason
    code: str
    count: int
    oldest: datetime


_AGE_FROM = {
    # Putting off and setting aside rewrite `changed_at`; an item that is put off is as old as its work.
    Reason.PUT_OFF: work_item.c.created_at,
    Reason.HELD: work_item.c.changed_at,
    Reason.QUARANTINED: work_item.c.changed_at,
}
_WHICH: dict[Reason, tuple[ColumnElement[bool], ...]] = {
    Reason.PUT_OFF: (PUT_OFF,),
    Reason.HELD: (CLAIMED,),
    Reason.QUARANTINED: (QUARANTINED,),
}


# Built once: making this expression anew takes longer than a database takes to answer it.
_NEXT_DUE = (
    select(work_item.c.changed_at)
    .where(
        READY,
        work_item.c.step == bindparam("of_step"),
        work_item.c.priority == bindparam("of_priority"),
        work_item.c.error == "",
        work_item.c.run_after <= bindparam("now"),
    )
    .order_by(work_item.c.id)
    .limit(1)
)


def stuck(tx: Transaction, now: datetime, longer_than: timedelta = HOUR) -> list[Stuck]:
    """Return what has not moved for some time, in the order of the steps.

    Looks at nothing that is done, and at each state through its index: fast whatever the archive holds.
    """
    before = stamp(now - longer_than)
    found = [one for reason in _WHICH for one in _grouped(tx, reason, before)]
    found += _untaken(tx, now, before)
    return sorted(found, key=lambda one: (list(Step).index(one.step), one.reason, one.code))


def _grouped(tx: Transaction, reason: Reason, before: str) -> Iterator[Stuck]:
    age = _AGE_FROM[reason]
    rows = tx.execute(
        select(work_item.c.step, work_item.c.error, func.count(), func.min(age))
        .where(*_WHICH[reason], age < before)
        .group_by(work_item.c.step, work_item.c.error)
    )
    for step, error, count, oldest in rows:
        yield Stuck(Step(step), reason, "" if reason is Reason.HELD else error, count, moment(oldest))


def _untaken(tx: Transaction, now: datetime, before: str) -> Iterator[Stuck]:
    """Yield steps whose next item waits for long while nobody works on this step or a later one.

    Workers take later steps first, so one that could do a step would not pass it by for an earlier one. Only receiving
    waits on purpose while enough pages are ahead. While the installation is drained all waits on purpose.
    """
    if chores.draining(tx):
        return
    last = _last_step_at_work(tx, now)
    for number, step in enumerate(Step):
        if number <= last or (step is Step.RECEIVE and _enough_ahead(tx)):
            continue
        waits_since = _next_since(tx, step, now)
        if waits_since and waits_since < before:
            yield Stuck(step, Reason.UNTAKEN, "", _ready(tx, step), moment(waits_since))


def _last_step_at_work(tx: Transaction, now: datetime) -> int:
    """Return the number of the latest step that a living worker is at; -1 for none."""
    alive = select(work_item.c.step).where(CLAIMED, work_item.c.lease_until > now.timestamp()).distinct()
    return max((list(Step).index(Step(step)) for step in tx.execute(alive).scalars()), default=-1)


def _enough_ahead(tx: Transaction) -> bool:
    pages = select(work_item.c.id).where(READY, work_item.c.step == Step.READ.value).limit(RECEIVE_AHEAD)
    return len(tx.execute(pages).all()) == RECEIVE_AHEAD


def _next_since(tx: Transaction, step: Step, now: datetime) -> str:
    """Return since when the next due item of a step waits, of each priority the longest; empty when none is due."""
    sought = {"of_step": step.value, "now": now.timestamp()}
    heads = [tx.execute(_NEXT_DUE, {**sought, "of_priority": int(priority)}).scalar() for priority in Priority]
    return min((head for head in heads if head), default="")


def _ready(tx: Transaction, step: Step) -> int:
    query = select(func.count()).where(READY, work_item.c.step == step.value)
    return tx.execute(query).scalar_one()
