"""Evidence: what the archive can prove of each dossier, for the rates and their causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog import Transaction, lost_papers, lots, portal_packages, reuse
from catalog.evidence import KnownDelivery, KnownDocument, newest_deliveries, of_dossiers
from catalog.reuse import Reused
from classify.rules import Rules
from dossier.portal import PackageFile
from dossier.register import RESULT_COMPONENT
from dossier.states import DocumentState, GivenUpFor, IntakeState
from dossier.status import Delivery, DocumentEvidence, DossierEvidence, Taken


def evidence(
    tx: Transaction, codes: Sequence[str], rules: Rules, *, returning: bool = False
) -> Mapping[str, DossierEvidence]:
    """Return the evidence of those dossiers among some of which anything is known, by normalised code.

    Args:
        tx: A transaction.
        codes: Which dossiers.
        rules: Rules of documents, for their kinds.
        returning: The office hands its files back to the one-stop software: what it has taken belongs to the evidence.
    """
    found: dict[str, list[DocumentEvidence]] = {}
    for document in of_dossiers(tx, codes):
        if not _is_no_part(document):
            found.setdefault(document.code, []).append(_document(document, rules))
    for code, lent in reuse.of_dossiers(tx, codes).items():
        found.setdefault(code, []).extend(map(_lent, lent))
    files = portal_packages.taken(tx, list(found)) if returning else {}
    deliveries = {each.code: _delivery(each) for each in newest_deliveries(tx, codes)}
    lost, barred = lost_papers.of_dossiers(tx, codes), lots.barred(tx, codes)
    return {
        code: DossierEvidence(
            code,
            tuple(found.get(code, ())),
            taken=_taken(files.get(code, ())) if returning and code in found else None,
            delivery=deliveries.get(code, Delivery.NONE),
            lost=lost.get(code, frozenset()),
            barred=code in barred,
        )
        for code in found.keys() | deliveries.keys() | lost.keys()
    }


def _lent(own: Reused) -> DocumentEvidence:
    """Return the evidence of a document of another dossier: it was whole, confirmed and valid when it was reused."""
    return DocumentEvidence(
        document_id=own.document_id,
        component=own.component,
        kind=own.kind,
        is_result=False,
        state=DocumentState.ARCHIVED,
        pages_ok=True,
        confirmed=True,
        signed=True,
        development_signature=own.development,
        archived=True,
        signature_refused=False,
        reused=True,
    )


def _taken(files: Sequence[PackageFile]) -> Taken:
    return Taken(any(not file.is_result for file in files), any(file.is_result for file in files))


def _delivery(known: KnownDelivery) -> Delivery:
    if known.state is IntakeState.STOPPED:
        return Delivery.STOPPED
    if known.state in (IntakeState.RECEIVING, IntakeState.READING):
        return Delivery.ASKED if known.asked else Delivery.UNDER_WAY
    is_failed = known.left_out or known.state in (IntakeState.REJECTED, IntakeState.UNAPPROVED)
    return Delivery.FAILED if is_failed else Delivery.NONE


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
        pages_read=not document.unread,
        pages=document.pages,
        again=document.rescan + document.unread,
        confirmed=document.confirmed,
        signed=document.verdict == "valid" or document.state is DocumentState.SIGNED,  # judged when it is archived
        development_signature=document.development,
        archived=document.state is DocumentState.ARCHIVED,
        signature_refused=document.verdict not in ("", "valid"),
    )
