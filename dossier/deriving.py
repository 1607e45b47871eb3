"""A dossier's line of facts, derived from the register, the archive and the list of procedures: one pure function."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from dossier.facts import Due, FactLine, Facts, Pace, seconds
from dossier.papers import PaperPlace
from dossier.register import RESULT_COMPONENT, VIETNAM, Procedure, RegisterEntry
from dossier.status import (
    Cause,
    ComponentStatus,
    DocumentEvidence,
    DossierEvidence,
    PortalCause,
    component_status,
    document_status,
    is_settled,
    leading_cause,
    portal_cause,
    signature_counts,
)


def fact_line(  # noqa: PLR0913 - all that a line follows from
    entry: RegisterEntry,
    procedure: Procedure | None,
    evidence: DossierEvidence | None,
    *,
    legal_due: datetime | None = None,
    explained: bool = False,
    place: PaperPlace | None = None,
    demo: bool = False,
) -> FactLine:
    """Return the facts of a dossier.

    Args:
        entry: Its row of the register.
        procedure: Its procedure as it was when it was received; None: in no list.
        evidence: What the archive knows; None: nothing.
        legal_due: The end of the procedure's announced deadline, asked for only where the register has no day.
        explained: A person has said why the register is silent.
        place: Where its papers lie; None: nobody has said.
        demo: Development signatures count.
    """
    due = entry.due_at or legal_due
    finished = entry.settled_at or entry.returned_at
    field = entry.field or (procedure.field if procedure is not None else "")
    facts = _facts(entry, procedure, evidence, due, explained=explained, demo=demo)
    moments = (seconds(entry.received_at), seconds(due), seconds(finished))
    return FactLine(
        entry.code,
        entry.unit,
        field,
        entry.procedure,
        facts,
        *moments,
        box=place.box if place else "",
        counter=place.counter if place else "",
        pages=_whole(facts, evidence),
        to_scan=pages_to_scan(facts.archival, evidence, place),
    )


def _whole(facts: Facts, evidence: DossierEvidence | None) -> int:
    """Return how many pages a dossier has of which nothing is left to scan; 0 when something is, or nobody can say."""
    left = sum(facts.components[: ComponentStatus.DA_QUET])
    if evidence is None or left or not facts.listed or facts.archival is Cause.RESULT_MISSING:
        return 0
    return sum(each.pages for each in evidence.documents)


def pages_to_scan(cause: Cause, evidence: DossierEvidence | None, place: PaperPlace | None) -> int | None:
    """Return how many pages are known to be still to scan: as counted, or as were asked for again; None: unknown."""
    documents = evidence.documents if evidence is not None else ()
    if cause in (Cause.RESCAN, Cause.READ_FAILED):
        return sum(each.again for each in documents) or None
    if place is None or place.pages is None:
        return None
    if cause is Cause.NOT_SCANNED:
        return place.pages
    if cause is Cause.COMPONENT_MISSING:
        return max(1, place.pages - sum(each.pages for each in documents))
    return None


def pace(finished: datetime | None, due: datetime | None) -> Pace:
    """Return whether what was finished was early (before the day), on time or late."""
    if finished is None or due is None:
        return Pace.NONE
    if finished > due:
        return Pace.LATE
    return Pace.EARLY if finished.astimezone(VIETNAM).date() < due.astimezone(VIETNAM).date() else Pace.ON_TIME


def _facts(
    entry: RegisterEntry,
    procedure: Procedure | None,
    evidence: DossierEvidence | None,
    due: datetime | None,
    *,
    explained: bool,
    demo: bool,
) -> Facts:
    known = evidence.documents if evidence is not None else ()
    documents = tuple(each for each in known if _is_scanned(each) and not each.reused)
    papers = [each for each in documents if not each.is_result]
    results = [each for each in documents if each.is_result]
    signed_results = sum(signature_counts(each, demo=demo) for each in results)
    portal = portal_cause(entry, procedure, evidence, demo=demo)
    return Facts(
        status=entry.status,
        channel=entry.channel,
        due=Due.APPOINTED if entry.due_at else Due.LEGAL if due else Due.NONE,
        pace=pace(entry.settled_at or entry.returned_at, due),
        listed=procedure is not None,
        keeps_papers=procedure is None or procedure.keeps_papers,
        gives_result=procedure is None or procedure.has_result,
        has_components=portal is not PortalCause.NO_COMPONENT_FILE,
        has_result=bool(signed_results) or entry.portal_result is True,
        reused=entry.portal_reused or (True if any(each.reused for each in known) else entry.portal_reused),
        shared=entry.portal_from_store,
        portal=portal,
        archival=leading_cause(entry, procedure, evidence, demo=demo),
        components=_components(entry, procedure, evidence, demo=demo),
        scanned=len(papers),
        signed=sum(signature_counts(each, demo=demo) for each in papers),
        results=len(results),
        signed_results=signed_results,
        development=sum(each.development_signature for each in documents),
        explained=explained,
    )


def _components(
    entry: RegisterEntry, procedure: Procedure | None, evidence: DossierEvidence | None, *, demo: bool
) -> tuple[int, ...]:
    """Return how many of the components that must be there have come how far.

    The result is one of them once the dossier is settled. Of a procedure in no list the documents that came are
    counted, and of one that keeps no papers nothing is.
    """
    if procedure is None:
        documents = evidence.documents if evidence is not None else ()
        return _spread(Counter(document_status(each, demo=demo) for each in documents))
    if not procedure.keeps_papers:
        return _spread(Counter())
    asked = [rule for rule in procedure.components if rule.required and rule.code != RESULT_COMPONENT]
    if procedure.has_result and is_settled(entry):
        asked += [rule for rule in procedure.components if rule.code == RESULT_COMPONENT]
    return _spread(Counter(component_status(rule, evidence, demo=demo) for rule in asked))


def _spread(counted: Counter[ComponentStatus]) -> tuple[int, ...]:
    return tuple(counted[status] for status in ComponentStatus)


def _is_scanned(document: DocumentEvidence) -> bool:
    return document_status(document) >= ComponentStatus.DA_QUET
