"""Replacing what is signed: a later delivery may do it once a person has approved it, with a reason.

The old documents stay in the archive under their own locks; `show` names them, `verify` and `export` take them along.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from catalog import Transaction, events, hand_overs, intakes, problems, queue, work
from dossier.errors import Code, Rejected
from dossier.model import Document, Dossier, Intake, WorkItem
from dossier.people import Account
from dossier.states import DocumentState, GivenUpFor, IntakeState, ReplacedFor, Step
from pipeline.giving_up import turn_down
from pipeline.services import Services

APPROVED = "replacement_approved"
_SIGNED = (DocumentState.SIGNED, DocumentState.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Approval:
    """Why signed documents are replaced, and the account of the person who has approved it."""

    reason: ReplacedFor
    approver: str


def check_approved(tx: Transaction, intake: Intake, gone: list[Document], services: Services) -> None:
    """Let a delivery replace documents, unless some of them are signed and nobody has approved it.

    Raises:
        Rejected(REPLACEMENT_NOT_APPROVED): The detail says how many signed documents it is about.
    """
    signed = sum(document.state in _SIGNED for document in gone)
    if signed and services.approvals_needed and not _is_approved(tx, intake):
        raise Rejected(Code.REPLACEMENT_NOT_APPROVED, f"signed documents: {signed}", subject=intake.code)


def _is_approved(tx: Transaction, intake: Intake) -> bool:
    chain = events.chain(tx, intake.dossier_id)
    return any(event.kind == APPROVED and event.payload["intake"] == intake.id for event in chain)


def approve(dossier: Dossier, approval: Approval, services: Services) -> int:
    """Record an approval in the dossier's chain and let the newest delivery go on; return how many documents wait.

    Raises:
        Rejected: REPLACEMENT_UNKNOWN, no delivery of the dossier waits for an approval; APPROVER_NOT_ANOTHER, who
            approves is who acts.
    """
    if approval.approver == services.office.actor:
        raise Rejected(Code.APPROVER_NOT_ANOTHER, subject=dossier.code)
    return _let_go_on(dossier, approval, services.office.actor, services)


def approve_as(own: Account, dossier: Dossier, reason: ReplacedFor, services: Services) -> int:
    """Approve in the name of an account that is signed in; see `approve`. Nobody approves what they handed over."""
    return _let_go_on(dossier, Approval(reason, own.id), own.login, services)


def turn_down_as(own: Account, dossier: Dossier, reason: GivenUpFor, services: Services) -> None:
    """Turn down the delivery that waits: what is signed stays as it is.

    Raises:
        Rejected(REPLACEMENT_UNKNOWN): No delivery of the dossier waits for an approval.
    """
    with services.catalogue.read() as tx:
        _waiting(tx, dossier)
    turn_down(dossier, reason, replace(services, office=replace(services.office, actor=own.login)))


def _let_go_on(dossier: Dossier, approval: Approval, actor: str, services: Services) -> int:
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [dossier.id])
        item, intake = _waiting(tx, dossier)
        brought = hand_overs.of_intake(tx, intake.id)
        if brought is not None and brought.account_id == approval.approver:
            raise Rejected(Code.APPROVER_NOT_ANOTHER, subject=dossier.code)
        payload = {"intake": intake.id, "reason": approval.reason.value, "approver": approval.approver}
        events.append(tx, dossier.id, APPROVED, services.clock(), payload, actor=actor)
        intakes.set_state(tx, intake.id, IntakeState.READING)
        work.requeue(tx, item, services.clock())
        problems.resolve(tx, intake.folder, intake.code, Code.REPLACEMENT_NOT_APPROVED, services.clock())
        return int(item.detail.rpartition(" ")[2])


def _waiting(tx: Transaction, dossier: Dossier) -> tuple[WorkItem, Intake]:
    for item in queue.quarantined(tx, dossier.id):
        intake = intakes.get(tx, queue.intake_of(tx, item.id))
        if item.step is Step.ASSEMBLE and intake.state is IntakeState.UNAPPROVED:
            return item, intake
    raise Rejected(Code.REPLACEMENT_UNKNOWN, subject=dossier.code)
