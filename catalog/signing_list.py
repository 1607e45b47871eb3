"""The signing list: what waits for a key that is elsewhere, who took it, and what came back.

A session takes requests for a limited time; what it does not bring back in time is on the list again. A request is
known by the document and the digest of the file that was put on the list, so a signature is collected once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, false, func, insert, select, update

from catalog.catalogue import Transaction, take_turn
from catalog.partial import READY
from catalog.schema import (
    document,
    dossier,
    moment,
    rendition,
    signing_batch,
    signing_batch_item,
    signing_request,
    signing_session,
    stamp,
    work_item,
)
from dossier.states import ON_SIGNING_LIST, SignerRole, Step, WorkState

_TURN = "signing list"


class RequestState(StrEnum):
    """The life of one request."""

    OFFERED = "offered"  # a session has its digest
    COLLECTED = "collected"  # its CMS has come back and was found good
    FAILED = "failed"  # it came back without, or with one that is none


@dataclass(frozen=True, slots=True)
class Session:
    """One opening of a token.

    `certificate` is the SHA-256 of the signer's, who signs in `role`; `most` bounds how many it may sign.
    """

    id: str
    certificate: str
    role: SignerRole
    most: int
    opened_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """One document to be signed in a session; `at` is the time of signing that its draft shows."""

    id: str
    session_id: str
    document_id: str
    unsigned: str
    digest: str
    algorithm: str
    at: datetime
    state: RequestState
    cms: bytes
    code: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document on the list."""

    document_id: str
    kind: str
    unsigned: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the list: that of one role.

    `officer_first` says whether a document needs the signature of the officer who compared before the agency's.
    `batch` is a prepared batch: only its documents, while the files are those that were chosen. `units` are those that
    received the dossiers, None for all. `unprepared` leaves out what is in a batch that a session may still take.
    """

    role: SignerRole
    officer_first: bool
    batch: str = ""
    units: frozenset[str] | None = None
    unprepared: bool = False

    def narrowed(self, now: datetime) -> list[ColumnElement[bool]]:
        """Return the conditions of batch and units."""
        found: list[ColumnElement[bool]] = []
        chosen = (signing_batch_item.c.document_id == document.c.id) & (
            signing_batch_item.c.unsigned == rendition.c.sha256
        )
        if self.batch:
            found.append(exists().where(chosen, signing_batch_item.c.batch_id == self.batch))
        if self.unprepared:
            untaken = (signing_batch.c.session_id == "") & (signing_batch.c.closed_at == "")
            still = untaken & (signing_batch.c.expires_at > stamp(now))
            found.append(~exists().where(chosen, signing_batch_item.c.batch_id == signing_batch.c.id, still))
        if self.units is not None:
            own = (dossier.c.id == document.c.dossier_id) & dossier.c.unit.in_(sorted(self.units))
            found.append(exists().where(own))
        return found

    def of_form(self) -> ColumnElement[bool]:
        """Return the condition on the stored form that this role would sign now."""
        compared = rendition.alias("compared")
        is_compared = exists().where(compared.c.document_id == document.c.id, compared.c.role == "compared")
        first = (rendition.c.role == "unsigned") & ~is_compared
        second = rendition.c.role == "compared"
        if self.role is SignerRole.OFFICER:
            return first if self.officer_first else false()
        return second if self.officer_first else first | second


def take_list_turn(tx: Transaction) -> None:
    """Wait until whoever else is giving out documents of the list has committed: each goes to one session or batch."""
    take_turn(tx, _TURN)


def waiting(
    tx: Transaction, now: datetime, most: int, wanted: Wanted, only: Sequence[str] | None = None
) -> list[Waiting]:
    """Return documents that wait for a signature and that no open session has: those that never failed, then by age.

    Args:
        tx: A transaction.
        now: When.
        most: So many at most.
        wanted: Which part of the list.
        only: Only these documents; None: any.
    """
    narrowed = wanted.narrowed(now)
    if only is not None:
        narrowed.append(document.c.id.in_(list(only)))
    failed = (
        select(func.count())
        .select_from(signing_request)
        .where(signing_request.c.document_id == document.c.id, signing_request.c.state == RequestState.FAILED.value)
    )
    taken = (
        select(signing_request.c.id)
        .join(signing_session, signing_session.c.id == signing_request.c.session_id)
        .where(
            signing_request.c.document_id == document.c.id,
            signing_session.c.role == wanted.role.value,
            (signing_request.c.state == RequestState.COLLECTED.value)
            | (
                (signing_request.c.state == RequestState.OFFERED.value)
                & (signing_session.c.closed_at == "")
                & (signing_session.c.expires_at > stamp(now))
            ),
        )
    )
    rows = tx.execute(
        select(document.c.id, document.c.kind, rendition.c.sha256)
        .join(work_item, work_item.c.subject == document.c.id)
        .join(rendition, rendition.c.document_id == document.c.id)
        .where(
            READY,
            work_item.c.step == Step.SIGN.value,
            wanted.of_form(),
            document.c.state.in_([state.value for state in ON_SIGNING_LIST]),
            ~exists(taken),
            *narrowed,
        )
        .order_by(failed.scalar_subquery(), work_item.c.priority, work_item.c.id)
        .limit(most)
    )
    return [Waiting(row.id, row.kind, row.sha256) for row in rows]


def open_session(tx: Transaction, session: Session) -> None:
    """Record a session."""
    values = {
        "id": session.id,
        "certificate": session.certificate,
        "role": session.role.value,
        "most": session.most,
        "opened_at": stamp(session.opened_at),
        "expires_at": stamp(session.expires_at),
    }
    tx.execute(insert(signing_session).values(values))


def offer(tx: Transaction, requests: Iterable[Request]) -> None:
    """Record what a session was given."""
    rows = [
        {
            "id": each.id,
            "session_id": each.session_id,
            "document_id": each.document_id,
            "unsigned": each.unsigned,
            "digest": each.digest,
            "algorithm": each.algorithm,
            "at": stamp(each.at),
            "state": each.state.value,
        }
        for each in requests
    ]
    if rows:
        tx.execute(insert(signing_request), rows)


def session(tx: Transaction, session_id: str, now: datetime) -> Session | None:
    """Return a session that is open at a moment, None for one that is unknown, closed or over."""
    row = tx.execute(
        select(signing_session).where(
            signing_session.c.id == session_id,
            signing_session.c.closed_at == "",
            signing_session.c.expires_at > stamp(now),
        )
    ).first()
    if row is None:
        return None
    return _session(row)


def close_session(tx: Transaction, session_id: str, now: datetime) -> None:
    """End a session: what it did not bring back is on the list again."""
    tx.execute(update(signing_session).where(signing_session.c.id == session_id).values(closed_at=stamp(now)))


def counts(tx: Transaction, session_id: str) -> dict[RequestState, int]:
    """Return how many requests of a session are in each state."""
    rows = tx.execute(
        select(signing_request.c.state, func.count())
        .where(signing_request.c.session_id == session_id)
        .group_by(signing_request.c.state)
    )
    found = {RequestState(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in RequestState}


def request(tx: Transaction, session_id: str, request_id: str, *, lock: bool) -> Request | None:
    """Return a request of a session; a transaction that settles it locks it against another that would."""
    query = select(signing_request).where(
        signing_request.c.id == request_id, signing_request.c.session_id == session_id
    )
    row = tx.execute(query.with_for_update() if lock else query).first()
    return _request(row) if row else None


def collected(tx: Transaction, document_id: str, unsigned: str, role: SignerRole) -> tuple[Request, Session] | None:
    """Return what came back in a role for a document whose waiting file has this digest; None before that."""
    row = tx.execute(
        select(signing_request)
        .join(signing_session, signing_session.c.id == signing_request.c.session_id)
        .where(
            signing_session.c.role == role.value,
            signing_request.c.document_id == document_id,
            signing_request.c.unsigned == unsigned,
            signing_request.c.state == RequestState.COLLECTED.value,
        )
        .order_by(signing_request.c.at)
        .limit(1)
    ).first()
    if row is None:
        return None
    owner = tx.execute(select(signing_session).where(signing_session.c.id == row.session_id)).one()
    return _request(row), _session(owner)


def settle(tx: Transaction, request_id: str, state: RequestState, *, cms: bytes = b"", code: str = "") -> None:
    """Record how a request ended."""
    tx.execute(
        update(signing_request).where(signing_request.c.id == request_id).values(state=state.value, cms=cms, code=code)
    )


def forget(tx: Transaction, document_id: str) -> None:
    """Remove a document's requests: it is signed, by the agency or by the officer before it."""
    tx.execute(delete(signing_request).where(signing_request.c.document_id == document_id))


def forget_unsigned(tx: Transaction, unsigned: str) -> None:
    """Remove the requests over a waiting file: it is to be listed anew."""
    tx.execute(delete(signing_request).where(signing_request.c.unsigned == unsigned))


def wake(tx: Transaction, document_id: str) -> None:
    """Let the document's signing be run at once: what it waited for is there."""
    tx.execute(
        update(work_item)
        .where(
            work_item.c.step == Step.SIGN.value,
            work_item.c.subject == document_id,
            work_item.c.state == WorkState.READY.value,
        )
        .values(run_after=0, attempts=0)
    )


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        certificate=row.certificate,
        role=SignerRole(row.role),
        most=row.most,
        opened_at=moment(row.opened_at),
        expires_at=moment(row.expires_at),
    )


def _request(row: Row[Any]) -> Request:
    return Request(
        id=row.id,
        session_id=row.session_id,
        document_id=row.document_id,
        unsigned=row.unsigned,
        digest=row.digest,
        algorithm=row.algorithm,
        at=moment(row.at),
        state=RequestState(row.state),
        cms=bytes(row.cms or b""),
        code=row.code,
    )
