"""Tokens of stations: made, used, revoked; the catalogue holds their digests only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from catalog.catalogue import Transaction
from catalog.columns import moment, stamp
from catalog.hand_over_tables import station_token


@dataclass(frozen=True, slots=True)
class StationToken:
    """What a station asks with.

    Attributes:
        id: Stands in the access log.
        account_id: Whose permissions and units it has.
        name: Which station it was given to.
        created_at: When.
        expires_at: From then on it opens nothing.
        revoked_at: When somebody took it back; None: nobody did.
        used_at: When it was last used, to the minute; None: never.
    """

    id: str
    account_id: str
    name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None

    def open_at(self, now: datetime) -> bool:
        """Return whether it may be used at a moment."""
        return self.revoked_at is None and now < self.expires_at


def add(tx: Transaction, token: StationToken, token_sha256: str) -> None:
    """Record a new token."""
    values = {name: getattr(token, name) for name in ("id", "account_id", "name")}
    times = {name: stamp(getattr(token, name)) for name in ("created_at", "expires_at")}
    tx.execute(insert(station_token).values(**values, **times, token_sha256=token_sha256))


def find(tx: Transaction, token_sha256: str) -> StationToken | None:
    """Return the token with a digest, or None; whether it is open is for the caller to see."""
    row = tx.execute(select(station_token).where(station_token.c.token_sha256 == token_sha256)).first()
    return _read(row) if row is not None else None


def get(tx: Transaction, token_id: str) -> StationToken | None:
    """Return the token with an id, or None."""
    row = tx.execute(select(station_token).where(station_token.c.id == token_id)).first()
    return _read(row) if row is not None else None


def every(tx: Transaction) -> list[StationToken]:
    """Return all tokens, the oldest first."""
    order = (station_token.c.created_at, station_token.c.id)
    return [_read(row) for row in tx.execute(select(station_token).order_by(*order))]


def revoke(tx: Transaction, token_id: str, at: datetime) -> None:
    """Record that a token opens nothing any more; the first time counts."""
    own = (station_token.c.id == token_id) & (station_token.c.revoked_at == "")
    tx.execute(update(station_token).where(own).values(revoked_at=stamp(at)))


def see(tx: Transaction, token_id: str, at: datetime) -> None:
    """Note that a token was used."""
    tx.execute(update(station_token).where(station_token.c.id == token_id).values(used_at=stamp(at)))


def _read(row: Row[Any]) -> StationToken:
    return StationToken(
        row.id,
        row.account_id,
        row.name,
        moment(row.created_at),
        moment(row.expires_at),
        moment(row.revoked_at) if row.revoked_at else None,
        moment(row.used_at) if row.used_at else None,
    )
