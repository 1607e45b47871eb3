"""Seals over all event chains: root, the heads it covers, and its time stamp.

The root is always over the heads of all chains. What a seal holds of them depends on its form: `FLAT` (before format
2 of the archive) all of them; `ALL` all of them, where no earlier seal can be built upon; `CHANGED` those that are not
what the seals before it hold. So a million dossiers cost a seal no more than what happened since the last one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from catalog import access_segments, events
from catalog.catalogue import Transaction
from catalog.schema import access_segment, claim, dossier, seal
from catalog.streaming import streamed
from dossier.digest import canonical, of_bytes

FLAT, ALL, CHANGED = 1, 2, 3
ACCESS_LOG = "log:access"
"""What stands for the access log among the ids of dossiers, behind all of them; its head is its newest segment."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal.

    `heads` maps dossier ids, and `ACCESS_LOG`, to head digests; `token` is an RFC 3161 token over the root, or None.
    """

    at: str
    root: str
    heads: dict[str, str]
    previous: str
    token: bytes | None
    form: int = CHANGED
    id: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """The head digest of a chain, and the one that the newest seal naming it holds."""

    dossier_id: str
    digest: str
    sealed: str


def add(tx: Transaction, entry: Seal) -> None:
    """Record a seal; its heads count as sealed from now on."""
    tx.execute(
        insert(seal).values(
            at=entry.at,
            root=entry.root,
            heads=entry.heads,
            previous=entry.previous,
            token=entry.token,
            form=entry.form,
        )
    )
    if entry.form != FLAT:
        note_sealed(tx, entry.heads)


def note_sealed(tx: Transaction, heads: Mapping[str, str]) -> None:
    """Note of these chains which head the newest seal that names them holds."""
    marked = update(dossier).where(dossier.c.id == bindparam("of_dossier")).values(sealed=bindparam("head_then"))
    rows = [
        {"of_dossier": dossier_id, "head_then": head} for dossier_id, head in heads.items() if dossier_id != ACCESS_LOG
    ]
    if rows:
        tx.execute(marked, rows)
    if ACCESS_LOG in heads:
        access_segments.note_sealed(tx, heads[ACCESS_LOG])


def forget_sealed(tx: Transaction) -> None:
    """Let the next seal begin anew, over all heads that there are: some that the last one covers are lost."""
    tx.execute(update(dossier).values(sealed=""))
    access_segments.forget_sealed(tx)


def is_due(tx: Transaction) -> bool:
    """Return whether a chain has grown since the newest seal."""
    grown = select(dossier.c.id).where(dossier.c.head != dossier.c.sealed).limit(1)
    return tx.execute(grown).first() is not None or any(head.digest != head.sealed for head in _access_log(tx))


def heads(tx: Transaction) -> Iterator[Head]:
    """Yield the head of every chain in order of dossier id, the access log last; in constant memory, from one view."""
    every = select(dossier.c.id, dossier.c.head, dossier.c.sealed).where(dossier.c.head != "").order_by(dossier.c.id)
    for row in streamed(tx, every):
        yield Head(row.id, row.head, row.sealed)
    yield from _access_log(tx)


def has_head(tx: Transaction, own_id: str, digest: str) -> bool:
    """Return whether the chain of a dossier, or the access log, has had this head."""
    return access_segments.has(tx, digest) if own_id == ACCESS_LOG else events.has_digest(tx, own_id, digest)


def any_sealed(tx: Transaction) -> bool:
    """Return whether the next seal can build upon those before it."""
    return tx.execute(select(dossier.c.id).where(dossier.c.sealed != "").limit(1)).first() is not None


def latest(tx: Transaction) -> Seal | None:
    """Return the newest seal, or None."""
    row = tx.execute(select(seal).order_by(seal.c.id.desc()).limit(1)).first()
    return _seal(row) if row else None


def all_seals(tx: Transaction) -> Iterator[Seal]:
    """Yield all seals, oldest first, one at a time."""
    row = tx.execute(select(seal).order_by(seal.c.id).limit(1)).first()
    while row is not None:
        yield _seal(row)
        row = tx.execute(select(seal).where(seal.c.id > row.id).order_by(seal.c.id).limit(1)).first()


def without_time_stamp(tx: Transaction) -> int:
    """Return how many seals have no time stamp."""
    return tx.execute(select(func.count()).where(seal.c.token.is_(None))).scalar_one()


def last_time_stamp_of_access_log(tx: Transaction) -> str:
    """Return when the newest seal with a time stamp was made that covers a segment of the access log; empty: never."""
    first = tx.execute(select(access_segment.c.closed_at).order_by(access_segment.c.number).limit(1)).scalar()
    if first is None:
        return ""
    stamped = select(seal.c.at).where(seal.c.token.is_not(None), seal.c.at >= first)
    return tx.execute(stamped.order_by(seal.c.id.desc()).limit(1)).scalar() or ""


def not_stored(tx: Transaction) -> list[Seal]:
    """Return the seals that no object in the archive store holds, oldest first: those of earlier programs."""
    stored = select(claim.c.referrer).where(claim.c.referrer == "seal:" + seal.c.root).exists()
    return [_seal(row) for row in tx.execute(select(seal).where(~stored).order_by(seal.c.id))]


def digest_of(entry: Seal | None) -> str:
    """Return the digest that the next seal holds of this one; empty when there is none."""
    if entry is None:
        return ""
    return of_bytes(canonical({"at": entry.at, "root": entry.root, "previous": entry.previous}))


def _access_log(tx: Transaction) -> list[Head]:
    newest = access_segments.latest(tx)
    return [Head(ACCESS_LOG, newest.sha256, access_segments.sealed(tx))] if newest else []


def _seal(row: Row[Any]) -> Seal:
    return Seal(row.at, row.root, dict(row.heads), row.previous, row.token, row.form, row.id)
