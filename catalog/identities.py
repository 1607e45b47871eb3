"""Whose account is whose at the office's identity provider, and who still owes the code of the second factor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from catalog.catalogue import Transaction
from catalog.columns import moment, stamp
from catalog.identity_tables import owed_code, provider_account
from catalog.people_tables import web_session
from dossier.errors import Code, Rejected


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """How an account is entered through the identity provider.

    Attributes:
        account_id: The account.
        name: What the provider calls the person; it opens the account the first time, and never again.
        only: No password opens the account.
        issuer: Whose subject it is; empty as long as nobody has come.
        subject: The person, for that issuer; empty as long as nobody has come.
        bound_at: Since when; None as long as nobody has come.
    """

    account_id: str
    name: str
    only: bool
    issuer: str = ""
    subject: str = ""
    bound_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwedCode:
    """Somebody whom the provider vouches for, and who has yet to give a code; known by the digest of the cookie."""

    token_sha256: str
    account_id: str
    issuer: str
    subject: str
    expires_at: datetime


def put(tx: Transaction, entry: ProviderAccount) -> None:
    """Record how an account is entered, in place of what was known of it.

    Raises:
        Rejected(IDENTITY_TAKEN): The name, or issuer and subject, belong to another account.
    """
    remove(tx, entry.account_id)
    times = {"bound_at": stamp(entry.bound_at) if entry.bound_at else ""}
    bound = {"issuer": entry.issuer or None, "subject": entry.subject or None}
    values = {"account_id": entry.account_id, "name": entry.name, "only": entry.only, **bound, **times}
    try:
        tx.execute(insert(provider_account).values(**values))
    except IntegrityError as exc:
        raise Rejected(Code.IDENTITY_TAKEN) from exc


def bind(tx: Transaction, account_id: str, issuer: str, subject: str, at: datetime) -> bool:
    """Record who has come first; False when somebody has before, or they have another account already."""
    own = (provider_account.c.account_id == account_id) & provider_account.c.subject.is_(None)
    if by_subject(tx, issuer, subject) is not None:
        return False
    values = {"issuer": issuer, "subject": subject, "bound_at": stamp(at)}
    return tx.execute(update(provider_account).where(own).values(**values)).rowcount == 1


def remove(tx: Transaction, account_id: str) -> bool:
    """Forget that an account may be entered through the provider; return whether it might."""
    own = provider_account.c.account_id == account_id
    return tx.execute(delete(provider_account).where(own)).rowcount == 1


def of(tx: Transaction, account_id: str) -> ProviderAccount | None:
    """Return how an account is entered through the provider; None: not at all."""
    row = tx.execute(select(provider_account).where(provider_account.c.account_id == account_id)).first()
    return _read(row) if row is not None else None


def every(tx: Transaction) -> dict[str, ProviderAccount]:
    """Return how accounts are entered through the provider, by account."""
    return {row.account_id: _read(row) for row in tx.execute(select(provider_account))}


def by_subject(tx: Transaction, issuer: str, subject: str) -> ProviderAccount | None:
    """Return the account of an issuer's subject, or None."""
    own = (provider_account.c.issuer == issuer) & (provider_account.c.subject == subject)
    row = tx.execute(select(provider_account).where(own)).first()
    return _read(row) if row is not None else None


def by_name(tx: Transaction, name: str) -> ProviderAccount | None:
    """Return the account that a name is meant for, or None; somebody may have come already."""
    row = tx.execute(select(provider_account).where(provider_account.c.name == name)).first()
    return _read(row) if row is not None else None


def end_sessions(tx: Transaction, account_id: str) -> int:
    """Sign out whoever came to an account through the provider; return how many sessions there were."""
    own = (web_session.c.account_id == account_id) & web_session.c.provider
    return tx.execute(delete(web_session).where(own)).rowcount


def owe(tx: Transaction, owed: OwedCode) -> None:
    """Record that somebody owes a code."""
    tx.execute(
        insert(owed_code).values(
            token_sha256=owed.token_sha256,
            account_id=owed.account_id,
            issuer=owed.issuer,
            subject=owed.subject,
            expires_at=stamp(owed.expires_at),
        )
    )


def owed(tx: Transaction, token_sha256: str) -> OwedCode | None:
    """Return who owes a code, or None; whether it is too late is for the caller to see."""
    row = tx.execute(select(owed_code).where(owed_code.c.token_sha256 == token_sha256)).first()
    if row is None:
        return None
    return OwedCode(row.token_sha256, row.account_id, row.issuer, row.subject, moment(row.expires_at))


def try_code(tx: Transaction, token_sha256: str, most: int) -> bool:
    """Count an attempt; False when there have been too many, or nothing is owed any more."""
    own = (owed_code.c.token_sha256 == token_sha256) & (owed_code.c.tries < most)
    return tx.execute(update(owed_code).where(own).values(tries=owed_code.c.tries + 1)).rowcount == 1


def settle(tx: Transaction, token_sha256: str) -> bool:
    """Forget that a code is owed; False when it is forgotten already."""
    return tx.execute(delete(owed_code).where(owed_code.c.token_sha256 == token_sha256)).rowcount == 1


def forget_owed(tx: Transaction, account_id: str) -> None:
    """Forget all codes that are owed for an account: it is entered in another way from now on."""
    tx.execute(delete(owed_code).where(owed_code.c.account_id == account_id))


def forget_late(tx: Transaction, now: datetime) -> None:
    """Forget codes that nobody has given in time."""
    tx.execute(delete(owed_code).where(owed_code.c.expires_at < stamp(now)))


def _read(row: Row[Any]) -> ProviderAccount:
    bound_at = moment(row.bound_at) if row.bound_at else None
    return ProviderAccount(row.account_id, row.name, row.only, row.issuer or "", row.subject or "", bound_at)
