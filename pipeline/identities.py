"""Signing in through the office's own identity provider: whom it vouches for, and whose account that is.

Accounts are made by administrators alone, and nothing that the provider says gives a role. An administrator writes down
what the provider calls the person; whoever comes first under that name is bound to the account by issuer and subject,
which the provider gives to nobody else. From then on the name opens nothing: a successor with the same address of mail
is another subject.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from catalog import access, accounts, identities
from catalog.accounts import Credentials
from catalog.catalogue import Transaction
from catalog.identities import OwedCode, ProviderAccount
from dossier.errors import Code, Rejected
from dossier.people import Account
from pipeline import people
from pipeline.people import SessionRule
from pipeline.services import Services

LONGEST = 255
"""Characters of a name or subject at most; OpenID Connect allows no longer subject."""
_CODE_MINUTES = timedelta(minutes=5)
_MOST_TRIES = 5
_SMALL = {big: big + 32 for big in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody whom the provider vouches for, after all that it said has been checked.

    Attributes:
        issuer: The provider.
        subject: The person, for that issuer.
        name: What the agreed claim calls the person; empty where the provider says nothing there.
        second_factor: The provider has asked for a second factor that counts here.
    """

    issuer: str
    subject: str
    name: str
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """What the browser is given: a session's cookie, or the cookie of somebody who still owes a code."""

    token: str
    owes_code: bool


def enter(who: Identity, services: Services, rule: SessionRule) -> Entered:
    """Sign in somebody whom the provider vouches for.

    Raises:
        Rejected(IDENTITY_UNKNOWN): No account that is open now is theirs; only the access log says why.
    """
    now = services.clock()
    with services.catalogue.write() as tx:
        entry = _entry(tx, who)
        own = accounts.by_id(tx, entry.account_id) if entry else None
        if entry is None or own is None:
            access.note(tx, now, "", "session.refused", "", "provider: unknown")
            entered = None
        else:
            entered = _entered(tx, who, entry, own, now, rule)
    if entered is None:
        raise Rejected(Code.IDENTITY_UNKNOWN)
    return entered


def give_code(token: str, code: str, services: Services, rule: SessionRule) -> str:
    """Take the code of somebody who owes it, and sign them in; return the cookie.

    Raises:
        Rejected(SIGN_IN_OVER): Nothing is owed: it took too long, or there were too many attempts.
        Rejected(LOGIN_REFUSED): It is not right, or the account is shut or locked.
    """
    owed, own, known = _owed(token, services)
    now = services.clock()
    step = people.totp_step(code, known, now) if known.totp else None
    if step is None or known.locked_at(now) or not own.open_at(now):
        people.refuse(own, known, services, "provider: code", counts=True)
        raise Rejected(Code.LOGIN_REFUSED)
    with services.catalogue.write() as tx:
        entry = identities.of(tx, own.id)
        # What is owed is forgotten when the way in changes: `entry` is still the one that was looked at before.
        if (
            entry is None
            or not accounts.use_totp_step(tx, own.id, step)
            or not identities.settle(tx, owed.token_sha256)
        ):
            raise Rejected(Code.LOGIN_REFUSED)  # a code that was used a moment ago
        begun = _begun(tx, Identity(owed.issuer, owed.subject, ""), entry, own, now, rule)
    if begun is None:
        raise Rejected(Code.IDENTITY_UNKNOWN)
    return begun


def _owed(token: str, services: Services) -> tuple[OwedCode, Account, Credentials]:
    """Return who owes a code, and count the attempt; raises Rejected(SIGN_IN_OVER) where nothing is owed."""
    with services.catalogue.read() as tx:  # a stranger who owes nothing is not worth a transaction that writes
        owed = identities.owed(tx, people.digest_of(token))
        own = accounts.by_id(tx, owed.account_id) if owed else None
        known = accounts.credentials(tx, own.id) if own else None
    if owed is None or own is None or known is None or services.clock() >= owed.expires_at:
        raise Rejected(Code.SIGN_IN_OVER)
    with services.catalogue.write() as tx:
        if not identities.try_code(tx, owed.token_sha256, _MOST_TRIES):
            raise Rejected(Code.SIGN_IN_OVER)
    return owed, own, known


def leave(issuer: str, subject: str, services: Services) -> None:
    """End what a person has begun through the provider, for they are signed out there; nobody's account is nothing."""
    with services.catalogue.write() as tx:
        entry = identities.by_subject(tx, issuer, subject)
        if entry is None:
            return
        identities.forget_owed(tx, entry.account_id)
        if identities.end_sessions(tx, entry.account_id):
            access.note(tx, services.clock(), "", "session.end", entry.account_id, "provider")


def note_refused(cause: str, services: Services) -> None:
    """Note that somebody was refused whose account is not known; `cause` says nothing about people."""
    with services.catalogue.write() as tx:
        access.note(tx, services.clock(), "", "session.refused", "", f"provider: {cause}")


def create(own: Account, name: str, password: str, actor: str, services: Services) -> Account:
    """Record a new account that may be entered through the provider.

    Args:
        own: The account; its id is made here.
        name: What the provider calls the person.
        password: The first password; empty: it is entered through the provider alone.
        actor: Id of the account that does it, or a name where it is done at the machine itself.
        services: Of this process.

    Raises:
        Rejected: As `people.create`, and IDENTITY_INVALID, IDENTITY_TAKEN.
    """
    made, name = people.named(own), checked_name(name)
    hashed = people.hashed_password(password, made.login) if password else ""
    made = replace(made, must_change=bool(password))
    with services.catalogue.write() as tx:
        people.record(tx, made, hashed, actor, services.clock())
        _put(tx, ProviderAccount(made.id, name, only=not password), actor, services.clock())
    return made


def allow(own: Account, name: str, actor: str, services: Services, *, only: bool) -> ProviderAccount:
    """Let an account be entered through the provider; who is bound to it stays so as long as the name stays.

    Whoever is signed in with the account is signed out.

    Args:
        own: The account.
        name: What the provider calls the person.
        actor: Id of the account that does it, or a name where it is done at the machine itself.
        services: Of this process.
        only: No password opens the account any more.

    Raises:
        Rejected(IDENTITY_INVALID): This is no name.
        Rejected(IDENTITY_TAKEN): The name is another account's.
    """
    name = checked_name(name)
    with services.catalogue.write() as tx:
        before = identities.of(tx, own.id)
        entry = ProviderAccount(own.id, name, only)
        if before is not None and before.name == name:
            entry = replace(before, only=only)
        _put(tx, entry, actor, services.clock())
    return entry


def bind(own: Account, issuer: str, subject: str, actor: str, services: Services) -> ProviderAccount:
    """Bind an account, which may be entered through the provider, to a subject before anybody has come.

    Raises:
        Rejected(IDENTITY_INVALID): This is no subject, or the account is not entered through the provider.
        Rejected(IDENTITY_TAKEN): The subject has another account.
    """
    _check_length(subject)
    now = services.clock()
    with services.catalogue.write() as tx:
        before = identities.of(tx, own.id)
        if before is None:
            raise Rejected(Code.IDENTITY_INVALID, "not entered through the provider", subject=own.login)
        entry = replace(before, issuer=issuer, subject=subject, bound_at=now)
        _put(tx, entry, actor, now)
    return entry


def release(own: Account, actor: str, services: Services) -> None:
    """Forget who is bound to an account: the next who comes under its name is; sessions of the account end."""
    with services.catalogue.write() as tx:
        before = identities.of(tx, own.id)
        if before is not None:
            _put(tx, ProviderAccount(own.id, before.name, before.only), actor, services.clock())


def forbid(own: Account, actor: str, services: Services) -> None:
    """Let an account be entered with its password alone; sessions of the account end."""
    with services.catalogue.write() as tx:
        identities.remove(tx, own.id)
        _end(tx, own.id, actor, "off", services.clock())


def checked_name(name: str) -> str:
    """Return a name as it is stored and compared: letters A to Z small, for providers differ in that alone.

    Other letters are left alone: to fold them could make one person's name another's.

    Raises:
        Rejected(IDENTITY_INVALID): It is empty, too long, or has characters that cannot be seen.
    """
    text = unicodedata.normalize("NFC", name.strip())
    _check_length(text)
    return text.translate(_SMALL)


def _check_length(text: str) -> None:
    if not text or len(text) > LONGEST or not text.isprintable():
        raise Rejected(Code.IDENTITY_INVALID)


def _entry(tx: Transaction, who: Identity) -> ProviderAccount | None:
    """Return the account of a subject, else the one that its name is meant for."""
    found = identities.by_subject(tx, who.issuer, who.subject)
    if found is not None or not who.name:
        return found
    try:
        return identities.by_name(tx, checked_name(who.name))
    except Rejected:
        return None


def _entered(
    tx: Transaction, who: Identity, entry: ProviderAccount, own: Account, now: datetime, rule: SessionRule
) -> Entered | None:
    """Begin a session, or a wait for the code of the second factor; None where the account is not for them now."""
    known = accounts.credentials(tx, own.id)
    cause = _against(entry, own, known, who, now)
    if cause:
        access.note(tx, now, "", "session.refused", own.id, f"provider: {cause}")
        return None
    if known.totp and not who.second_factor:
        return Entered(_owing(tx, own, who, now), owes_code=True)
    begun = _begun(tx, who, entry, own, now, rule)
    return Entered(begun, owes_code=False) if begun else None


def _against(entry: ProviderAccount, own: Account, known: Credentials, who: Identity, now: datetime) -> str:
    """Return why somebody may not enter an account, empty where they may."""
    if not _fits(entry, who):
        return "another subject"
    if not own.open_at(now):
        return "shut"
    return "locked" if known.locked_at(now) else ""


def _fits(entry: ProviderAccount, who: Identity) -> bool:
    return not entry.subject or (entry.issuer, entry.subject) == (who.issuer, who.subject)


def _owing(tx: Transaction, own: Account, who: Identity, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    identities.forget_late(tx, now)
    identities.owe(tx, OwedCode(people.digest_of(token), own.id, who.issuer, who.subject, now + _CODE_MINUTES))
    return token


def _begun(
    tx: Transaction, who: Identity, entry: ProviderAccount, own: Account, now: datetime, rule: SessionRule
) -> str | None:
    """Begin a session, and bind the account to whoever comes first; None where somebody else was quicker."""
    first = not entry.subject and identities.bind(tx, own.id, who.issuer, who.subject, now)
    if first:
        access.note(tx, now, own.id, "account.provider", own.id, "bound")
    elif not entry.subject or not _fits(entry, who):
        access.note(tx, now, "", "session.refused", own.id, "provider: another subject")
        return None
    return people.begin_session(tx, own, now, rule, provider=True)


def _put(tx: Transaction, entry: ProviderAccount, actor: str, now: datetime) -> None:
    identities.put(tx, entry)
    said = f"{'only' if entry.only else 'also'} {'bound' if entry.subject else 'awaited'}"
    _end(tx, entry.account_id, actor, said, now)


def _end(tx: Transaction, account_id: str, actor: str, said: str, now: datetime) -> None:
    """Note a change, and end what was begun under the old terms."""
    accounts.end_sessions(tx, account_id)
    identities.forget_owed(tx, account_id)
    access.note(tx, now, actor, "account.provider", account_id, said)
