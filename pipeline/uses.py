"""Use of records out of reach: somebody asks, an approver of the dossier's unit decides, the grant ends by itself.

Who asks learns nothing about what exists: any well-formed code is taken, and it stays asked where there is no such
dossier. What was granted and ended is an event of the dossier; every step is a line of the access log. Purpose and
reason stay in the catalogue: they are words about people.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from catalog import Transaction, access, documents, events, intakes, uses
from catalog.uses import Grant, UseRequest, UseState
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.model import Dossier
from dossier.people import Account
from dossier.text import nfc
from pipeline.closing import close_when_archived
from pipeline.services import Services

LONGEST_DAYS = 90
MOST_OPEN = 20
_SHORTEST, _LONGEST = 5, 1000


@dataclass(frozen=True, slots=True)
class Decision:
    """What an approver says: the documents that may be seen (none: refused), for how long, with copies or not, why."""

    document_ids: frozenset[str]
    days: int
    copies: bool
    reason: str


def ask(own: Account, request: UseRequest, services: Services) -> UseRequest:
    """Record a request; its id, account and time are made here.

    Raises:
        Rejected(USE_REQUEST_INVALID): No dossier code, no purpose, too long, or too many days; the detail names it.
        Rejected(USE_TOO_MANY): So many requests of the account wait already.
    """
    code = parse_code(request.code)
    if code is None:
        raise Rejected(Code.USE_REQUEST_INVALID, "code")
    wanted, purpose = _text(request.wanted, 0), _text(request.purpose, _SHORTEST)
    if not 1 <= request.days <= LONGEST_DAYS:
        raise Rejected(Code.USE_REQUEST_INVALID, "days")
    now = services.clock()
    made = replace(
        request,
        id=secrets.token_hex(8),
        account_id=own.id,
        code=code.normal,
        wanted=wanted,
        purpose=purpose,
        asked_at=now,
    )
    with services.catalogue.write() as tx:
        if uses.count_asked(tx, own.id) >= MOST_OPEN:
            raise Rejected(Code.USE_TOO_MANY)
        uses.add(tx, made)
        access.note(tx, now, own.id, "use.ask", made.id, f"days={made.days} copies={int(made.copies)}")
    return made


def withdraw(own: Account, request_id: str, services: Services) -> None:
    """Take one's own request back before it is decided.

    Raises:
        Rejected(USE_DECIDED): It is unknown, another's, or decided.
    """
    with services.catalogue.write() as tx:
        found = uses.find(tx, request_id, lock=True)
        if found is None or found.account_id != own.id or found.state is not UseState.ASKED:
            raise Rejected(Code.USE_DECIDED)
        uses.settle(tx, request_id, UseState.WITHDRAWN, own.id, services.clock())
        access.note(tx, services.clock(), own.id, "use.withdraw", request_id)


def decide(own: Account, request_id: str, dossier: Dossier | None, said: Decision, services: Services) -> None:
    """Grant or refuse a request; whether the approver may see the dossier was checked before.

    Args:
        own: The approver.
        request_id: Of which request.
        dossier: What it is about; None where there is no such dossier: it can be refused only.
        said: What the approver says.
        services: Of this process.

    Raises:
        Rejected(USE_DECIDED): It is decided already.
        Rejected(USE_OWN): It is the approver's own.
        Rejected(USE_REQUEST_INVALID): More days or copies than were asked for, documents of something else, or a
            refusal without a reason; the detail names it.
    """
    now, reason = services.clock(), _text(said.reason, 0 if said.document_ids else _SHORTEST)
    with services.catalogue.write() as tx:
        if dossier is not None:
            intakes.lock_dossiers(tx, [dossier.id])
        found = _open(tx, own, request_id)
        if not said.document_ids:
            uses.settle(tx, request_id, UseState.REFUSED, own.id, now, reason)
            access.note(tx, now, own.id, "use.refuse", request_id)
            return
        if dossier is None or not _within(tx, found, dossier, said):
            raise Rejected(Code.USE_REQUEST_INVALID, "more than was asked for")
        _grant(tx, own, found, dossier, said, now)
        uses.settle(tx, request_id, UseState.GRANTED, own.id, now, reason)
        access.note(tx, now, own.id, "use.grant", request_id, f"documents={len(said.document_ids)}")
        close_when_archived(tx, dossier.id, services)


def end(own: Account, request_id: str, dossier: Dossier, services: Services) -> None:
    """End what was granted, before its time.

    Raises:
        Rejected(USE_DECIDED): Nothing of it is granted.
    """
    now = services.clock()
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [dossier.id])
        found = uses.find(tx, request_id, lock=True)
        if found is None or found.state is not UseState.GRANTED:
            raise Rejected(Code.USE_DECIDED)
        uses.end(tx, request_id, now)
        uses.settle(tx, request_id, UseState.ENDED, own.id, now, found.reason)
        events.append(tx, dossier.id, "use_ended", now, {"request": request_id}, actor=own.login)
        access.note(tx, now, own.id, "use.end", request_id)
        close_when_archived(tx, dossier.id, services)


def _open(tx: Transaction, own: Account, request_id: str) -> UseRequest:
    found = uses.find(tx, request_id, lock=True)
    if found is None or found.state is not UseState.ASKED:
        raise Rejected(Code.USE_DECIDED)
    if found.account_id == own.id:
        raise Rejected(Code.USE_OWN)
    return found


def _within(tx: Transaction, found: UseRequest, dossier: Dossier, said: Decision) -> bool:
    """Return whether a decision stays within the request, and is about documents of its dossier."""
    known: Collection[str] = {each.id for each in documents.live(tx, dossier.id)}
    asked = 1 <= said.days <= found.days and said.copies <= found.copies
    return asked and dossier.code == found.code and said.document_ids <= set(known)


def _grant(tx: Transaction, own: Account, found: UseRequest, dossier: Dossier, said: Decision, now: datetime) -> None:
    until = now + timedelta(days=said.days)
    ids = sorted(said.document_ids)
    uses.grant(tx, (Grant(found.id, each, found.account_id, said.copies, until) for each in ids), now)
    payload = {
        "request": found.id,
        "documents": ids,
        "account": found.account_id,
        "copies": said.copies,
        "until": until.isoformat(timespec="seconds"),
    }
    events.append(tx, dossier.id, "use_granted", now, payload, actor=own.login)


def _text(text: str, shortest: int) -> str:
    """Return a text as it is stored."""
    plain = nfc(" ".join(text.split()))
    if not shortest <= len(plain) <= _LONGEST or "\0" in plain:
        raise Rejected(Code.USE_REQUEST_INVALID, "text")
    return plain
