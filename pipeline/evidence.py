"""Evidence: what the archive can prove of each dossier, for the rates and their causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog import Transaction
from catalog.evidence import KnownDocument, of_dossiers
from classify.rules import Rules
from dossier.register import RESULT_COMPONENT
from dossier.states import DocumentState, GivenUpFor
from dossier.status import DocumentEvidence, DossierEvidence


def evidence(tx: Transaction, codes: Sequence[str], rules: Rules) -> Mapping[str, DossierEvidence]:
    """Return the evidence of those dossiers of the archive among some, by normalised code."""
    found: dict[str, list[DocumentEvidence]] = {}
    for document in of_dossiers(tx, codes):
        if not _is_no_part(document):
            found.setdefault(document.code, []).append(_document(document, rules))
    return {code: DossierEvidence(code, tuple(documents)) for code, documents in found.items()}


def _is_no_part(document: KnownDocument) -> bool:
    """Return whether a document was given up because it is no paper of this dossier, or is in it already."""
    return document.state is DocumentState.WITHDRAWN and not GivenUpFor(document.error).leaves_a_gap


def _document(document: KnownDocument, rules: Rules) -> DocumentEvidence:
    kind = rules.kinds.get(document.kind)
    return DocumentEvidence(
        document_id=document.document_id,
        component=document.component,
        kind=document.kind,
        is_result=document.component == RESULT_COMPONENT if document.component else bool(kind and kind.is_result),
        state=document.state,
        pages_ok=not document.rescan,
        confirmed=document.confirmed,
        signed=document.verdict == "valid" or document.state is DocumentState.SIGNED,  # judged when it is archived
        development_signature=document.development,
        archived=document.state is DocumentState.ARCHIVED,
        signature_refused=document.verdict not in ("", "valid"),
    )
