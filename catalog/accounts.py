"""Accounts and who is signed in with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from catalog.catalogue import Transaction
from catalog.columns import moment, stamp
from catalog.identity_tables import provider_account
from catalog.people_tables import account, web_session
from dossier.errors import Code, Rejected
from dossier.people import Account, Role


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in is checked against.

    Attributes:
        password: Argon2 hash; empty: nobody signs in with a password, but perhaps through the identity provider.
        totp: Secret of the second factor, base32; empty: none is asked for.
        totp_step: The newest time step that was used.
        failures: Wrong attempts since the last right one.
        locked_until: Before that no attempt counts; None: open.
    """

    password: str
    totp: str
    totp_step: int
    failures: int
    locked_until: datetime | None

    def locked_at(self, now: datetime) -> bool:
        """Return whether no attempt counts at a moment."""
        return self.locked_until is not None and now < self.locked_until


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in; known by the digest of the cookie. `provider`: through the identity provider."""

    token_sha256: str
    account_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    provider: bool = False


def add(tx: Transaction, own: Account, password: str, at: datetime) -> None:
    """Record an account with the hash of its password.

    Raises:
        Rejected(ACCOUNT_EXISTS): The login is taken.
    """
    values = {**_values(own), "password": password, "created_at": stamp(at)}
    try:
        tx.execute(insert(account).values(id=own.id, login=own.login, **values))
    except IntegrityError as exc:
        raise Rejected(Code.ACCOUNT_EXISTS, subject=own.login) from exc


def change(tx: Transaction, own: Account) -> None:
    """Record what an account is from now on; its login and password stay."""
    tx.execute(update(account).where(account.c.id == own.id).values(**_values(own)))


def every(tx: Transaction) -> list[Account]:
    """Return all accounts in order of login."""
    return [_account(row) for row in tx.execute(select(account).order_by(account.c.login))]


def find(tx: Transaction, login: str) -> Account | None:
    """Return the account of a login, or None."""
    row = tx.execute(select(account).where(account.c.login == login)).first()
    return _account(row) if row is not None else None


def by_id(tx: Transaction, account_id: str) -> Account | None:
    """Return an account by its id, or None."""
    row = tx.execute(select(account).where(account.c.id == account_id)).first()
    return _account(row) if row is not None else None


def credentials(tx: Transaction, account_id: str) -> Credentials:
    """Return what signing in to an account is checked against."""
    row = tx.execute(select(account).where(account.c.id == account_id)).one()
    elsewhere = select(provider_account.c.only).where(provider_account.c.account_id == account_id)
    password = "" if tx.execute(elsewhere).scalar() else row.password
    until = moment(row.locked_until) if row.locked_until else None
    return Credentials(password, row.totp, row.totp_step, row.failures, until)


def set_password(tx: Transaction, account_id: str, password: str, *, must_change: bool) -> None:
    """Record the hash of a new password; wrong attempts are forgotten."""
    values = {"password": password, "must_change": must_change, "failures": 0, "locked_until": ""}
    tx.execute(update(account).where(account.c.id == account_id).values(**values))


def set_totp(tx: Transaction, account_id: str, secret: str) -> None:
    """Record the secret of the second factor; empty: none is asked for."""
    tx.execute(update(account).where(account.c.id == account_id).values(totp=secret, totp_step=0))


def note_failure(tx: Transaction, account_id: str, failures: int, locked_until: datetime | None) -> None:
    """Record how many wrong attempts there were, and until when none counts."""
    until = stamp(locked_until) if locked_until else ""
    tx.execute(update(account).where(account.c.id == account_id).values(failures=failures, locked_until=until))


def use_totp_step(tx: Transaction, account_id: str, step: int) -> bool:
    """Note the time step whose code was used; False when it, or a later one, has been used before."""
    own = (account.c.id == account_id) & (account.c.totp_step < step)
    return tx.execute(update(account).where(own).values(totp_step=step)).rowcount == 1


def begin_session(tx: Transaction, session: Session) -> None:
    """Record that somebody is signed in."""
    tx.execute(
        insert(web_session).values(
            token_sha256=session.token_sha256,
            account_id=session.account_id,
            created_at=stamp(session.created_at),
            seen_at=stamp(session.seen_at),
            expires_at=stamp(session.expires_at),
            provider=session.provider,
        )
    )


def signed_in(tx: Transaction, token_sha256: str) -> tuple[Session, Account] | None:
    """Return a session with its account, or None; whether it is over is for the caller to see."""
    query = select(web_session, account).join(account, account.c.id == web_session.c.account_id)
    row = tx.execute(query.where(web_session.c.token_sha256 == token_sha256)).first()
    if row is None:
        return None
    created, seen, expires = (moment(row._mapping[web_session.c[name]]) for name in _TIMES)  # noqa: SLF001
    session = Session(row.token_sha256, row.account_id, created, seen, expires, row.provider)
    return session, _account(row)


def see(tx: Transaction, token_sha256: str, at: datetime) -> None:
    """Note that a session was used."""
    tx.execute(update(web_session).where(web_session.c.token_sha256 == token_sha256).values(seen_at=stamp(at)))


def end_session(tx: Transaction, token_sha256: str) -> None:
    """Sign one session out."""
    tx.execute(delete(web_session).where(web_session.c.token_sha256 == token_sha256))


def end_sessions(tx: Transaction, account_id: str, *, but: str = "") -> int:
    """Sign an account out everywhere, but for one session that may be named; return how many there were."""
    own = (web_session.c.account_id == account_id) & (web_session.c.token_sha256 != but)
    return tx.execute(delete(web_session).where(own)).rowcount


def forget_expired(tx: Transaction, now: datetime) -> None:
    """Remove the sessions that are over."""
    tx.execute(delete(web_session).where(web_session.c.expires_at < stamp(now)))


_TIMES = ("created_at", "seen_at", "expires_at")


def _values(own: Account) -> dict[str, object]:
    return {
        "name": own.name,
        "roles": sorted(own.roles),
        "units": None if own.units is None else sorted(own.units),
        "valid_until": stamp(own.until) if own.until else "",
        "disabled": own.disabled,
        "must_change": own.must_change,
    }


def _account(row: Row[Any]) -> Account:
    known = row._mapping  # noqa: SLF001 - SQLAlchemy's public name begins so
    units = known[account.c.units]
    until = known[account.c.valid_until]
    return Account(
        id=known[account.c.id],
        login=known[account.c.login],
        name=known[account.c.name],
        roles=frozenset(Role(role) for role in known[account.c.roles]),
        units=None if units is None else frozenset(units),
        until=moment(until) if until else None,
        disabled=known[account.c.disabled],
        must_change=known[account.c.must_change],
        totp=bool(known[account.c.totp]),
    )
