"""Retiring: a document whose place another delivery has taken is live no more."""

from __future__ import annotations

from catalog import Transaction, documents, intakes, pages, problems, queue, work
from dossier.errors import Code
from dossier.model import Document, Intake
from dossier.states import DocumentState
from pipeline.services import Services
from pipeline.setbacks import DOCUMENT_STEPS, subject
from pipeline.turns import let_go
from pipeline.whole_dossier import settle


def retire(tx: Transaction, document: Document, intake: Intake, services: Services) -> None:
    """Mark a document as replaced. What was archived or signed stays and is finished; the rest is left undone."""
    documents.supersede(tx, [document.id], intake.id)
    settle(tx, document, pages.by_ids(tx, document.page_ids), services)
    if document.state in (DocumentState.SIGNED, DocumentState.ARCHIVED):
        return
    for item in queue.quarantined(tx, document.dossier_id):
        if item.step in DOCUMENT_STEPS and item.subject == document.id:  # nobody need deal with it any more
            own = intakes.get(tx, document.intake_id)
            problems.resolve(tx, own.folder, subject(tx, item, own), Code(item.error), services.clock())
    work.cancel_subject(tx, DOCUMENT_STEPS, document.id, services.clock())
    let_go(tx, document.id)  # the next sweep removes the bytes
