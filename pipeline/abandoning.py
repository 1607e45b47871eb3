"""Abandoning: deliveries that cannot go on, because the pages held for them are in no backup and no archive.

The holding area is never copied: what is in it has not been cleared. What was still to be read or rendered from it is
given up, with an event and a problem that names the folder, and the folder is looked at anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from catalog import Transaction, documents, events, intakes, objects, pages, problems, renditions, work
from dossier.errors import Code
from dossier.model import Document, Intake
from dossier.states import DocumentState, IntakeState
from pipeline.closing import close_at
from pipeline.setbacks import DOCUMENT_STEPS


def abandon(tx: Transaction, is_stored: Callable[[str], bool], now: datetime) -> list[str]:
    """Give up what needs held pages; return the codes of the dossiers concerned, in order.

    Documents whose rendition or signed original is stored go on: they wait for a key, not for pages.
    """
    codes = {_abandon_delivery(tx, intake, now) for intake in intakes.under_way(tx)}
    lost: dict[str, list[Document]] = {}
    for document in documents.unfinished(tx):
        if not _is_rendered(tx, document, is_stored):
            lost.setdefault(document.dossier_id, []).append(document)
    for dossier_id, own in lost.items():
        _abandon_documents(tx, dossier_id, own, now)
        codes.add(own[0].code)
    return sorted(codes)


def _abandon_delivery(tx: Transaction, intake: Intake, now: datetime) -> str:
    work.cancel_intake(tx, intake.id, now)
    intakes.set_state(tx, intake.id, IntakeState.REJECTED, Code.HOLDING_LOST.value)
    for page in pages.of_intake(tx, intake.id):  # what is delivered anew is asked about anew
        problems.resolve(tx, intake.folder, page.label, Code.SECRECY_ASKED, now)
    _tell(tx, intake, now)
    return intake.code


def _abandon_documents(tx: Transaction, dossier_id: str, own: list[Document], now: datetime) -> None:
    for document in own:
        work.cancel_subject(tx, DOCUMENT_STEPS, document.id, now)
        documents.move(tx, document.id, DocumentState.QUARANTINED, Code.HOLDING_LOST.value)
    newest = next(intake for intake in intakes.assembled(tx, dossier_id))
    _tell(tx, newest, now)


def _tell(tx: Transaction, intake: Intake, now: datetime) -> None:
    events.append(tx, intake.dossier_id, "abandoned", now, {"intake": intake.id, "code": Code.HOLDING_LOST.value})
    intakes.forget_look(tx, intake.id)
    problems.report(tx, intake.folder, intake.code, Code.HOLDING_LOST, "", now)
    close_at(tx, intake.dossier_id, now)


def _is_rendered(tx: Transaction, document: Document, is_stored: Callable[[str], bool]) -> bool:
    if document.born_signed:
        return True
    stored = renditions.of_document(tx, document.id)
    for one in stored:
        if not is_stored(one.ref.sha256):
            renditions.remove(tx, document.id, one.role)
            objects.drop_claim(tx, one.ref.sha256, f"{one.role}:{document.id}")
    return any(is_stored(one.ref.sha256) for one in stored)
