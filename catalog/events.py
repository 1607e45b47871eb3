"""The event chain of each dossier: append-only, each link holds the digest of the one before.

Payloads carry ids and digests, never names or values, so that the chain can be shown to anybody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import insert, select

from catalog.catalogue import Transaction
from catalog.schema import event_link, moment, stamp
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
    body = {
        "dossier": dossier_id,
        "sequence": sequence,
        "at": stamp(at),
        "actor": actor,
        "kind": kind,
        "payload": dict(payload),
        "previous": previous,
    }
    digest = of_bytes(canonical(body))
    tx.execute(
        insert(event_link).values(
            dossier_id=dossier_id,
            sequence=sequence,
            at=body["at"],
            actor=actor,
            kind=kind,
            payload=canonical(payload).decode(),
            previous=previous,
            digest=digest,
        )
    )
    return Event(dossier_id, sequence, at, actor, kind, dict(payload), previous, digest)


def chain(tx: Transaction, dossier_id: str) -> Iterator[Event]:
    """Yield a dossier's events in order."""
    rows = tx.execute(select(event_link).where(event_link.c.dossier_id == dossier_id).order_by(event_link.c.sequence))
    for row in rows:
        yield Event(
            row.dossier_id,
            row.sequence,
            moment(row.at),
            row.actor,
            row.kind,
            json.loads(row.payload),
            row.previous,
            row.digest,
        )


def check_chain(tx: Transaction, dossier_id: str) -> str:
    """Recompute a dossier's chain and return its head digest.

    Raises:
        Rejected(EVENT_CHAIN_BROKEN): A link was changed, removed or inserted; the subject names the first bad one.
    """
    previous, expected = GENESIS, 1
    for link in chain(tx, dossier_id):
        body = {
            "dossier": dossier_id,
            "sequence": link.sequence,
            "at": stamp(link.at),
            "actor": link.actor,
            "kind": link.kind,
            "payload": link.payload,
            "previous": previous,
        }
        if link.sequence != expected or link.previous != previous or link.digest != of_bytes(canonical(body)):
            raise Rejected(Code.EVENT_CHAIN_BROKEN, f"link {expected}", subject=dossier_id)
        previous, expected = link.digest, expected + 1
    return previous
