"""Evidence: what the archive can prove of each dossier, for the rates and their causes."""

from __future__ import annotations

from catalog import Transaction, documents, intakes, pages, renditions
from dossier.model import Document
from dossier.page import Verdict
from dossier.register import RESULT_COMPONENT
from dossier.states import DocumentState, GivenUpFor
from dossier.status import DocumentEvidence, DossierEvidence
from pipeline.services import Services


def evidence(services: Services) -> dict[str, DossierEvidence]:
    """Return the evidence of every dossier in the archive by its normalised code."""
    with services.catalogue.read() as tx:
        return {
            dossier.code: DossierEvidence(
                dossier.code,
                tuple(
                    _document(tx, document, services)
                    for document in documents.live(tx, dossier.id)
                    if not _is_no_part(document)
                ),
            )
            for dossier in intakes.all_dossiers(tx)
        }


def _is_no_part(document: Document) -> bool:
    """Return whether a document was given up because it is no paper of this dossier, or is in it already."""
    return document.state is DocumentState.WITHDRAWN and not GivenUpFor(document.error).leaves_a_gap


def _document(tx: Transaction, document: Document, services: Services) -> DocumentEvidence:
    final = renditions.final(tx, document.id)
    facts = final.facts if final else None
    kind = services.rules.kinds.get(document.kind)
    return DocumentEvidence(
        document_id=document.id,
        component=document.component,
        kind=document.kind,
        is_result=document.component == RESULT_COMPONENT if document.component else bool(kind and kind.is_result),
        state=document.state,
        pages_ok=all(page.verdict is not Verdict.RESCAN for page in pages.by_ids(tx, document.page_ids)),
        confirmed=document.confirmed,
        signed=facts is not None and facts.verdict == "valid",
        development_signature=bool(facts and facts.development),
        archived=document.state is DocumentState.ARCHIVED,
        born_signed=document.born_signed,
    )
