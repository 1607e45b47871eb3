"""Batches that a person has prepared for the token: which documents, each by the digest of the file that was shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from catalog.catalogue import Transaction
from catalog.partial import QUARANTINED, READY
from catalog.schema import (
    document,
    dossier,
    moment,
    signing_batch,
    signing_batch_item,
    signing_request,
    stamp,
    work_item,
)
from catalog.signing_list import RequestState
from dossier.states import ON_SIGNING_LIST, DocumentState, SignerRole, Step


@dataclass(frozen=True, slots=True)
class Batch:
    """A prepared batch.

    Attributes:
        id: What the page and the agent call it.
        account_id: Who prepared it.
        role: In whose name it is to be signed.
        created_at: When it was prepared.
        expires_at: A session has to take it before.
        session_id: The session that took it; empty before that.
        closed: Given back by a person before it was taken.
    """

    id: str
    account_id: str
    role: SignerRole
    created_at: datetime
    expires_at: datetime
    session_id: str = ""
    closed: bool = False

    def open_at(self, now: datetime) -> bool:
        """Return whether a session may still take it."""
        return not self.session_id and not self.closed and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Item:
    """A document of a batch; `state` and `code` are what its session has said of it, None where it said nothing."""

    document_id: str
    unsigned: str
    state: RequestState | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """So many documents wait to be signed for one cause; `code` is empty where nothing has been tried yet."""

    state: DocumentState
    code: str
    count: int
    oldest: datetime


def add(tx: Transaction, batch: Batch, items: Iterable[Item]) -> None:
    """Record a batch with its documents, in their order."""
    values = {
        "id": batch.id,
        "account_id": batch.account_id,
        "role": batch.role.value,
        "created_at": stamp(batch.created_at),
        "expires_at": stamp(batch.expires_at),
    }
    tx.execute(insert(signing_batch).values(values))
    rows = [
        {"batch_id": batch.id, "document_id": each.document_id, "position": position, "unsigned": each.unsigned}
        for position, each in enumerate(items)
    ]
    tx.execute(insert(signing_batch_item), rows)


def of_account(tx: Transaction, account_id: str, role: SignerRole, most: int) -> list[Batch]:
    """Return the newest batches that somebody has prepared, newest first."""
    own = (signing_batch.c.account_id == account_id) & (signing_batch.c.role == role.value)
    rows = tx.execute(select(signing_batch).where(own).order_by(signing_batch.c.created_at.desc()).limit(most))
    return [_batch(row) for row in rows]


def find(tx: Transaction, batch_id: str) -> Batch | None:
    """Return a batch, or None."""
    row = tx.execute(select(signing_batch).where(signing_batch.c.id == batch_id)).first()
    return _batch(row) if row is not None else None


def next_open(tx: Transaction, role: SignerRole, now: datetime) -> Batch | None:
    """Return the batch of a role that was prepared first and that no session has taken; None where there is none."""
    untaken = (signing_batch.c.session_id == "") & (signing_batch.c.closed_at == "")
    rows = tx.execute(
        select(signing_batch)
        .where(untaken & (signing_batch.c.expires_at > stamp(now)), signing_batch.c.role == role.value)
        .order_by(signing_batch.c.created_at)
        .limit(1)
    )
    row = rows.first()
    return _batch(row) if row is not None else None


def take(tx: Transaction, batch_id: str, session_id: str) -> bool:
    """Give a batch to a session; False when another one has it."""
    free = (signing_batch.c.id == batch_id) & (signing_batch.c.session_id == "") & (signing_batch.c.closed_at == "")
    return tx.execute(update(signing_batch).where(free).values(session_id=session_id)).rowcount == 1


def close(tx: Transaction, batch_id: str, at: datetime) -> None:
    """Give back a batch that no session has taken: its documents may be chosen again."""
    free = (signing_batch.c.id == batch_id) & (signing_batch.c.session_id == "")
    tx.execute(update(signing_batch).where(free).values(closed_at=stamp(at)))


def items(tx: Transaction, batch: Batch) -> list[Item]:
    """Return the documents of a batch with what its session said of each, in their order."""
    said = (signing_request.c.session_id == batch.session_id) & (
        signing_request.c.document_id == signing_batch_item.c.document_id
    )
    rows = tx.execute(
        select(
            signing_batch_item.c.document_id,
            signing_batch_item.c.unsigned,
            signing_request.c.state,
            signing_request.c.code,
        )
        .outerjoin(signing_request, said)
        .where(signing_batch_item.c.batch_id == batch.id)
        .order_by(signing_batch_item.c.position)
    )
    return [
        Item(row.document_id, row.unsigned, RequestState(row.state) if row.state else None, row.code or "")
        for row in rows
    ]


def causes(tx: Transaction, units: Iterable[str] | None) -> list[Cause]:
    """Return what present documents wait for before they are signed, and those that were set aside over it.

    Args:
        tx: A transaction.
        units: Only of dossiers that these units received; None: of all.
    """
    listed = document.c.state.in_([state.value for state in ON_SIGNING_LIST]) & READY
    aside = (document.c.state == DocumentState.QUARANTINED.value) & QUARANTINED
    query = (
        select(document.c.state, work_item.c.error, func.count(), func.min(work_item.c.created_at))
        .join(work_item, work_item.c.subject == document.c.id)
        .join(dossier, dossier.c.id == document.c.dossier_id)
        .where(work_item.c.step == Step.SIGN.value, document.c.superseded_by == "", listed | aside)
        .group_by(document.c.state, work_item.c.error)
        .order_by(document.c.state, work_item.c.error)
    )
    rows = tx.execute(query if units is None else query.where(dossier.c.unit.in_(sorted(units))))
    return [Cause(DocumentState(state), error, count, moment(oldest)) for state, error, count, oldest in rows]


def _batch(row: Row[Any]) -> Batch:
    return Batch(
        row.id,
        row.account_id,
        SignerRole(row.role),
        moment(row.created_at),
        moment(row.expires_at),
        row.session_id,
        bool(row.closed_at),
    )
