"""Requests to use a record: those who need it ask here, approvers of its unit decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import Response

from catalog import accounts, documents, intakes, uses
from catalog.uses import Grant, UseRequest, UseState
from dossier.errors import Code, HososoError, Rejected
from dossier.model import Document
from dossier.people import Permission
from dossier.wording import Advice, advice
from pipeline.uses import LONGEST_DAYS, Decision, ask, decide, end, withdraw
from web.rules import Page, Rule, Subject
from web.visit import Visit

_SHOWN = 50
_NOBODY = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Granted:
    """A document that may be seen, by its kind, and until when."""

    document: Document
    kind: str
    grant: Grant


def mine(visit: Visit, told: Advice | None = None, status: int = 200) -> Response:
    """Show one's own requests and the form for another."""
    services = visit.house.services
    with services.catalogue.read() as tx:
        own = uses.of_account(tx, visit.someone().id, _SHOWN)
        granted = {each.id: _granted(visit, uses.grants_of(tx, each.id)) for each in own}
    return visit.page(
        "requests.html",
        status=status,
        told=told,
        requests=own,
        granted=granted,
        now=services.clock(),
        form=visit.form,
        code=visit.form.get("code", visit.query.get("code", "")),
        most=LONGEST_DAYS,
    )


def asking(visit: Visit) -> Response:
    """Take in a request."""
    form = visit.form
    asked = UseRequest(
        "",
        "",
        form.get("code", "")[:100],
        form.get("wanted", ""),
        form.get("purpose", ""),
        _number(form.get("days", "")),
        form.get("copies") == "on",
        _NOBODY,
    )
    try:
        ask(visit.someone(), asked, visit.house.services)
    except HososoError as exc:
        return mine(visit, advice(exc, visit.house.language), 422)
    return visit.go("/requests")


def withdrawing(visit: Visit) -> Response:
    """Take one's own request back."""
    withdraw(visit.someone(), visit.form.get("id", "")[:64], visit.house.services)
    return visit.go("/requests")


def approvals(visit: Visit) -> Response:
    """Show what waits for a decision, and what is granted."""
    with visit.house.services.catalogue.read() as tx:
        waiting = uses.in_state(tx, UseState.ASKED, visit.units, _SHOWN)
        granted = uses.in_state(tx, UseState.GRANTED, visit.units, _SHOWN)
        names = {each.id: each.name for each in accounts.every(tx)}
        replacing = len(intakes.unapproved(tx, visit.units, _SHOWN))
    return visit.page("approvals.html", waiting=waiting, granted=granted, names=names, replacing=replacing)


def approval(visit: Visit, told: Advice | None = None, status: int = 200) -> Response:
    """Show one request with the documents of its dossier."""
    asked, services = visit.its_request(), visit.house.services
    with services.catalogue.read() as tx:
        live = documents.live(tx, visit.dossier.id) if visit.dossier is not None else []
        granted = _granted(visit, uses.grants_of(tx, asked.id))
        names = {each.id: each.name for each in accounts.every(tx)}
    return visit.page(
        "approval.html",
        status=status,
        told=told,
        asked=asked,
        dossier=visit.dossier,
        documents=[(each, services.rules.kind(each.kind).name) for each in live[:_SHOWN]],
        granted=granted,
        names=names,
    )


def deciding(visit: Visit) -> Response:
    """Take in a decision; without any document it is a refusal, which needs a reason."""
    form, asked = visit.form, visit.its_request()
    chosen = frozenset(value for name, value in form.items() if name.startswith("document-"))
    said = Decision(
        chosen if form.get("decision") == "grant" else frozenset(),
        _number(form.get("days", "")),
        form.get("copies") == "on",
        form.get("reason", ""),
    )
    try:
        if form.get("decision") not in ("grant", "refuse") or (form.get("decision") == "grant" and not chosen):
            raise Rejected(Code.USE_REQUEST_INVALID, "decision")
        decide(visit.someone(), asked.id, visit.dossier, said, visit.house.services)
    except HososoError as exc:
        return approval(visit, advice(exc, visit.house.language), 422)
    return visit.go("/approvals")


def ending(visit: Visit) -> Response:
    """End what was granted."""
    end(visit.someone(), visit.its_request().id, visit.its_dossier(), visit.house.services)
    return visit.go("/approvals")


def _granted(visit: Visit, grants: list[Grant]) -> list[Granted]:
    services = visit.house.services
    with services.catalogue.read() as tx:
        found = [(documents.find(tx, each.document_id), each) for each in grants]
    return [Granted(one, services.rules.kind(one.kind).name, each) for one, each in found if one is not None]


def _number(text: str) -> int:
    """Return a whole number; 0, which is never right, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004


_ASKS = Rule(Permission.ASK)
PAGES = (
    Page("GET", "/requests", Rule(Permission.ASK, noted="use.mine"), mine),
    Page("POST", "/requests", _ASKS, asking),
    Page("POST", "/requests/withdraw", _ASKS, withdrawing),
    Page("GET", "/approvals", Rule(Permission.APPROVE, noted="use.list"), approvals),
    Page("GET", "/approvals/{request}", Rule(Permission.APPROVE, Subject.REQUEST, "use.view"), approval),
    Page("POST", "/approvals/{request}", Rule(Permission.APPROVE, Subject.REQUEST, "use.decide"), deciding),
    Page("POST", "/approvals/{request}/end", Rule(Permission.APPROVE, Subject.REQUEST, "use.ending"), ending),
)
