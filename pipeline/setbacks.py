"""Setbacks: what follows for page, document and delivery when a work item must wait or is set aside."""

from __future__ import annotations

from catalog import Transaction, documents, intakes, pages, problems, queue, work
from dossier.errors import Code
from dossier.model import Intake, WorkItem
from dossier.states import DocumentState, FileState, IntakeState, PageState, Step
from pipeline.closing import close_when_archived
from pipeline.read import assemble_when_read
from pipeline.services import Services
from pipeline.turns import waiting_state

DOCUMENT_STEPS = (Step.CLASSIFY, Step.RENDER, Step.SIGN, Step.ARCHIVE)
_WAITS_FOR = {
    Code.TSA_UNAVAILABLE: DocumentState.WAITING_TIMESTAMP,
    Code.CLOCK_SKEW: DocumentState.WAITING_TIMESTAMP,
    Code.VALIDATION_DATA_UNAVAILABLE: DocumentState.WAITING_VALIDATION,
}


def put_off(item: WorkItem, seconds: float, code: Code, detail: str, services: Services) -> None:
    """Give an item back to be tried later; a document on the signing list says what it waits for.

    Raises:
        LostLease: The item belongs to another worker by now.
        Unavailable: The catalogue cannot be written.
    """
    with services.catalogue.write() as tx:
        work.lock_dossier_of(tx, item)
        work.postpone(tx, item, services.clock(), seconds, (code, detail))
        if item.step is Step.SIGN:
            state = _WAITS_FOR.get(code) or waiting_state(tx, item.subject, services)
            documents.move(tx, item.subject, state, code.value)


def set_aside(item: WorkItem, code: Code, detail: str, services: Services) -> None:
    """Set an item aside until a person deals with it; the rest of its dossier goes on.

    Raises:
        LostLease: The item belongs to another worker by now.
        Unavailable: The catalogue cannot be written.
    """
    with services.catalogue.write() as tx:
        work.lock_dossier_of(tx, item)
        work.quarantine(tx, item, services.clock(), code, detail)
        _follow_up(tx, item, code, detail, services)


def give_back(worker_prefix: str, services: Services, *, crashed: bool) -> int:
    """Make the claims of workers that are gone ready again; return how many."""
    with services.catalogue.write() as tx:
        return work.release(tx, worker_prefix, services.clock(), crashed=crashed)


def tell(tx: Transaction, item: WorkItem, code: Code, detail: str, services: Services) -> None:
    """Put an item that was set aside on the list of what a person must deal with."""
    intake = intakes.get(tx, queue.intake_of(tx, item.id))
    problems.report(tx, intake.folder, subject(tx, item, intake), code, detail, services.clock())


def subject(tx: Transaction, item: WorkItem, intake: Intake) -> str:
    """Return what an item concerns as people know it: file and page, or the dossier's code."""
    if item.step is Step.READ:
        page = pages.get(tx, item.subject)
    elif item.step in DOCUMENT_STEPS:
        page = pages.get(tx, documents.get(tx, item.subject).page_ids[0])
    else:
        return intake.code
    return page.label


def left_out(tx: Transaction, intake: Intake) -> set[str]:
    """Return what of a delivery could not be taken or read, as it stands on the list: dossier code, files, pages."""
    found = {intake.code} if intake.state in (IntakeState.REJECTED, IntakeState.UNAPPROVED) else set()
    found |= {file.name for file in intakes.files(tx, intake.id) if file.state is FileState.REJECTED}
    own_pages = pages.of_intake(tx, intake.id)
    return found | {page.label for page in own_pages if page.state is PageState.QUARANTINED}


def _follow_up(tx: Transaction, item: WorkItem, code: Code, detail: str, services: Services) -> None:
    tell(tx, item, code, detail, services)
    intake = intakes.get(tx, queue.intake_of(tx, item.id))
    if item.step in DOCUMENT_STEPS:
        documents.move(tx, item.subject, DocumentState.QUARANTINED, code.value)
    elif item.step is Step.READ and intake.state is IntakeState.READING:
        pages.set_quarantined(tx, item.subject, code.value)
        assemble_when_read(tx, intake.id, services)
    elif item.step in (Step.RECEIVE, Step.ASSEMBLE):
        # What waits for an approval keeps its held pages.
        waits = code is Code.REPLACEMENT_NOT_APPROVED
        intakes.set_state(tx, intake.id, IntakeState.UNAPPROVED if waits else IntakeState.REJECTED, code.value)
        close_when_archived(tx, intake.dossier_id, services)
