"""People: accounts are made, somebody signs in and out, and what was done is noted in the access log.

Whoever is refused learns nothing but that: not whether there is such an account, whether its time is over, whether
it is locked. A password costs 64 MiB and tens of milliseconds to check, so few are checked at a time.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from catalog import access, accounts
from catalog.accounts import Credentials, Session
from catalog.catalogue import Transaction
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected, Unavailable
from dossier.people import Account, conflict
from dossier.text import fold
from pipeline.services import Services

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
_FEWEST_LETTERS = 5  # different ones
_LONGEST_LOGIN = 64
_FREE_FAILURES = 5
_FIRST_LOCK, _LONGEST_LOCK = timedelta(seconds=30), timedelta(minutes=15)
_SEEN_EVERY = timedelta(minutes=1)
_TOTP_SECONDS, _TOTP_DRIFT = 30, 1
_AT_ONCE = threading.BoundedSemaphore(2)
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class SessionRule:
    """How long somebody stays signed in: after the last request, and at all."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=10)


def create(own: Account, password: str, actor: str, services: Services) -> Account:
    """Record a new account; the person has to choose another password when signing in first.

    Args:
        own: The account; its id is made here.
        password: The first password.
        actor: Id of the account that does it, or a name where it is done at the machine itself.
        services: Of this process.

    Raises:
        Rejected: LOGIN_INVALID, ROLES_CONFLICT, PASSWORD_WEAK, ACCOUNT_EXISTS.
    """
    made = named(own)
    hashed = hashed_password(password, made.login)
    made = replace(made, must_change=True)
    with services.catalogue.write() as tx:
        record(tx, made, hashed, actor, services.clock())
    return made


def named(own: Account) -> Account:
    """Return a new account with an id, its login as it is stored.

    Raises:
        Rejected: LOGIN_INVALID, ROLES_CONFLICT.
    """
    login = checked_login(own.login)
    check_roles(own)
    return replace(own, id=secrets.token_hex(8), login=login)


def record(tx: Transaction, made: Account, password: str, actor: str, now: datetime) -> None:
    """Record a new account with the hash of its password; raises Rejected(ACCOUNT_EXISTS)."""
    accounts.add(tx, made, password, now)
    access.note(tx, now, actor, "account.add", made.id, _said(made))


def change(own: Account, actor: str, services: Services) -> None:
    """Record other roles, units, an end, or that the account is shut; who is signed in with it is signed out.

    Raises:
        Rejected(ROLES_CONFLICT): One person must not hold these roles together.
    """
    check_roles(own)
    with services.catalogue.write() as tx:
        accounts.change(tx, own)
        accounts.end_sessions(tx, own.id)
        access.note(tx, services.clock(), actor, "account.change", own.id, _said(own))


def set_password(own: Account, password: str, actor: str, services: Services, *, keep: str = "") -> None:
    """Record a new password; one that somebody else sets has to be changed. Other sessions of the account end.

    Args:
        own: The account.
        password: The new password.
        actor: Id of the account that sets it.
        services: Of this process.
        keep: Digest of the session that goes on.

    Raises:
        Rejected(PASSWORD_WEAK): It is too short, too simple or too long.
    """
    hashed = hashed_password(password, own.login)
    with services.catalogue.write() as tx:
        accounts.set_password(tx, own.id, hashed, must_change=actor != own.id)
        accounts.end_sessions(tx, own.id, but=keep)
        access.note(tx, services.clock(), actor, "account.password", own.id)


def sign_in(login: str, password: str, code: str, services: Services, rule: SessionRule) -> tuple[str, Account]:
    """Check a password, and a code of the second factor where one is asked for; return the cookie and the account.

    Raises:
        Rejected(LOGIN_REFUSED): It is not right, or the account is shut or locked; nothing tells which.
        Unavailable(LOGIN_BUSY): Too many passwords are being checked.
    """
    now = services.clock()
    with services.catalogue.read() as tx:
        found = accounts.find(tx, login.strip().lower()[:_LONGEST_LOGIN])
        known = accounts.credentials(tx, found.id) if found else None
    right = _right(password, (known.password if known else "") or _nobody())
    if found is None or known is None:
        raise Rejected(Code.LOGIN_REFUSED)
    step = totp_step(code, known, now) if known.totp else 0
    if not right or known.locked_at(now) or step is None or not found.open_at(now):
        refuse(found, known, services, counts=bool(known.password))
        raise Rejected(Code.LOGIN_REFUSED)
    with services.catalogue.write() as tx:
        if known.totp and not accounts.use_totp_step(tx, found.id, step):
            raise Rejected(Code.LOGIN_REFUSED)  # a code that was used a moment ago
        token = begin_session(tx, found, now, rule)
    return token, found


def begin_session(tx: Transaction, own: Account, now: datetime, rule: SessionRule, *, provider: bool = False) -> str:
    """Sign in somebody who has proven to be the account's; return the cookie. Wrong attempts are forgotten."""
    token = secrets.token_urlsafe(32)
    accounts.forget_expired(tx, now)
    accounts.note_failure(tx, own.id, 0, None)
    accounts.begin_session(tx, Session(digest_of(token), own.id, now, now, now + rule.longest, provider))
    access.note(tx, now, own.id, "session.begin", own.id, "provider" if provider else "")
    return token


def check_password(own: Account, password: str, services: Services) -> None:
    """Make sure that whoever is signed in knows the password; wrong ones count as they do when signing in.

    Raises:
        Rejected(LOGIN_REFUSED): It is not right, or the account is locked.
        Unavailable(LOGIN_BUSY): Too many passwords are being checked.
    """
    now = services.clock()
    with services.catalogue.read() as tx:
        known = accounts.credentials(tx, own.id)
    if not _right(password, known.password or _nobody()) or known.locked_at(now):
        refuse(own, known, services, counts=bool(known.password))
        raise Rejected(Code.LOGIN_REFUSED)


def signed_in(token: str, services: Services, rule: SessionRule) -> tuple[Session, Account] | None:
    """Return the session of a cookie and its account; None when it is over, shut, or there is none."""
    if not token:
        return None
    now = services.clock()
    with services.catalogue.read() as tx:
        found = accounts.signed_in(tx, digest_of(token))
    if found is None:
        return None
    session, own = found
    if now >= session.expires_at or now >= session.seen_at + rule.idle or not own.open_at(now):
        return None
    if now >= session.seen_at + _SEEN_EVERY:
        with services.catalogue.write() as tx:
            accounts.see(tx, session.token_sha256, now)
    # Who came through the provider may not know the password that somebody has set.
    return session, replace(own, must_change=own.must_change and not session.provider)


def refuse(own: Account, known: Credentials, services: Services, cause: str = "", *, counts: bool) -> None:
    """Note that somebody was refused, and lock the account for a while after too many wrong attempts.

    Args:
        own: The account.
        known: What is known of it.
        services: Of this process.
        cause: What the access log says of it, without anything about people.
        counts: It was an attempt at guessing. While the account is locked, none counts.
    """
    now = services.clock()
    counts = counts and not known.locked_at(now)
    failures = known.failures + counts
    until = known.locked_until
    if counts and failures >= _FREE_FAILURES:
        until = now + min(_FIRST_LOCK * 2 ** min(failures - _FREE_FAILURES, 10), _LONGEST_LOCK)
    with services.catalogue.write() as tx:
        accounts.note_failure(tx, own.id, failures, until)
        access.note(tx, now, "", "session.refused", own.id, cause)


def totp_step(code: str, known: Credentials, now: datetime) -> int | None:
    """Return the time step that a code belongs to, None for a wrong one or one that was used before."""
    present = int(now.timestamp()) // _TOTP_SECONDS
    generator = pyotp.TOTP(known.totp)
    for step in range(present - _TOTP_DRIFT, present + _TOTP_DRIFT + 1):
        same = secrets.compare_digest(generator.generate_otp(step).encode(), code.strip().encode())
        if same and step > known.totp_step:
            return step
    return None


def sign_out(session: Session, services: Services) -> None:
    """End a session."""
    with services.catalogue.write() as tx:
        accounts.end_session(tx, session.token_sha256)
        access.note(tx, services.clock(), session.account_id, "session.end", session.account_id)


def new_totp(own: Account, actor: str, services: Services) -> str:
    """Give an account a second factor; return the address that a phone's program takes in (`otpauth://…`)."""
    secret = pyotp.random_base32()
    with services.catalogue.write() as tx:
        accounts.set_totp(tx, own.id, secret)
        access.note(tx, services.clock(), actor, "account.totp", own.id, "on")
    return pyotp.TOTP(secret).provisioning_uri(name=own.login, issuer_name="hososo")


def no_totp(own: Account, actor: str, services: Services) -> None:
    """Take the second factor from an account, e.g. when the phone is lost."""
    with services.catalogue.write() as tx:
        accounts.set_totp(tx, own.id, "")
        access.note(tx, services.clock(), actor, "account.totp", own.id, "off")


def known_account(login: str, services: Services) -> Account:
    """Return the account of a login.

    Raises:
        Rejected(ACCOUNT_UNKNOWN): There is none.
    """
    with services.catalogue.read() as tx:
        found = accounts.find(tx, login.strip().lower())
    if found is None:
        raise Rejected(Code.ACCOUNT_UNKNOWN, subject=login[:_LONGEST_LOGIN])
    return found


def open_account(login: str, services: Services) -> Account:
    """Return the account of a login that is open now.

    Raises:
        Rejected(ACCOUNT_UNKNOWN): There is none, or it is closed.
    """
    found = known_account(login, services)
    if not found.open_at(services.clock()):
        raise Rejected(Code.ACCOUNT_UNKNOWN, subject=login[:_LONGEST_LOGIN])
    return found


def checked_login(login: str) -> str:
    """Return a login as it is stored: lower case, ASCII letters, digits, dot, dash.

    Raises:
        Rejected(LOGIN_INVALID): It has other characters, or is too long.
    """
    text = login.strip().lower()
    plain = text.isascii() and text.replace(".", "a").replace("-", "a").replace("_", "a").isalnum()
    if not plain or len(text) > _LONGEST_LOGIN:
        raise Rejected(Code.LOGIN_INVALID, subject=login[:_LONGEST_LOGIN])
    return text


def checked_password(password: str, login: str) -> str:
    """Return a password that may be used.

    Raises:
        Rejected(PASSWORD_WEAK): It is too short, too long, has too few different characters, or is like the login.
    """
    fits = SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD
    if not fits or len(set(password)) < _FEWEST_LETTERS or fold(login) in fold(password):
        raise Rejected(Code.PASSWORD_WEAK, f"at least {SHORTEST_PASSWORD} characters")
    return password


def hashed_password(password: str, login: str) -> str:
    """Return the hash of a password that may be used; errors as `checked_password`, and Unavailable(LOGIN_BUSY)."""
    checked = checked_password(password, login)
    with _turn():
        return _hasher().hash(checked)


def check_roles(own: Account) -> None:
    """Refuse roles that one person must not hold together, and an account without any.

    Raises:
        Rejected(ROLES_CONFLICT): The detail names them.
    """
    against = conflict(own.roles)
    if against or not own.roles:
        raise Rejected(Code.ROLES_CONFLICT, ", ".join(sorted(against)), subject=own.login)


def digest_of(token: str) -> str:
    """Return what a session is known by: the catalogue never holds the cookie."""
    return of_bytes(token.encode())


def _said(own: Account) -> str:
    """Return what the log says of an account: roles and units, no name."""
    units = "*" if own.units is None else " ".join(sorted(own.units))
    return f"{' '.join(sorted(own.roles))} | {units} | {'shut' if own.disabled else 'open'}"


def _right(password: str, hashed: str) -> bool:
    with _turn():
        try:
            return _hasher().verify(hashed, password[:LONGEST_PASSWORD])
        except VerificationError:
            return False


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Unavailable(Code.LOGIN_BUSY)
    try:
        yield
    finally:
        _AT_ONCE.release()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """Return a hash that no password has: a login that is not known takes as long as one that is."""
    return _hasher().hash(secrets.token_urlsafe())
