"""Stacks and their parts, as long as their spool has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from catalog.catalogue import Transaction
from catalog.columns import moment, stamp
from catalog.inserting import insert_into
from catalog.stack_tables import stack, stack_part
from dossier.stacks import DiscardReason, Doubt, Part, PartState, StackPage


@dataclass(frozen=True, slots=True)
class StackFile:
    """One file of a stack as it was received: name, lower-case hex SHA-256, number of pages.

    `collated` says in which order its pages were taken to be: a value of `Collation`.
    """

    name: str
    sha256: str
    pages: int
    collated: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """What was scanned as one.

    Attributes:
        id: Made of its files' digests.
        account_id: Who brought it.
        folder: Where it lay.
        files: In order.
        place: The host whose spool has its parts.
        taken_at: When.
    """

    id: str
    account_id: str
    folder: str
    files: tuple[StackFile, ...]
    place: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class StackPart:
    """One part of a stack, by its position from 1, and how far it is."""

    stack_id: str
    position: int
    part: Part
    state: PartState
    hand_over_id: str = ""


def add(tx: Transaction, own: Stack, parts: Sequence[StackPart]) -> bool:
    """Record a stack with its parts; False when it is recorded already."""
    files = [[each.name, each.sha256, each.pages, each.collated] for each in own.files]
    values = {name: getattr(own, name) for name in ("id", "account_id", "folder", "place")}
    row = insert_into(tx, stack).values(**values, files=files, taken_at=stamp(own.taken_at))
    if tx.execute(row.on_conflict_do_nothing().returning(stack.c.id)).first() is None:
        return False
    if parts:
        tx.execute(insert(stack_part), [_values(each) for each in parts])
    return True


def find(tx: Transaction, stack_id: str) -> Stack | None:
    """Return a stack, or None."""
    row = tx.execute(select(stack).where(stack.c.id == stack_id)).first()
    return None if row is None else _stack(row)


def parts(tx: Transaction, stack_id: str) -> list[StackPart]:
    """Return the parts of a stack in order."""
    own = select(stack_part).where(stack_part.c.stack_id == stack_id)
    return [_part(row) for row in tx.execute(own.order_by(stack_part.c.position))]


def in_state(tx: Transaction, state: PartState, place: str, most: int) -> list[StackPart]:
    """Return parts of one host in a state, the oldest stacks first."""
    own = (stack_part.c.state == state.value) & (stack.c.place == place)
    query = select(stack_part).join(stack, stack.c.id == stack_part.c.stack_id).where(own)
    ordered = query.order_by(stack.c.taken_at, stack_part.c.stack_id, stack_part.c.position)
    return [_part(row) for row in tx.execute(ordered.limit(most))]


def decide(tx: Transaction, own: StackPart, code: str, component: str, by: str) -> bool:
    """Record where a waiting part belongs; False when it waits no more."""
    values = {"code": code, "component": component, "decided_by": by, "state": PartState.DECIDED.value}
    return _moved(tx, own, PartState.WAITING, values)


def discard(tx: Transaction, own: StackPart, reason: DiscardReason, by: str) -> bool:
    """Record that a waiting part belongs nowhere; False when it waits no more.

    The reason stands where the component of other parts does.
    """
    values = {"code": "", "component": reason.value, "decided_by": by, "state": PartState.DISCARDED.value}
    return _moved(tx, own, PartState.WAITING, values)


def count_waiting(tx: Transaction, place: str | None = None) -> int:
    """Return how many parts wait for a person, on one host or on all."""
    query = (
        select(func.count()).select_from(stack_part.join(stack)).where(stack_part.c.state == PartState.WAITING.value)
    )
    return int(tx.execute(query if place is None else query.where(stack.c.place == place)).scalar_one())


def hand_over(tx: Transaction, own: StackPart, hand_over_id: str) -> bool:
    """Record that a part was handed over; False when that was recorded before."""
    return _moved(tx, own, PartState.DECIDED, {"hand_over_id": hand_over_id, "state": PartState.HANDED_OVER.value})


def put_off(tx: Transaction, own: StackPart, doubt: Doubt) -> bool:
    """Put a part that was decided in front of a person again."""
    return _moved(tx, own, PartState.DECIDED, {"doubt": doubt.value, "state": PartState.WAITING.value})


def _moved(tx: Transaction, own: StackPart, state: PartState, values: dict[str, Any]) -> bool:
    same = (stack_part.c.stack_id == own.stack_id) & (stack_part.c.position == own.position)
    return tx.execute(update(stack_part).where(same, stack_part.c.state == state.value).values(**values)).rowcount == 1


def _values(own: StackPart) -> dict[str, Any]:
    part = own.part
    return {
        "stack_id": own.stack_id,
        "position": own.position,
        "code": part.code,
        "component": part.component,
        "doubt": part.doubt.value,
        "state": own.state.value,
        "separators": [[page.file, page.number] for page in part.separators],
        "pages": [[page.file, page.number] for page in part.pages],
    }


def _stack(row: Row[Any]) -> Stack:
    files = tuple(StackFile(*each) for each in row.files)
    return Stack(row.id, row.account_id, row.folder, files, row.place, moment(row.taken_at))


def _part(row: Row[Any]) -> StackPart:
    separators, pages = (tuple(StackPage(*each) for each in listed) for listed in (row.separators, row.pages))
    part = Part(separators, pages, row.code, row.component, Doubt(row.doubt))
    return StackPart(row.stack_id, row.position, part, PartState(row.state), row.hand_over_id)
