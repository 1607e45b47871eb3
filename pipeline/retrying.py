"""Retry: a person says that what was set aside should be tried once more."""

from __future__ import annotations

from catalog import Transaction, documents, intakes, pages, problems, queue, work
from dossier.errors import Code
from dossier.model import Document, Dossier, Intake, WorkItem
from dossier.states import DocumentState, FileState, IntakeState, PageState, Step
from pipeline.services import Services
from pipeline.setbacks import DOCUMENT_STEPS, subject

_BACK_TO = {
    Step.CLASSIFY: (DocumentState.ASSEMBLED,),
    Step.RENDER: (DocumentState.CLASSIFIED,),
    Step.SIGN: (DocumentState.RENDERED, DocumentState.WAITING_SIGNATURE),
}


def retry(services: Services, dossier: Dossier | None = None) -> int:
    """Make what was set aside ready again, of one dossier or of all; return how many things that are.

    Steps on documents go on where they stopped. Files and pages that could not be taken or read are looked at anew:
    the next `deliver` of their folder makes a new version, and what is already archived is not done again.
    """
    with services.catalogue.write() as tx:
        wanted = [dossier] if dossier else intakes.all_dossiers(tx)
        ids = {one.id for one in wanted}
        again = sum(_again(tx, item, ids, services) for item in queue.quarantined(tx))
        return again + sum(_look_anew(tx, one) for one in wanted)


def resume_stops(tx: Transaction, services: Services) -> None:
    """Make stops ready again that were set aside before their end: a marked scan does not wait for a person."""
    for item in queue.quarantined(tx):
        intake = intakes.get(tx, queue.intake_of(tx, item.id))
        if item.step is Step.READ and intake.state is IntakeState.STOPPED:
            work.requeue(tx, item, services.clock())
            problems.resolve(tx, intake.folder, subject(tx, item, intake), Code(item.error), services.clock())


def _again(tx: Transaction, item: WorkItem, dossier_ids: set[str], services: Services) -> bool:
    intake = intakes.get(tx, queue.intake_of(tx, item.id))
    if intake.dossier_id not in dossier_ids:
        return False
    if item.step in DOCUMENT_STEPS:
        for state in _states_before(item.step, documents.get(tx, item.subject)):
            documents.move(tx, item.subject, state)
    elif item.step is not Step.CLOSE and intake.state is not IntakeState.STOPPED:
        return False  # its folder is looked at anew
    work.requeue(tx, item, services.clock())
    problems.resolve(tx, intake.folder, subject(tx, item, intake), Code(item.error), services.clock())
    return True


def _states_before(step: Step, document: Document) -> tuple[DocumentState, ...]:
    if step is Step.ARCHIVE:
        return (DocumentState.CLASSIFIED if document.born_signed else DocumentState.SIGNED,)
    return _BACK_TO[step]


def _look_anew(tx: Transaction, dossier: Dossier) -> bool:
    newest = intakes.latest(tx, dossier.id)
    if newest is None or newest.state is IntakeState.STOPPED or not _lacks_something(tx, newest):
        return False
    intakes.forget_look(tx, newest.id)
    return True


def _lacks_something(tx: Transaction, intake: Intake) -> bool:
    if intake.state is IntakeState.REJECTED:
        return True
    rejected = any(file.state is FileState.REJECTED for file in intakes.files(tx, intake.id))
    return rejected or any(page.state is PageState.QUARANTINED for page in pages.of_intake(tx, intake.id))
