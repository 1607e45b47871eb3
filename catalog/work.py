"""Work items: claimed by compare-and-set under a lease with a fencing token; the queue of the product.

A claim that is lost (lease expired, item claimed by another) cannot commit: `finish` checks the token in the same
transaction as the step's result. An item whose worker dies again and again is poison and is set aside with its cause.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, delete, insert, select, text, true, update

from catalog import chores
from catalog.catalogue import Transaction
from catalog.partial import CLAIMED, READY
from catalog.schema import dossier, intake, stamp, work_item
from dossier.errors import Code
from dossier.model import WorkItem
from dossier.states import Priority, Step, WorkState

LEASE_SECONDS = 10.0
MAX_CRASHES = 8
"""So often may a worker die over one item before it counts as poison: pulled plugs must not condemn a good page."""
_PATIENT_CRASHES, _SECONDS_A_CRASH = 3, 1.0
RECEIVE_AHEAD = 200  # pages
_AT_ONCE = 5000  # subjects a statement


EXPIRED = "leases_expired"
_UNDONE = (WorkState.READY.value, WorkState.CLAIMED.value, WorkState.QUARANTINED.value)


# Built once: making these expressions anew takes longer than SQLite takes to answer them.
_PAGES_AHEAD = (
    select(work_item.c.id)
    .where(READY, work_item.c.step == Step.READ.value)
    .order_by(work_item.c.priority, work_item.c.id)
    .limit(RECEIVE_AHEAD)
)
_NEXT_OF = (
    select(work_item.c.id, work_item.c.priority)
    .where(
        READY,
        work_item.c.step == bindparam("of_step"),
        work_item.c.run_after <= bindparam("now"),
        work_item.c.place.in_(("", bindparam("at_place"))),
    )
    .order_by(work_item.c.priority, work_item.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)

_NEVER_SORT = text("SET LOCAL enable_sort = off")

_CLEAN: dict[str, Any] = {
    "state": WorkState.READY.value,
    "run_after": 0,
    "attempts": 0,
    "crashes": 0,
    "bugs": 0,
    "error": "",
    "detail": "",
}
"""What an item is set to that shall run again as if it had never run."""


class LostLease(Exception):  # noqa: N818 - reads as what happened
    """Another worker owns the item now: nothing of this step may be committed."""


def enqueue(tx: Transaction, step: Step, subjects: Iterable[str], intake_id: str, at: datetime) -> None:
    """Make a work item ready for each subject; one that exists already is left as it is.

    Items have the priority of their delivery; receiving is for workers at the place of its folder only.
    """
    wanted = iter(subjects)
    origin = tx.execute(select(intake.c.priority, intake.c.place).where(intake.c.id == intake_id)).first()
    new = {
        "step": step.value,
        "intake_id": intake_id,
        "state": WorkState.READY.value,
        "priority": origin.priority if origin else 0,
        "place": origin.place if origin and step is Step.RECEIVE else "",
        "created_at": stamp(at),
        "changed_at": stamp(at),
    }
    while some := list(islice(wanted, _AT_ONCE)):
        known = select(work_item.c.subject).where(work_item.c.step == step.value, work_item.c.subject.in_(some))
        there = set(tx.execute(known).scalars())
        rows = [{**new, "subject": subject} for subject in some if subject not in there]
        if rows:
            tx.execute(insert(work_item), rows)


def claim(tx: Transaction, worker: str, steps: Collection[Step], now: datetime, place: str = "") -> WorkItem | None:
    """Take the next ready item of the given steps under a lease, or return None when there is none.

    Who waits at a counter goes before the backlog; among equals later steps go first, so that a dossier that is
    nearly done is finished before a new one is begun. Only receiving runs ahead of reading by some pages: workers
    never lack pages, progress knows how many there are, and the holding area does not fill up with a whole backlog.
    While the installation is drained nothing is given out.
    """
    if chores.draining(tx):
        return None
    read_in_order(tx)
    chosen: int | None = None
    first: int | None = None
    for step in _order(tx, steps):
        sought = {"of_step": step.value, "now": now.timestamp(), "at_place": place}
        candidate = tx.execute(_NEXT_OF, sought).first()
        if candidate is not None and (first is None or candidate.priority < first):
            chosen, first = candidate.id, candidate.priority
    if chosen is None:
        return None
    row = tx.execute(
        update(work_item)
        .where(work_item.c.id == chosen, work_item.c.state == WorkState.READY.value)
        .values(
            state=WorkState.CLAIMED.value,
            worker=worker,
            lease_until=now.timestamp() + LEASE_SECONDS,
            token=work_item.c.token + 1,
            attempts=work_item.c.attempts + 1,
            changed_at=stamp(now),
        )
        .returning(work_item)
    ).first()
    return item_of(row) if row else None


def read_in_order(tx: Transaction) -> None:
    """Let this transaction read ready items off the index that has them in order of urgency.

    Until PostgreSQL has counted anew after a large delivery it expects a handful of ready items; it then fetches and
    sorts all hundred thousand of them for each claim.
    """
    if tx.dialect.name != "sqlite":
        tx.execute(_NEVER_SORT)


def lock_dossier_of(tx: Transaction, item: WorkItem) -> None:
    """Let the writers about one dossier take turns (PostgreSQL; SQLite has one writer at a time anyway)."""
    if tx.dialect.name != "sqlite":
        own = select(intake.c.dossier_id).join(work_item, work_item.c.intake_id == intake.c.id)
        found = own.where(work_item.c.id == item.id).scalar_subquery()
        tx.execute(select(dossier.c.id).where(dossier.c.id == found).with_for_update())


def renew(tx: Transaction, item: WorkItem, now: datetime) -> bool:
    """Prolong a lease; return False when it is no longer ours."""
    done = tx.execute(update(work_item).where(*_held(item)).values(lease_until=now.timestamp() + LEASE_SECONDS))
    return done.rowcount == 1


def still_held(tx: Transaction, item: WorkItem) -> None:
    """Raise LostLease unless the claim is still ours: for what a step commits before its end."""
    held = tx.execute(select(work_item.c.id).where(*_held(item)).with_for_update()).first()
    if held is None:
        raise _lost(item)


def finish(tx: Transaction, item: WorkItem, now: datetime) -> None:
    """Mark a claimed item done.

    Raises:
        LostLease: The claim is no longer ours; the caller's transaction must not commit.
    """
    _settle(tx, item, now, state=WorkState.DONE.value, error="", detail="")


def postpone(tx: Transaction, item: WorkItem, now: datetime, seconds: float, cause: tuple[Code, str]) -> None:
    """Give a claimed item back to be tried after some seconds, with code and detail of the wait."""
    _settle(
        tx,
        item,
        now,
        state=WorkState.READY.value,
        run_after=now.timestamp() + seconds,
        error=cause[0].value,
        detail=cause[1],
    )


def count_bug(tx: Transaction, item: WorkItem) -> int:
    """Note that a claimed item made its step fail for no known reason; return how often it has by now."""
    counted = update(work_item).where(*_held(item)).values(bugs=work_item.c.bugs + 1)
    row = tx.execute(counted.returning(work_item.c.bugs)).first()
    if row is None:
        raise _lost(item)
    return int(row.bugs)


def quarantine(tx: Transaction, item: WorkItem, now: datetime, code: Code, detail: str) -> None:
    """Set a claimed item aside with its cause until a person deals with it."""
    _settle(tx, item, now, state=WorkState.QUARANTINED.value, error=code.value, detail=detail)


def hasten(tx: Transaction, codes: Collection[Code] = ()) -> None:
    """Make items that were put off due at once: somebody asks for them, or what they wait for (`codes`) is back."""
    waiting = (work_item.c.state == WorkState.READY.value, work_item.c.run_after > 0)
    cause = work_item.c.error.in_([code.value for code in codes]) if codes else true()
    tx.execute(update(work_item).where(*waiting, cause).values(run_after=0))


def requeue(tx: Transaction, item: WorkItem, now: datetime) -> None:
    """Make an item that was set aside ready again, with a clean record."""
    tx.execute(
        update(work_item)
        .where(work_item.c.id == item.id, work_item.c.state == WorkState.QUARANTINED.value)
        .values(**_CLEAN, changed_at=stamp(now))
    )


def remove(tx: Transaction, item: WorkItem) -> None:
    """Forget an item that was set aside: its step is enqueued anew when the one before it has been done again."""
    tx.execute(delete(work_item).where(work_item.c.id == item.id, work_item.c.state == WorkState.QUARANTINED.value))


def again(tx: Transaction, step: Step, subject: str, now: datetime) -> None:
    """Make an item ready once more that was done or cancelled: what it worked on has changed since."""
    over = work_item.c.state.in_((WorkState.DONE.value, WorkState.CANCELLED.value))
    tx.execute(
        update(work_item)
        .where(work_item.c.step == step.value, work_item.c.subject == subject, over)
        .values(**_CLEAN, changed_at=stamp(now))
    )


def hand_over(tx: Transaction, item: WorkItem, now: datetime, place: str) -> None:
    """Give a claimed item to the workers at one place, who do it first of all.

    Raises:
        LostLease: The claim is no longer ours.
    """
    _settle(tx, item, now, state=WorkState.READY.value, run_after=0, place=place, priority=int(Priority.ALARM))


def revive(tx: Transaction, step: Step, subject: str, now: datetime, place: str = "") -> None:
    """Make an item ready again whatever became of it, for the workers at one place, who do it first of all."""
    tx.execute(
        update(work_item)
        .where(work_item.c.step == step.value, work_item.c.subject == subject)
        .values(
            state=WorkState.READY.value,
            place=place,
            priority=int(Priority.ALARM),
            run_after=0,
            worker="",
            lease_until=0,
            token=work_item.c.token + 1,
            error="",
            detail="",
            changed_at=stamp(now),
        )
    )


def cancel_intake(tx: Transaction, intake_id: str, now: datetime, *, but: WorkItem | None = None) -> None:
    """Cancel whatever of a delivery is not done, except one item; running steps lose their lease."""
    _cancel(tx, now, work_item.c.intake_id == intake_id, work_item.c.id != (but.id if but else 0))


def cancel_subject(tx: Transaction, steps: Collection[Step], subject: str, now: datetime) -> None:
    """Cancel whatever of these steps is not done for one subject."""
    _cancel(tx, now, work_item.c.step.in_([step.value for step in steps]), work_item.c.subject == subject)


def cancel_item(tx: Transaction, item: WorkItem, now: datetime) -> None:
    """Cancel one item that is not done."""
    _cancel(tx, now, work_item.c.id == item.id)


def release(tx: Transaction, worker_prefix: str, now: datetime, *, crashed: bool) -> int:
    """Make the claims of dead workers ready again; return how many.

    `crashed` tells whether the item may be what killed its worker. After some crashes it is given out more slowly;
    who claims one with `MAX_CRASHES` sets it aside as poison.
    """
    return _free(tx, work_item.c.worker.startswith(worker_prefix), now, crashed=crashed)


def release_expired(tx: Transaction, now: datetime) -> int:
    """Make claims whose lease ran out ready again, counting a crash for each; return how many."""
    count = _free(tx, work_item.c.lease_until < now.timestamp(), now, crashed=True)
    if count:
        chores.count(tx, EXPIRED, count)
    return count


def _order(tx: Transaction, steps: Collection[Step]) -> list[Step]:
    late_first = [step for step in reversed(Step) if step in steps]
    if Step.RECEIVE not in steps:
        return late_first
    enough = len(tx.execute(_PAGES_AHEAD).all()) == RECEIVE_AHEAD
    return late_first if enough else sorted(late_first, key=lambda step: step is not Step.RECEIVE)


def _settle(tx: Transaction, item: WorkItem, now: datetime, **values: Any) -> None:  # noqa: ANN401 - column values
    done = tx.execute(
        update(work_item).where(*_held(item)).values(worker="", lease_until=0, changed_at=stamp(now), **values)
    )
    if done.rowcount != 1:
        raise _lost(item)


def _held(item: WorkItem) -> tuple[Any, ...]:
    return (
        work_item.c.id == item.id,
        work_item.c.token == item.token,
        work_item.c.state == WorkState.CLAIMED.value,
    )


def _free(tx: Transaction, condition: ColumnElement[bool], now: datetime, *, crashed: bool) -> int:
    crashes = work_item.c.crashes + int(crashed)
    slowly = (crashes > _PATIENT_CRASHES) & (crashes < MAX_CRASHES)
    # What its owner is committing at this moment is not free, and is not waited for.
    held = select(work_item.c.id).where(CLAIMED, condition)
    freed = tx.execute(
        update(work_item)
        .where(work_item.c.id.in_(held.order_by(work_item.c.id).with_for_update(skip_locked=True)))
        .values(
            state=WorkState.READY.value,
            crashes=crashes,
            run_after=case((slowly, now.timestamp() + _SECONDS_A_CRASH * crashes), else_=work_item.c.run_after),
            worker="",
            lease_until=0,
            token=work_item.c.token + 1,
            changed_at=stamp(now),
        )
    )
    return freed.rowcount


def _cancel(tx: Transaction, now: datetime, *conditions: ColumnElement[bool]) -> None:
    tx.execute(
        update(work_item)
        .where(work_item.c.state.in_(_UNDONE), *conditions)
        .values(state=WorkState.CANCELLED.value, token=work_item.c.token + 1, changed_at=stamp(now))
    )


def _lost(item: WorkItem) -> LostLease:
    return LostLease(f"work item {item.id} token {item.token}")


def item_of(row: Row[Any]) -> WorkItem:
    """Return a row as a work item."""
    return WorkItem(
        row.id,
        Step(row.step),
        row.subject,
        WorkState(row.state),
        row.priority,
        row.token,
        row.attempts,
        row.crashes,
        row.worker,
        row.error,
        row.detail,
    )
