"""The digitisation figures of a set of dossiers: two readings side by side, what is signed, what is reused.

Sources: indicators 4.1, 4.2, 4.3 of QĐ 766/QĐ-TTg as the national portal describes them; the archival reading and
the signed rates are this product's own definitions (`definitions.toml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dossier.register import Procedure, RegisterEntry
from dossier.status import (
    Cause,
    ComponentStatus,
    DocumentEvidence,
    DossierEvidence,
    PortalCause,
    document_status,
    is_settled,
    leading_cause,
    portal_cause,
    signature_counts,
)
from reports.rates import Rate, rate


@dataclass(frozen=True, slots=True)
class Verdict:
    """Both readings of one dossier of the base."""

    entry: RegisterEntry
    field: str
    portal: PortalCause
    archival: Cause
    has_components: bool
    has_result: bool
    reused: bool
    waiting: str


@dataclass(frozen=True, slots=True)
class PortalSplit:
    """The columns of a provincial one-stop screen, in its order."""

    received: int
    not_digitised: int
    digitised: int
    reused: int
    settled: int
    result_not_digitised: int
    result_digitised: int


@dataclass(frozen=True, slots=True)
class Digitisation:
    """Rates over one base. Signed rates have documents, not dossiers, below the line and are never merged in."""

    portal: Rate
    archival: Rate
    electronic_result: Rate
    reused: Rate
    signed_components: Rate
    signed_results: Rate
    development_signatures: int


def verdict(
    entry: RegisterEntry, procedure: Procedure | None, evidence: DossierEvidence | None, *, demo: bool
) -> Verdict:
    """Return both readings of one dossier."""
    portal = portal_cause(entry, procedure, evidence, demo=demo)
    documents = evidence.documents if evidence is not None else ()
    signed_result = any(d.is_result and _is_digitised(d) and signature_counts(d, demo=demo) for d in documents)
    return Verdict(
        entry=entry,
        field=field_of(entry, procedure),
        portal=portal,
        archival=leading_cause(entry, procedure, evidence, demo=demo),
        has_components=portal is not PortalCause.NO_COMPONENT_FILE,
        has_result=signed_result or entry.portal_result is True,
        reused=entry.portal_reused is True,
        waiting=evidence.waiting if evidence is not None else "",
    )


def field_of(entry: RegisterEntry, procedure: Procedure | None) -> str:
    """Return the field (lĩnh vực) as the register says, else that of the procedure, else an empty string."""
    return entry.field or (procedure.field if procedure is not None else "")


def digitisation(
    verdicts: Sequence[Verdict],
    procedures: Mapping[str, Procedure],
    evidence: Mapping[str, DossierEvidence],
    *,
    demo: bool,
) -> Digitisation:
    """Return the rates over the dossiers of a base."""
    with_result = [v for v in verdicts if _gives_result(procedures.get(v.entry.procedure))]
    documents = list(_documents(verdicts, evidence))
    components = [d for d in documents if not d.is_result]
    results = [d for d in documents if d.is_result]
    return Digitisation(
        portal=rate("portal", sum(v.portal is PortalCause.COUNTED for v in verdicts), len(verdicts)),
        archival=rate("archival", sum(v.archival is Cause.COUNTED for v in verdicts), len(verdicts)),
        electronic_result=rate("electronic_result", sum(v.has_result for v in with_result), len(with_result)),
        reused=rate("reused", sum(v.reused for v in verdicts), len(verdicts)),
        signed_components=_signed("signed_components", components, demo=demo),
        signed_results=_signed("signed_results", results, demo=demo),
        development_signatures=sum(d.development_signature for d in documents),
    )


def portal_split(verdicts: Sequence[Verdict]) -> PortalSplit:
    """Return the counts of the provincial screen over the dossiers of a base."""
    settled = [v for v in verdicts if is_settled(v.entry)]
    digitised = sum(v.has_components for v in verdicts)
    results = sum(v.has_result for v in settled)
    return PortalSplit(
        received=len(verdicts),
        not_digitised=len(verdicts) - digitised,
        digitised=digitised,
        reused=sum(v.reused for v in verdicts),
        settled=len(settled),
        result_not_digitised=len(settled) - results,
        result_digitised=results,
    )


def _gives_result(procedure: Procedure | None) -> bool:
    return procedure is None or procedure.has_result


def _documents(verdicts: Iterable[Verdict], evidence: Mapping[str, DossierEvidence]) -> Iterator[DocumentEvidence]:
    for one in verdicts:
        known = evidence.get(one.entry.code)
        if known is not None:
            yield from filter(_is_digitised, known.documents)


def _is_digitised(document: DocumentEvidence) -> bool:
    return document_status(document) >= ComponentStatus.DA_QUET


def _signed(key: str, documents: Sequence[DocumentEvidence], *, demo: bool) -> Rate:
    return rate(key, sum(signature_counts(d, demo=demo) for d in documents), len(documents))
