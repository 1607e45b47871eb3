"""Give up: a person says that what was set aside will not be digitised, and why. Its dossier can then be closed."""

from __future__ import annotations

from dataclasses import dataclass

from catalog import Transaction, documents, events, intakes, problems, queue, work
from dossier.errors import Code
from dossier.model import Document, Dossier, Intake, WorkItem
from dossier.states import DocumentState, GivenUpFor, IntakeState, Step
from pipeline.closing import close_when_archived
from pipeline.services import Services
from pipeline.setbacks import DOCUMENT_STEPS, left_out, subject
from pipeline.turns import let_go


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What was given up: documents that are withdrawn now; files, pages and deliveries that stay out."""

    documents: int
    others: int


def give_up(dossier: Dossier, reason: GivenUpFor, services: Services) -> GivenUp:
    """Give up whatever of a dossier was set aside, and record it in the chain of the dossier.

    A document is withdrawn: it stays in the catalogue, the reports count it as not digitised, the manifest shows it.
    A file, page or delivery that could not be taken stays out; it is no longer on the list of problems. What stops a
    dossier for a state-secret marking, and the closing of a dossier, cannot be given up.
    """
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [dossier.id])
        _turn_down(tx, dossier, services)
        items = [item for item in queue.quarantined(tx, dossier.id) if item.step is not Step.CLOSE]
        withdrawn = sum(_give_up_item(tx, item, reason, services) for item in items)
        withdrawn += sum(_give_up_abandoned(tx, each, reason, services) for each in documents.live(tx, dossier.id))
        newest = intakes.latest(tx, dossier.id)
        others = _leave_out(tx, newest, reason, services) if newest else 0
        if withdrawn or others:
            close_when_archived(tx, dossier.id, services)
    return GivenUp(withdrawn, others)


def turn_down(dossier: Dossier, reason: GivenUpFor, services: Services) -> None:
    """Give up only the newest delivery, which would replace signed documents; other things set aside stay so."""
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [dossier.id])
        _turn_down(tx, dossier, services)
        newest = intakes.latest(tx, dossier.id)
        if newest and _leave_out(tx, newest, reason, services):
            close_when_archived(tx, dossier.id, services)


def _turn_down(tx: Transaction, dossier: Dossier, services: Services) -> None:
    """Reject a delivery that would replace signed documents: these stay as they are. `_leave_out` tells of it."""
    for item in queue.quarantined(tx, dossier.id):
        intake = intakes.get(tx, queue.intake_of(tx, item.id))
        if item.step is Step.ASSEMBLE and intake.state is IntakeState.UNAPPROVED:
            work.cancel_item(tx, item, services.clock())
            intakes.set_state(tx, intake.id, IntakeState.REJECTED, item.error)


def _give_up_item(tx: Transaction, item: WorkItem, reason: GivenUpFor, services: Services) -> bool:
    """Cancel an item; return whether a document is withdrawn with it."""
    intake = intakes.get(tx, queue.intake_of(tx, item.id))
    if intake.state is IntakeState.STOPPED:
        return False
    problems.resolve(tx, intake.folder, subject(tx, item, intake), Code(item.error), services.clock())
    work.cancel_item(tx, item, services.clock())
    if item.step not in DOCUMENT_STEPS:
        return False  # `_leave_out` tells of it
    _withdraw(tx, item.subject, intake, Code(item.error), reason, services)
    return True


def _give_up_abandoned(tx: Transaction, document: Document, reason: GivenUpFor, services: Services) -> bool:
    """Withdraw a document that a restore has left without its held pages: it has no item that could be set aside."""
    if document.state is not DocumentState.QUARANTINED or document.error != Code.HOLDING_LOST:
        return False
    for intake in intakes.assembled(tx, document.dossier_id):  # one of them is the one that the list names
        problems.resolve(tx, intake.folder, intake.code, Code.HOLDING_LOST, services.clock())
    own = intakes.get(tx, document.intake_id)
    _withdraw(tx, document.id, own, Code.HOLDING_LOST, reason, services)
    return True


def _withdraw(
    tx: Transaction, document_id: str, intake: Intake, was: Code, reason: GivenUpFor, services: Services
) -> None:
    documents.move(tx, document_id, DocumentState.WITHDRAWN, reason.value)
    let_go(tx, document_id)  # the scans and their words stay, they are the dossier's
    _tell(tx, intake, {"document": document_id, "was": was.value, "reason": reason.value}, services)


def _leave_out(tx: Transaction, intake: Intake, reason: GivenUpFor, services: Services) -> int:
    """Take off the list what of a delivery could not be taken or read; return how many things that were."""
    if intake.state is IntakeState.STOPPED:
        return 0
    out = left_out(tx, intake)
    known = [each for each in problems.open_problems(tx, intake.folder) if each.subject in out]
    for each in known:
        problems.resolve(tx, intake.folder, each.subject, each.code, services.clock())
        # No name of a file goes into the chain: the delivery and the code say what it was.
        _tell(tx, intake, {"intake": intake.id, "was": each.code.value, "reason": reason.value}, services)
    return len(known)


def _tell(tx: Transaction, intake: Intake, payload: dict[str, str], services: Services) -> None:
    events.append(tx, intake.dossier_id, "given_up", services.clock(), payload, actor=services.office.actor)
