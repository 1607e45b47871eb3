"""Seals over all event chains: root, the heads it covers, and its time stamp."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select

from catalog.catalogue import Transaction
from catalog.schema import seal, stamp
from dossier.digest import canonical, of_bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal. `heads` maps dossier ids to head digests; `token` is an RFC 3161 token over the root, or None."""

    id: int
    at: str
    root: str
    heads: dict[str, str]
    previous: str
    token: bytes | None


def add(tx: Transaction, root: str, heads: dict[str, str], previous: str, token: bytes | None, at: datetime) -> None:
    """Record a seal."""
    tx.execute(insert(seal).values(at=stamp(at), root=root, heads=heads, previous=previous, token=token))


def latest(tx: Transaction) -> Seal | None:
    """Return the newest seal, or None."""
    row = tx.execute(select(seal).order_by(seal.c.id.desc()).limit(1)).first()
    return _seal(row) if row else None


def all_seals(tx: Transaction) -> Iterator[Seal]:
    """Yield all seals, oldest first."""
    for row in tx.execute(select(seal).order_by(seal.c.id)):
        yield _seal(row)


def digest_of(entry: Seal | None) -> str:
    """Return the digest that the next seal holds of this one; empty when there is none."""
    if entry is None:
        return ""
    return of_bytes(canonical({"at": entry.at, "root": entry.root, "previous": entry.previous}))


def _seal(row: Row[Any]) -> Seal:
    return Seal(row.id, row.at, row.root, dict(row.heads), row.previous, row.token)
