"""Replacing what is signed: deliveries that would do so wait here until an approver lets them, or turns them down."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from catalog import Transaction, accounts, documents, hand_overs, intakes
from dossier.errors import Code, HososoError, Rejected
from dossier.model import Intake
from dossier.people import Permission
from dossier.states import DocumentState, GivenUpFor, ReplacedFor
from dossier.wording import Advice, advice, say
from pipeline.replacing import approve_as, turn_down_as
from web.rules import Page, Rule, Subject
from web.visit import Visit

_SHOWN = 50
_SIGNED = (DocumentState.SIGNED, DocumentState.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that waits: what it brings, who handed it over (empty: it came as a folder)."""

    intake: Intake
    files: tuple[str, ...]
    by: str


def listed(visit: Visit) -> Response:
    """Show the deliveries that wait."""
    with visit.house.services.catalogue.read() as tx:
        found = intakes.unapproved(tx, visit.units, _SHOWN)
        waiting = [_waiting(tx, each) for each in found]
    return visit.page("replacements.html", waiting=waiting, more=len(found) == _SHOWN)


def one(visit: Visit, told: Advice | None = None, status: int = 200) -> Response:
    """Show what a delivery brings beside the documents that are signed."""
    dossier, services = visit.its_dossier(), visit.house.services
    with services.catalogue.read() as tx:
        newest = intakes.latest(tx, dossier.id)
        waiting = _waiting(tx, newest) if newest and newest.error == Code.REPLACEMENT_NOT_APPROVED else None
        live = documents.live(tx, dossier.id)
    language = visit.house.language
    return visit.page(
        "replacement.html",
        status=status,
        told=told,
        dossier=dossier,
        waiting=waiting,
        signed=[(each, services.rules.kind(each.kind).name) for each in live if each.state in _SIGNED][:_SHOWN],
        reasons=[(each.value, say(f"replace_reasons.{each.value}", language)) for each in ReplacedFor],
        refusals=[(each.value, say(f"give_up_reasons.{each.value}", language)) for each in GivenUpFor],
    )


def decided(visit: Visit) -> Response:
    """Let the delivery go on, or turn it down, each with its reason."""
    form, own, dossier = visit.form, visit.someone(), visit.its_dossier()
    reason = form.get("reason", "")
    try:
        if form.get("decision") == "approve" and reason in set(ReplacedFor):
            approve_as(own, dossier, ReplacedFor(reason), visit.house.services)
        elif form.get("decision") == "refuse" and reason in set(GivenUpFor):
            turn_down_as(own, dossier, GivenUpFor(reason), visit.house.services)
        else:
            raise Rejected(Code.REQUEST_INVALID, "decision and reason", subject=dossier.code)
    except HososoError as exc:
        return one(visit, advice(exc, visit.house.language), 422)
    return visit.go("/replacements")


def _waiting(tx: Transaction, intake: Intake) -> Waiting:
    brought = hand_overs.of_intake(tx, intake.id)
    account = accounts.by_id(tx, brought.account_id) if brought else None
    return Waiting(intake, tuple(each.name for each in intakes.files(tx, intake.id)), account.name if account else "")


_LIST, _ONE = "/replacements", "/replacements/{dossier}"
PAGES = (
    Page("GET", _LIST, Rule(Permission.APPROVE, noted="replacement.list"), listed),
    Page("GET", _ONE, Rule(Permission.APPROVE, Subject.DOSSIER, "replacement.view"), one),
    Page("POST", _ONE, Rule(Permission.APPROVE, Subject.DOSSIER, "replacement.decide"), decided),
)
