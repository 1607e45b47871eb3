"""When the bytes of each stored object were read last, and what was found wrong with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, func, literal, select, tuple_, union_all, update

from catalog.catalogue import Transaction
from catalog.partial import FAULTY
from catalog.schema import moment, stamp, stored_object
from dossier.errors import Code


@dataclass(frozen=True, slots=True)
class Looked:
    """One object and the last look at it. `at`: when it was read, or stored if never read; `fault`: code or empty."""

    sha256: str
    size: int
    at: str
    fault: str


START = ("", "")
"""The place before the first object of `oldest_first`."""


def oldest_first(tx: Transaction, after: tuple[str, str], limit: int) -> list[Looked]:
    """Return the objects behind a place (`at`, `sha256` of the last one seen), the longest unread first."""
    both = union_all(
        select(_run(stored_object.c.created_at, stored_object.c.checked_at == "", after, limit)),
        select(_run(stored_object.c.checked_at, stored_object.c.checked_at > "", after, limit)),
    ).subquery()
    rows = tx.execute(select(both).order_by(both.c.at, both.c.sha256).limit(limit))
    return [_looked(row) for row in rows]


def near(tx: Transaction, digest: str) -> Looked | None:
    """Return the first object from a digest on, going round: a random digest finds a random object."""
    query = select(*_columns(_AT)).order_by(stored_object.c.sha256).limit(1)
    row = tx.execute(query.where(stored_object.c.sha256 >= digest)).first() or tx.execute(query).first()
    return _looked(row) if row else None


def faulty(tx: Transaction, after: str, limit: int) -> list[Looked]:
    """Return objects with a fault, in order of digest from behind `after`."""
    query = select(*_columns(_AT)).where(FAULTY, stored_object.c.sha256 > after)
    return [_looked(row) for row in tx.execute(query.order_by(stored_object.c.sha256).limit(limit))]


def mark_read(tx: Transaction, digests: Collection[str], at: datetime) -> None:
    """Record that objects were read whole and have their digests."""
    tx.execute(update(stored_object).where(stored_object.c.sha256.in_(digests)).values(checked_at=stamp(at), fault=""))


def set_fault(tx: Transaction, sha256: str, fault: Code, at: datetime | None) -> bool:
    """Record what is wrong with an object; return False when it is no longer recorded, so nothing is wrong.

    Args:
        tx: The transaction.
        sha256: The object.
        fault: What was found.
        at: When all of it was read, or found gone; None when it could not be read to its end.
    """
    values = {"fault": fault.value} | ({"checked_at": stamp(at)} if at else {})
    return tx.execute(update(stored_object).where(stored_object.c.sha256 == sha256).values(**values)).rowcount == 1


def faults(tx: Transaction) -> dict[Code, int]:
    """Return how many objects have each fault."""
    query = select(stored_object.c.fault, func.count()).where(FAULTY)
    return {Code(fault): count for fault, count in tx.execute(query.group_by(stored_object.c.fault))}


def oldest_look(tx: Transaction) -> datetime | None:
    """Return when the object that was not read for the longest time was read (or stored); None without objects."""
    found = [at for query in _OLDEST if (at := tx.execute(query).scalar())]
    return moment(min(found)) if found else None


def total(tx: Transaction) -> int:
    """Return how many objects there are."""
    return tx.execute(select(func.count()).select_from(stored_object)).scalar_one()


_OLDEST = (  # built once: this is asked all the time
    select(func.min(stored_object.c.created_at)).where(stored_object.c.checked_at == ""),
    select(func.min(stored_object.c.checked_at)).where(stored_object.c.checked_at > ""),
)
_AT: ColumnElement[str] = func.coalesce(func.nullif(stored_object.c.checked_at, ""), stored_object.c.created_at)


def _run(at: ColumnElement[str], condition: ColumnElement[bool], after: tuple[str, str], limit: int) -> Subquery:
    behind = tuple_(at, stored_object.c.sha256) > tuple_(literal(after[0]), literal(after[1]))
    query = select(*_columns(at)).where(condition, at >= after[0], behind)
    return query.order_by(at, stored_object.c.sha256).limit(limit).subquery()


def _columns(at: ColumnElement[str]) -> tuple[ColumnElement[Any], ...]:
    return stored_object.c.sha256, stored_object.c.size, at.label("at"), stored_object.c.fault


def _looked(row: Row[Any]) -> Looked:
    return Looked(row.sha256, row.size, row.at, row.fault)
