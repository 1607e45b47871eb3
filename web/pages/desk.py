"""The signing desk: what waits and why, batches for the token, what became of them, and what is due for renewal.

The agency's desk and that of the officer who compared are two pages with two permissions: nobody prepares both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.x509 import NameOID
from starlette.responses import Response

from catalog import batches, documents, fields
from catalog.batches import Batch, Cause
from catalog.signing_list import Waiting
from dossier.errors import Code, Rejected
from dossier.model import Document
from dossier.people import Permission
from dossier.states import SignerRole
from dossier.wording import Advice, advice, field_name, say
from pipeline.batches import Result, choosable, count, is_over, prepare, results
from web.pages.documents import in_words
from web.rules import Handler, Page, Rule
from web.visit import Visit

_SHOWN = 50
_FIELDS = 4
_BATCHES = 5
ADDRESSES = {SignerRole.AGENCY: "/desk", SignerRole.OFFICER: "/compare"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A document that may be chosen: as it waits, its kind, its first values in words."""

    waiting: Waiting
    document: Document
    kind: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ToldCause:
    """Why documents wait, in words: the state, the cause and what to do; `told` is None where nothing is wrong."""

    state: str
    told: Advice | None
    cause: Cause


@dataclass(frozen=True, slots=True)
class Key:
    """A key that may sign here from elsewhere: whose it is, and until when."""

    name: str
    until: datetime
    over: bool


def desk_of(role: SignerRole) -> Handler:
    """Return the page that shows what waits for a role."""

    def show(visit: Visit) -> Response:
        """Show what waits, and let documents be chosen."""
        services, own = visit.house.services, visit.someone()
        shown = _shown(visit, choosable(services, role, visit.units, _SHOWN))
        with services.catalogue.read() as tx:
            causes = [_told(each, visit) for each in batches.causes(tx, visit.units)]
            mine = batches.of_account(tx, own.id, role, _BATCHES)
        now = services.clock()
        found = [(each, results(each, services)) for each in mine]
        return visit.page(
            "desk.html",
            role=role,
            address=ADDRESSES[role],
            causes=causes,
            keys=_keys(visit, role),
            here=services.key_at_hand(role) is not None,
            first=services.officer_first,
            desk=services.desk,
            shown=shown,
            more=len(shown) == _SHOWN,
            batches=[(each, _phase(each, done, now), count(done)) for each, done in found],
        )

    return show


def preparing(role: SignerRole) -> Handler:
    """Return what takes in the form with the chosen documents of a role."""

    def taken(visit: Visit) -> Response:
        """Prepare a batch and show it."""
        chosen = [_chosen(value) for name, value in sorted(visit.form.items()) if name.startswith("document-")]
        services = visit.house.services
        batch, left_out = prepare(chosen, visit.someone().id, role, visit.units, services)
        if batch is None:
            raise Rejected(Code.SIGNING_INPUT_CHANGED, "none of them waits as it was shown")
        without = f"&without={left_out}" if left_out else ""
        return visit.go(f"{ADDRESSES[role]}/batch?id={batch.id}{without}")

    return taken


def following(role: SignerRole) -> Handler:
    """Return the page that shows what became of a batch of one's own."""

    def follow(visit: Visit) -> Response:
        """Show a batch, document by document; without one that is one's own, show the desk."""
        batch = _own(visit, visit.query.get("id", ""), role)
        if batch is None:
            return visit.go(ADDRESSES[role])
        services = visit.house.services
        found = results(batch, services)
        now = services.clock()
        return visit.page(
            "batch.html",
            address=ADDRESSES[role],
            role=role,
            batch=batch,
            phase=_phase(batch, found, now),
            over=is_over(batch, now, found),
            without=visit.number("without", 0),
            counted=count(found),
            results=[(each, services.rules.kind(each.document.kind).name, _why(each, visit)) for each in found],
        )

    return follow


def giving_back(role: SignerRole) -> Handler:
    """Return what gives back a batch that no session has taken."""

    def close(visit: Visit) -> Response:
        """Give a batch of one's own back and show the desk."""
        batch = _own(visit, visit.form.get("id", ""), role)
        if batch is not None:
            with visit.house.services.catalogue.write() as tx:
                batches.close(tx, batch.id, visit.house.services.clock())
        return visit.go(ADDRESSES[role])

    return close


def _own(visit: Visit, batch_id: str, role: SignerRole) -> Batch | None:
    with visit.house.services.catalogue.read() as tx:
        found = batches.find(tx, batch_id[:64])
    mine = found is not None and found.account_id == visit.someone().id and found.role is role
    return found if mine else None


def _chosen(value: str) -> tuple[str, str]:
    document_id, colon, digest = value.partition(":")
    if not colon or len(value) > 200:  # noqa: PLR2004 - both are far shorter
        raise Rejected(Code.REQUEST_INVALID, "document")
    return document_id, digest


def _shown(visit: Visit, waiting: Sequence[Waiting]) -> list[Shown]:
    services, language = visit.house.services, visit.house.language
    found = []
    with services.catalogue.read() as tx:
        for each in waiting:
            values = [value for value in fields.of_document(tx, each.document_id) if value.value][:_FIELDS]
            named = tuple((field_name(value.name, language), in_words(value.value)) for value in values)
            found.append(Shown(each, documents.get(tx, each.document_id), services.rules.kind(each.kind).name, named))
    return found


def _told(cause: Cause, visit: Visit) -> ToldCause:
    language = visit.house.language
    told = advice(Code(cause.code), language) if cause.code in set(Code) else None
    return ToldCause(say(f"document_states.{cause.state.value}", language), told, cause)


def _why(result: Result, visit: Visit) -> Advice | None:
    return advice(Code(result.code), visit.house.language) if result.code in set(Code) else None


def _keys(visit: Visit, role: SignerRole) -> list[Key]:
    services = visit.house.services
    now, found = services.clock(), []
    for key in services.desk.keys_of(role).values() if services.desk else ():
        names = key.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        until = key.certificate.not_valid_after_utc
        found.append(Key(str(names[0].value) if names else "", until, until <= now))
    return found


def _phase(batch: Batch, found: Sequence[Result], now: datetime) -> str:
    """Return the key of the words for how far a batch is."""
    if batch.closed:
        return "closed"
    if batch.session_id:
        return "done" if is_over(batch, now, found) else "signing"
    return "open" if batch.open_at(now) else "expired"


def _pages(role: SignerRole, permission: Permission, noted: str) -> tuple[Page, ...]:
    def rule(what: str, more: Callable[[Visit], str] | None = None) -> Rule:
        """Return the rule of one page of the desk."""
        return Rule(permission, noted=f"{noted}.{what}", more=more)

    address = ADDRESSES[role]
    return (
        Page("GET", address, rule("view"), desk_of(role)),
        Page("POST", f"{address}/batches", rule("prepare"), preparing(role)),
        Page("GET", f"{address}/batch", rule("batch"), following(role)),
        Page("POST", f"{address}/batches/close", rule("close"), giving_back(role)),
    )


PAGES = (
    *_pages(SignerRole.AGENCY, Permission.SIGN, "desk"),
    *_pages(SignerRole.OFFICER, Permission.COMPARE, "compare"),
)
