"""Requests to use a record that is out of reach (phiếu yêu cầu khai thác), and what was granted of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from catalog.catalogue import Transaction
from catalog.schema import dossier, moment, stamp, use_grant, use_request


class UseState(StrEnum):
    """The life of a request."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by who asked
    ENDED = "ended"  # by an approver, before its time


@dataclass(frozen=True, slots=True)
class UseRequest:
    """A request.

    Attributes:
        id: Its id.
        account_id: Who asks.
        code: Dossier as asked for, normalised; there may be none of that code.
        wanted: Which papers of it, in the words of who asks.
        purpose: What for.
        days: For how long.
        copies: Whether copies are asked for too.
        asked_at: When.
        state: How far it is.
        decided_by: Account that decided; empty before.
        decided_at: When that was; None before.
        reason: What the approver said.
    """

    id: str
    account_id: str
    code: str
    wanted: str
    purpose: str
    days: int
    copies: bool
    asked_at: datetime
    state: UseState = UseState.ASKED
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """That an account may read a document, and copy it where `copies`, before a moment."""

    request_id: str
    document_id: str
    account_id: str
    copies: bool
    until: datetime


def add(tx: Transaction, asked: UseRequest) -> None:
    """Record a request."""
    values = {
        name: getattr(asked, name) for name in ("id", "account_id", "code", "wanted", "purpose", "days", "copies")
    }
    tx.execute(insert(use_request).values(**values, asked_at=stamp(asked.asked_at), state=asked.state.value))


def find(tx: Transaction, request_id: str, *, lock: bool = False) -> UseRequest | None:
    """Return a request, or None; a transaction that decides it locks it against another that would."""
    query = select(use_request).where(use_request.c.id == request_id)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return _request(row) if row is not None else None


def of_account(tx: Transaction, account_id: str, most: int) -> list[UseRequest]:
    """Return somebody's newest requests, newest first."""
    query = select(use_request).where(use_request.c.account_id == account_id)
    return [_request(row) for row in tx.execute(query.order_by(use_request.c.asked_at.desc()).limit(most))]


def count_asked(tx: Transaction, account_id: str) -> int:
    """Return how many requests of an account nobody has decided."""
    own = (use_request.c.account_id == account_id) & (use_request.c.state == UseState.ASKED.value)
    return tx.execute(select(func.count()).select_from(use_request).where(own)).scalar_one()


def in_state(tx: Transaction, state: UseState, units: Iterable[str] | None, most: int) -> list[UseRequest]:
    """Return requests in a state, oldest first.

    Args:
        tx: A transaction.
        state: Which.
        units: Only for dossiers that these units received; None: for all, and for those that there are not.
        most: So many at most.
    """
    query = select(use_request).where(use_request.c.state == state.value)
    if units is not None:
        query = query.join(dossier, dossier.c.code == use_request.c.code).where(dossier.c.unit.in_(sorted(units)))
    return [_request(row) for row in tx.execute(query.order_by(use_request.c.asked_at).limit(most))]


def settle(tx: Transaction, request_id: str, state: UseState, by: str, at: datetime, reason: str = "") -> None:
    """Record what became of a request."""
    values = {"state": state.value, "decided_by": by, "decided_at": stamp(at), "reason": reason}
    tx.execute(update(use_request).where(use_request.c.id == request_id).values(**values))


def grant(tx: Transaction, grants: Iterable[Grant], at: datetime) -> None:
    """Record what an account may see from now on."""
    for each in grants:
        values = {"request_id": each.request_id, "document_id": each.document_id, "account_id": each.account_id}
        tx.execute(
            insert(use_grant).values(**values, copies=each.copies, granted_at=stamp(at), until=stamp(each.until))
        )


def end(tx: Transaction, request_id: str, at: datetime) -> None:
    """End what was granted to a request."""
    own = (use_grant.c.request_id == request_id) & (use_grant.c.until > stamp(at))
    tx.execute(update(use_grant).where(own).values(until=stamp(at)))


def grants_of(tx: Transaction, request_id: str) -> list[Grant]:
    """Return what was granted to a request."""
    rows = tx.execute(select(use_grant).where(use_grant.c.request_id == request_id).order_by(use_grant.c.document_id))
    return [_grant(row) for row in rows]


def live_grant(tx: Transaction, account_id: str, document_id: str, now: datetime) -> Grant | None:
    """Return the grant by which an account may see a document now: one with copies first, then the longest; or None."""
    own = (use_grant.c.account_id == account_id) & (use_grant.c.document_id == document_id)
    rows = tx.execute(
        select(use_grant)
        .where(own, use_grant.c.until > stamp(now))
        .order_by(use_grant.c.copies.desc(), use_grant.c.until.desc())
        .limit(1)
    )
    row = rows.first()
    return _grant(row) if row is not None else None


def _grant(row: Row[Any]) -> Grant:
    return Grant(row.request_id, row.document_id, row.account_id, bool(row.copies), moment(row.until))


def _request(row: Row[Any]) -> UseRequest:
    return UseRequest(
        row.id,
        row.account_id,
        row.code,
        row.wanted,
        row.purpose,
        row.days,
        bool(row.copies),
        moment(row.asked_at),
        UseState(row.state),
        row.decided_by,
        moment(row.decided_at) if row.decided_at else None,
        row.reason,
    )
