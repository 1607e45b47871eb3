"""The event chain of each dossier: append-only, each link holds the digest of the one before.

Payloads carry ids and digests, never names or values, so that the chain can be shown to anybody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from catalog.catalogue import Transaction
from catalog.schema import dossier, event_link, moment, stamp
from dossier.digest import canonical, of_bytes
from dossier.errors import Code, Rejected
from dossier.model import Event

GENESIS = "0" * 64


def append(
    tx: Transaction, dossier_id: str, kind: str, at: datetime, payload: Mapping[str, object], *, actor: str = "hososo"
) -> Event:
    """Add one link to a dossier's chain and return it."""
    last = tx.execute(
        select(event_link.c.sequence, event_link.c.digest)
        .where(event_link.c.dossier_id == dossier_id)
        .order_by(event_link.c.sequence.desc())
        .limit(1)
    ).first()
    sequence, previous = (last.sequence + 1, last.digest) if last else (1, GENESIS)
    link = Event(dossier_id, sequence, at, actor, kind, dict(payload), previous)
    link = replace(link, digest=of_bytes(canonical(_body(link, previous))))
    tx.execute(
        insert(event_link).values(
            dossier_id=dossier_id,
            sequence=sequence,
            at=stamp(at),
            actor=actor,
            kind=kind,
            payload=canonical(payload).decode(),
            previous=previous,
            digest=link.digest,
        )
    )
    tx.execute(
        update(dossier).where(dossier.c.id == dossier_id).values(head=link.digest, facts_due=True, portal_due=True)
    )
    return link


def head(tx: Transaction, dossier_id: str) -> str:
    """Return the head digest of a dossier's chain; empty while there is none."""
    return str(tx.execute(select(dossier.c.head).where(dossier.c.id == dossier_id)).scalar_one())


def has(tx: Transaction, dossier_id: str, kind: str, payload: Mapping[str, object]) -> bool:
    """Return whether a dossier's chain has an event of this kind with this payload."""
    found = tx.execute(
        select(event_link.c.id).where(
            event_link.c.dossier_id == dossier_id,
            event_link.c.kind == kind,
            event_link.c.payload == canonical(payload).decode(),
        )
    ).first()
    return found is not None


def chain(tx: Transaction, dossier_id: str) -> Iterator[Event]:
    """Yield a dossier's events in order."""
    rows = tx.execute(select(event_link).where(event_link.c.dossier_id == dossier_id).order_by(event_link.c.sequence))
    for row in rows:
        yield _event(row)


def newest(tx: Transaction, dossier_id: str, most: int, *, before: int | None = None, about: str = "") -> list[Event]:
    """Return the newest events of a dossier, in order.

    Args:
        tx: A transaction.
        dossier_id: Of which dossier.
        most: How many.
        before: Only those before the event of this number.
        about: Only those whose payload names this id.
    """
    query = select(event_link).where(event_link.c.dossier_id == dossier_id)
    if before is not None:
        query = query.where(event_link.c.sequence < before)
    if about:
        query = query.where(event_link.c.payload.contains(f'"{about}"', autoescape=True))
    rows = tx.execute(query.order_by(event_link.c.sequence.desc()).limit(most)).all()
    return [_event(row) for row in reversed(rows)]


def raw_chain(tx: Transaction, dossier_id: str) -> Iterator[dict[str, object]]:
    """Yield the links as they are hashed, each with its digest beside: for export and outside checking."""
    for link in chain(tx, dossier_id):
        yield {**_body(link, link.previous), "digest": link.digest}


def has_digest(tx: Transaction, dossier_id: str, digest: str) -> bool:
    """Return whether a dossier's chain has a link with this digest."""
    found = tx.execute(
        select(event_link.c.id).where(event_link.c.dossier_id == dossier_id, event_link.c.digest == digest)
    ).first()
    return found is not None


def check_chain(tx: Transaction, dossier_id: str) -> str:
    """Recompute a dossier's chain and return its head digest.

    Raises:
        Rejected(EVENT_CHAIN_BROKEN): A link was changed, removed or inserted; the subject names the first bad one.
    """
    previous, expected = GENESIS, 1
    for link in chain(tx, dossier_id):
        digest = of_bytes(canonical(_body(link, previous)))
        if link.sequence != expected or link.previous != previous or link.digest != digest:
            raise Rejected(Code.EVENT_CHAIN_BROKEN, f"link {expected}", subject=dossier_id)
        previous, expected = link.digest, expected + 1
    return previous


def _event(row: Row[Any]) -> Event:
    return Event(
        row.dossier_id,
        row.sequence,
        moment(row.at),
        row.actor,
        row.kind,
        json.loads(row.payload),
        row.previous,
        row.digest,
    )


def _body(link: Event, previous: str) -> dict[str, object]:
    """Return what a link's digest is taken over."""
    return {
        "dossier": link.dossier_id,
        "sequence": link.sequence,
        "at": stamp(link.at),
        "actor": link.actor,
        "kind": link.kind,
        "payload": link.payload,
        "previous": previous,
    }
