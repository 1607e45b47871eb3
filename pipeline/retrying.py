"""Retry: a person says that what was set aside should be tried once more."""

from __future__ import annotations

from itertools import product
from pathlib import Path

from catalog import Transaction, documents, events, intakes, pages, problems, queue, renditions, work
from dossier.codes import parse_code
from dossier.errors import Code
from dossier.model import Document, Dossier, Intake, WorkItem
from dossier.states import DocumentState, IntakeState, SignerRole, Step
from pipeline.closing import close_when_archived
from pipeline.names import signing_note_name
from pipeline.services import Services
from pipeline.setbacks import DOCUMENT_STEPS, left_out, subject
from pipeline.turns import let_go, turn_of, waiting_state

_BACK_TO = {
    Step.CLASSIFY: (DocumentState.ASSEMBLED,),
    Step.RENDER: (DocumentState.CLASSIFIED,),
}


def retry(services: Services, dossier: Dossier | None = None) -> int:
    """Make what was set aside ready again, of one dossier or of all; return how many things that are.

    Steps on documents go on where they stopped; a signature that did not validate is made again. Files and pages
    that could not be taken or read are looked at anew: the next `deliver` of their folder makes a new version, and
    what is already archived is not done again. What was given up is left alone, unless its dossier is named. The same
    holds for documents whose held pages are lost.

    Raises:
        Unavailable: The holding area cannot be reached, and a signature must be forgotten there first.
    """
    with services.catalogue.read() as tx:
        wanted = [dossier] if dossier else _troubled(tx)
    return sum(_retry(each, services, asked=dossier is not None) for each in wanted)


def resume_stops(tx: Transaction, services: Services) -> None:
    """Make stops ready again that were set aside before their end: a marked scan does not wait for a person."""
    for item in queue.quarantined(tx):
        intake = intakes.get(tx, queue.intake_of(tx, item.id))
        if item.step is Step.READ and intake.state is IntakeState.STOPPED:
            work.requeue(tx, item, services.clock())
            problems.resolve(tx, intake.folder, subject(tx, item, intake), Code(item.error), services.clock())


def _troubled(tx: Transaction) -> list[Dossier]:
    """Return the dossiers that have something set aside or on the list, in order of code."""
    ids = {intakes.get(tx, queue.intake_of(tx, item.id)).code for item in queue.quarantined(tx)}
    folders = {problem.folder for problem in problems.open_problems(tx)}
    codes = ids | {parsed.normal for folder in folders if (parsed := parse_code(Path(folder).name))}
    return [found for code in sorted(codes) if (found := intakes.find_dossier(tx, code))]


def _retry(dossier: Dossier, services: Services, *, asked: bool) -> int:
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [dossier.id])
        again = sum(_again(tx, item, services) for item in queue.quarantined(tx, dossier.id))
        again += _look_anew(tx, dossier, services, asked=asked)
        if again:
            close_when_archived(tx, dossier.id, services)
        return again


def _again(tx: Transaction, item: WorkItem, services: Services) -> bool:
    intake = intakes.get(tx, queue.intake_of(tx, item.id))
    if item.step in DOCUMENT_STEPS:
        if _has_lost_its_pages(tx, item, services):
            return _deliver_anew(tx, intake)
        _document_again(tx, item, services)
    elif item.step is not Step.CLOSE and intake.state is not IntakeState.STOPPED:
        return False  # its folder is looked at anew
    else:
        work.requeue(tx, item, services.clock())
    problems.resolve(tx, intake.folder, subject(tx, item, intake), Code(item.error), services.clock())
    payload = {"step": item.step.value, "subject": item.subject, "was": item.error}
    events.append(tx, intake.dossier_id, "retried", services.clock(), payload, actor=services.office.actor)
    return True


def _has_lost_its_pages(tx: Transaction, item: WorkItem, services: Services) -> bool:
    """Return whether a document cannot be rendered ever: the holding area was lost, with the images of its pages."""
    if item.step is not Step.RENDER or item.error != Code.OBJECT_MISSING:
        return False
    own = pages.by_ids(tx, documents.get(tx, item.subject).page_ids)
    return not all(services.holding.has_key(batch) for batch in sorted({page.intake_id for page in own}))


def _deliver_anew(tx: Transaction, intake: Intake) -> bool:
    """Have the folder looked at anew: its next delivery makes the document again, this one stays aside until then."""
    newest = intakes.latest(tx, intake.dossier_id)
    if newest is None or newest.state is IntakeState.STOPPED:
        return False
    intakes.forget_look(tx, newest.id)
    return True


def _document_again(tx: Transaction, item: WorkItem, services: Services) -> None:
    document = documents.get(tx, item.subject)
    if item.error == Code.SIGNATURE_INVALID:
        _sign_again(tx, item, document, services)
        return
    if item.error == Code.SIGNING_INPUT_CHANGED:  # what the officer signed may be the file that is not the right one
        let_go(tx, document.id, renditions.COMPARED)
    for state in _states_before(tx, item.step, document, services):
        documents.move(tx, document.id, state)
    work.requeue(tx, item, services.clock())


def _sign_again(tx: Transaction, item: WorkItem, document: Document, services: Services) -> None:
    """Put a document back on the signing list; the signed file that does not validate is let go."""
    turn = turn_of(tx, document.id, services)
    held = [each for each in (turn.source, turn.rendered) if each] if turn else []
    for source, role in product(held, SignerRole):  # else a worker that was killed could still hand over the bad file
        services.holding.forget(document.intake_id, signing_note_name(source.sha256, role))
    # Which of its signatures is the bad one nobody knows: the officer who compared signs again too.
    let_go(tx, document.id, renditions.COMPARED, renditions.SIGNED)  # the next sweep removes the bytes
    for state in _states_before(tx, Step.SIGN, document, services):
        documents.move(tx, document.id, state)
    work.remove(tx, item)
    work.revive(tx, Step.SIGN, document.id, services.clock())


def _states_before(tx: Transaction, step: Step, document: Document, services: Services) -> tuple[DocumentState, ...]:
    if step is Step.ARCHIVE:
        return (DocumentState.CLASSIFIED if document.born_signed else DocumentState.SIGNED,)
    if step is Step.SIGN:
        return (DocumentState.RENDERED, waiting_state(tx, document.id, services))
    return _BACK_TO[step]


def _look_anew(tx: Transaction, dossier: Dossier, services: Services, *, asked: bool) -> bool:
    newest = intakes.latest(tx, dossier.id)
    if newest is None or newest.state is IntakeState.STOPPED or not _lacks_something(tx, newest, asked=asked):
        return False
    intakes.forget_look(tx, newest.id)
    payload = {"intake": newest.id}
    events.append(tx, dossier.id, "retried", services.clock(), payload, actor=services.office.actor)
    return True


def _lacks_something(tx: Transaction, intake: Intake, *, asked: bool) -> bool:
    out = left_out(tx, intake)
    return bool(out) and (asked or any(each.subject in out for each in problems.open_problems(tx, intake.folder)))
