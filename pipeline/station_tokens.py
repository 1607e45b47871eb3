"""Tokens of stations: 256 random bits, shown once; the catalogue knows their digest and whose permissions they have."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from catalog import access, accounts, station_tokens
from catalog.station_tokens import StationToken
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.people import Account
from pipeline.services import Services

PREFIX = "hst_"
"""Tokens begin so: scanners for leaked secrets find them."""
_LONGEST_NAME, _LONGEST_TOKEN = 100, 100
_MOST = timedelta(days=400)
_SEEN_EVERY = timedelta(minutes=1)


def issue(own: Account, name: str, until: datetime, actor: str, services: Services) -> tuple[StationToken, str]:
    """Make a token with the permissions and units of an account.

    Args:
        own: The account.
        name: Which station it is for.
        until: From then on it opens nothing; at most 400 days from now.
        actor: Who makes it.
        services: Of this process.

    Returns:
        What is recorded of it, and the token itself, which nobody can show again.

    Raises:
        Rejected(REQUEST_INVALID): It has no name, or its end is past or too far.
    """
    now = services.clock()
    called = " ".join(name.split())
    if not called or len(called) > _LONGEST_NAME:
        raise Rejected(Code.REQUEST_INVALID, "a token has the name of its station", subject="name")
    if not now < until <= now + _MOST:
        raise Rejected(Code.REQUEST_INVALID, f"a token ends within {_MOST.days} days", subject="until")
    token = PREFIX + secrets.token_urlsafe(32)
    made = StationToken(secrets.token_hex(8), own.id, called, now, until)
    with services.catalogue.write() as tx:
        station_tokens.add(tx, made, _digest(token))
        access.note(tx, now, actor, "token.add", made.id, own.id)
    return made, token


def revoke(token_id: str, actor: str, services: Services) -> StationToken:
    """Take a token back; done before, nothing happens.

    Raises:
        Rejected(ACCOUNT_UNKNOWN): There is no such token.
    """
    now = services.clock()
    with services.catalogue.write() as tx:
        known = station_tokens.get(tx, token_id)
        if known is None:
            raise Rejected(Code.ACCOUNT_UNKNOWN, "token", subject=token_id[:64])
        if known.revoked_at is None:
            station_tokens.revoke(tx, token_id, now)
            access.note(tx, now, actor, "token.revoke", token_id, known.account_id)
        return station_tokens.get(tx, token_id) or known


def let_in(token: str, services: Services) -> tuple[StationToken, Account] | None:
    """Return a token and its account; None where it is wrong, over or revoked, or the account is shut."""
    if not token.startswith(PREFIX) or len(token) > _LONGEST_TOKEN:
        return None
    now = services.clock()
    with services.catalogue.read() as tx:
        known = station_tokens.find(tx, _digest(token))
        own = accounts.by_id(tx, known.account_id) if known is not None else None
    if known is None or own is None or not known.open_at(now) or not own.open_at(now):
        return None
    if known.used_at is None or now >= known.used_at + _SEEN_EVERY:
        with services.catalogue.write() as tx:
            station_tokens.see(tx, known.id, now)
    return known, own


def _digest(token: str) -> str:
    return of_bytes(token.encode())
