"""What is derived from evidence, never stored: component status, counted or not, and the one leading cause.

Rules: proposed definition 4.3 of the product's domain description; the portal's reading follows indicator 4.2 of
the set of QĐ 766/QĐ-TTg. Every function is total: any register row with any evidence has exactly one answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from dossier.register import RESULT_COMPONENT, Channel, ComponentRule, Procedure, RegisterEntry, Status
from dossier.states import DocumentState

_SETTLED = frozenset({Status.SETTLED, Status.RETURNED})
_HAS_FILE = frozenset(
    {
        DocumentState.RENDERED,
        DocumentState.WAITING_OFFICER,
        DocumentState.WAITING_SIGNATURE,
        DocumentState.WAITING_TIMESTAMP,
        DocumentState.WAITING_VALIDATION,
        DocumentState.SIGNED,
        DocumentState.ARCHIVED,
    }
)


class ComponentStatus(IntEnum):
    """How far one component has come; the lower, the more is left to do."""

    CHUA_QUET = 0
    LOI = 1  # pages that must be scanned again
    CACH_LY = 2  # set aside: reading or a later step failed
    DA_QUET = 3
    DA_NHAN_DANG = 4
    DA_XAC_NHAN = 5
    DA_KY = 6
    DA_LUU = 7


class Cause(StrEnum):
    """Why a dossier is (not) digitised to archival standard; the first thing to put right names it."""

    COUNTED = "COUNTED"
    PAPER_LOST = "PAPER_LOST"  # as a person has stated
    STOPPED = "STOPPED"  # for a state-secret marking: nothing of it is kept
    BEING_READ = "BEING_READ"  # delivered; the machine is at it
    SECRECY_ASKED = "SECRECY_ASKED"  # delivered; a person has to say whether a paper is a state secret
    NOT_SCANNED = "NOT_SCANNED"
    ONLINE_NOT_FETCHED = "ONLINE_NOT_FETCHED"
    RESCAN = "RESCAN"  # asked for, and not delivered yet
    READ_FAILED = "READ_FAILED"
    GIVEN_UP = "GIVEN_UP"  # by a person, with a reason
    COMPONENT_MISSING = "COMPONENT_MISSING"
    UNCONFIRMED = "UNCONFIRMED"
    WRONG_KIND = "WRONG_KIND"
    RESULT_MISSING = "RESULT_MISSING"
    UNSIGNED = "UNSIGNED"
    SIGNATURE_INVALID = "SIGNATURE_INVALID"
    NOT_ARCHIVED = "NOT_ARCHIVED"
    LOT_REJECTED = "LOT_REJECTED"  # all is there, and its lot failed the sample check
    NO_PAPERS_KEPT = "NO_PAPERS_KEPT"
    PROCEDURE_UNKNOWN = "PROCEDURE_UNKNOWN"


class PortalCause(StrEnum):
    """Why a dossier is (not) in the numerator of the portal's reading."""

    COUNTED = "COUNTED"
    NO_COMPONENT_FILE = "NO_COMPONENT_FILE"
    NOT_SETTLED = "NOT_SETTLED"
    NO_RESULT_FILE = "NO_RESULT_FILE"
    NOT_SENT = "NOT_SENT"  # there are files here, not archived to standard yet; the portal gets none of them
    NOT_TAKEN = "NOT_TAKEN"  # archived, and not yet taken by the portal


class Delivery(StrEnum):
    """What became of the newest delivery of a dossier, as far as its documents do not say it."""

    NONE = ""  # there is none, or its documents tell the rest
    UNDER_WAY = "under_way"  # received or read just now
    ASKED = "asked"  # a person has to say of a page whether its paper is a state secret
    FAILED = "failed"  # it, or a file or page of it, could not be taken or read
    STOPPED = "stopped"  # for a state-secret marking


@dataclass(frozen=True, slots=True)
class DocumentEvidence:
    """What the archive knows of one document.

    Attributes:
        document_id: Id of the document.
        component: Component code it was put under; empty when nobody said.
        kind: Document kind; empty until recognised.
        is_result: It is the result, not a paper handed in.
        state: Stored state.
        pages_ok: No page must be scanned again.
        confirmed: A person confirmed kind and mandatory fields.
        signed: It carries a valid signature.
        development_signature: That signature is by a development key and proves nothing.
        archived: Stored, hash recorded, read back and equal.
        signature_refused: It carries a signature, ours or one that it came with, that was not found valid.
        pages_read: No page was set aside while it was read.
        pages: How many it has.
        again: How many of them must be scanned or read again.
        reused: It is another dossier's, and stands here instead of a scan.
    """

    document_id: str
    component: str
    kind: str
    is_result: bool
    state: DocumentState
    pages_ok: bool
    confirmed: bool
    signed: bool
    development_signature: bool
    archived: bool
    signature_refused: bool
    pages_read: bool = True
    pages: int = 0
    again: int = 0
    reused: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether the one-stop software has accepted files of papers that were handed in, and of a result."""

    papers: bool
    result: bool


@dataclass(frozen=True, slots=True)
class DossierEvidence:
    """What is known of one dossier.

    Attributes:
        code: Its normalised code.
        documents: The documents that the archive has.
        delivery: What became of its newest delivery.
        lost: Components whose paper a person has stated as lost; an empty one means all papers that were handed in.
        taken: What the one-stop software has accepted of it; None where the office hands nothing back.
        barred: Its lot failed the sample check and was not accepted since.
    """

    code: str
    documents: tuple[DocumentEvidence, ...] = ()
    delivery: Delivery = Delivery.NONE
    lost: frozenset[str] = frozenset()
    taken: Taken | None = None
    barred: bool = False


def is_settled(entry: RegisterEntry) -> bool:
    """Return whether the register says that the dossier is settled (state 9 or 10, or a date of either)."""
    return entry.status in _SETTLED or entry.settled_at is not None or entry.returned_at is not None


def signature_counts(document: DocumentEvidence, *, demo: bool = False) -> bool:
    """Return whether the document is signed; a development signature is none unless this is a demonstration."""
    return document.signed and (demo or not document.development_signature)


def serves(rule: ComponentRule, document: DocumentEvidence) -> bool:
    """Return whether the document stands for the component: put under it, or of its kind and put nowhere."""
    if document.is_result != (rule.code == RESULT_COMPONENT):
        return False
    if rule.code in (document.component, RESULT_COMPONENT):
        return True
    return not document.component and document.kind in rule.kinds


def document_status(document: DocumentEvidence, *, demo: bool = False) -> ComponentStatus:
    """Return how far one document has come: the last step before which nothing is missing."""
    if not document.pages_ok:
        return ComponentStatus.LOI
    if not document.pages_read or document.state in (DocumentState.QUARANTINED, DocumentState.WITHDRAWN):
        return ComponentStatus.CACH_LY
    steps = (
        (document.kind != "" and document.state is not DocumentState.ASSEMBLED, ComponentStatus.DA_NHAN_DANG),
        (document.confirmed, ComponentStatus.DA_XAC_NHAN),
        (signature_counts(document, demo=demo), ComponentStatus.DA_KY),
        (document.archived, ComponentStatus.DA_LUU),
    )
    reached = ComponentStatus.DA_QUET
    for done, status in steps:
        if not done:
            break
        reached = status
    return reached


def component_status(rule: ComponentRule, evidence: DossierEvidence | None, *, demo: bool = False) -> ComponentStatus:
    """Return the status of one component: that of its least advanced document, CHUA_QUET when it has none."""
    return _least((d for d in _documents(evidence) if serves(rule, d)), demo=demo)


def portal_cause(
    entry: RegisterEntry, procedure: Procedure | None, evidence: DossierEvidence | None, *, demo: bool = False
) -> PortalCause:
    """Return why the dossier is (not) counted by the portal's reading.

    Indicator 4.2: components have files and, where a result document is required, an electronic result exists. A
    dossier that is not settled is never counted. Files are known from our archive or from the portal's own flags;
    a procedure that is not in the list is taken to require a result.

    Where the office hands its files back to the portal (`DossierEvidence.taken`), files that only the archive knows do
    not count before the portal has taken them: what it does not know it does not count.
    """
    documents = _documents(evidence)
    papers = any(not d.is_result and d.state in _HAS_FILE for d in documents)
    if not (papers or entry.portal_components):
        return PortalCause.NO_COMPONENT_FILE
    if not is_settled(entry):
        return PortalCause.NOT_SETTLED
    result = any(d.is_result and d.state in _HAS_FILE and signature_counts(d, demo=demo) for d in documents)
    needed = procedure is None or procedure.has_result
    if needed and not (result or entry.portal_result):
        return PortalCause.NO_RESULT_FILE
    if evidence is None or evidence.taken is None or _is_taken(entry, evidence.taken, needs_result=needed):
        return PortalCause.COUNTED
    counted = archival_counted(entry, procedure, evidence, demo=demo)
    return PortalCause.NOT_TAKEN if counted else PortalCause.NOT_SENT


def _is_taken(entry: RegisterEntry, taken: Taken, *, needs_result: bool) -> bool:
    """Return whether the portal has what it asks for: by its own word, or by what it has accepted."""
    return bool((entry.portal_components or taken.papers) and (entry.portal_result or taken.result or not needs_result))


def portal_counted(
    entry: RegisterEntry, procedure: Procedure | None, evidence: DossierEvidence | None, *, demo: bool = False
) -> bool:
    """Return whether the dossier is in the numerator of indicator 4.2 (see `portal_cause`)."""
    return portal_cause(entry, procedure, evidence, demo=demo) is PortalCause.COUNTED


def archival_counted(
    entry: RegisterEntry, procedure: Procedure | None, evidence: DossierEvidence | None, *, demo: bool = False
) -> bool:
    """Return whether the dossier is digitised to archival standard.

    Every required component, and the result once the dossier is settled, has only documents that are recognised,
    confirmed, signed and archived, one of them at least of a fitting kind. A procedure that keeps no papers, or that
    is not in the list, is never counted: there is nothing to judge it by.
    """
    return leading_cause(entry, procedure, evidence, demo=demo) is Cause.COUNTED


def leading_cause(
    entry: RegisterEntry, procedure: Procedure | None, evidence: DossierEvidence | None, *, demo: bool = False
) -> Cause:
    """Return the one cause that must be put right first for the archival reading, or COUNTED."""
    if procedure is None:
        return Cause.PROCEDURE_UNKNOWN
    if not procedure.keeps_papers:
        return Cause.NO_PAPERS_KEPT
    known = evidence or DossierEvidence(entry.code)
    cause = min(_causes(entry, procedure, known, demo=demo), key=_ORDER.index)
    if cause in _NEEDS_PAPER and known.delivery in _WAITS:
        return _WAITS[known.delivery]
    return Cause.LOT_REJECTED if cause is Cause.COUNTED and known.barred else cause


def _causes(entry: RegisterEntry, procedure: Procedure, evidence: DossierEvidence, *, demo: bool) -> list[Cause]:
    """Return the cause of every part that counts; never empty."""
    rules = [rule for rule in procedure.components if rule.required and rule.code != RESULT_COMPONENT]
    if procedure.has_result and is_settled(entry):
        rules.append(_result_rule(procedure))
    lost = [Cause.PAPER_LOST for rule in rules if _is_lost(rule, evidence, demo=demo)]
    if lost:
        return lost
    if not evidence.documents:
        if not rules and "" in evidence.lost:
            return [Cause.PAPER_LOST]
        return [_nothing_cause(entry, evidence)]
    causes = [_rule_cause(rule, evidence, demo=demo) for rule in rules]
    return causes or [_cause_of(evidence.documents, demo=demo)]


def _nothing_cause(entry: RegisterEntry, evidence: DossierEvidence) -> Cause:
    """Return why the archive has no document of a dossier."""
    if evidence.delivery is Delivery.STOPPED:
        return Cause.STOPPED
    if evidence.delivery is Delivery.FAILED:
        return Cause.READ_FAILED
    return Cause.ONLINE_NOT_FETCHED if entry.channel is Channel.ONLINE else Cause.NOT_SCANNED


def _is_lost(rule: ComponentRule, evidence: DossierEvidence, *, demo: bool) -> bool:
    """Return whether a component's paper is lost, and no sound scan of it was made before."""
    named = rule.code in evidence.lost or ("" in evidence.lost and rule.code != RESULT_COMPONENT)
    return named and component_status(rule, evidence, demo=demo) < ComponentStatus.DA_QUET


def _result_rule(procedure: Procedure) -> ComponentRule:
    listed = (rule for rule in procedure.components if rule.code == RESULT_COMPONENT)
    return next(listed, ComponentRule(RESULT_COMPONENT, "", required=True))


def _rule_cause(rule: ComponentRule, evidence: DossierEvidence, *, demo: bool) -> Cause:
    own = [d for d in evidence.documents if serves(rule, d)]
    if not own:
        return _missing_cause(rule, evidence, demo=demo)
    status = _least(own, demo=demo)
    fits = not rule.kinds or any(d.kind in rule.kinds for d in own)
    if status >= ComponentStatus.DA_XAC_NHAN and not fits:
        return Cause.WRONG_KIND
    return _cause_of(own, demo=demo)


def _cause_of(documents: Iterable[DocumentEvidence], *, demo: bool) -> Cause:
    """Return what keeps the least advanced of some documents where it is."""
    own = list(documents)
    least = _least(own, demo=demo)
    last = [d for d in own if document_status(d, demo=demo) is least]
    if least is ComponentStatus.DA_XAC_NHAN and any(d.signature_refused for d in last):
        return Cause.SIGNATURE_INVALID
    if least is ComponentStatus.CACH_LY and all(d.state is DocumentState.WITHDRAWN for d in last):
        return Cause.GIVEN_UP
    return _CAUSE_OF[least]


def _missing_cause(rule: ComponentRule, evidence: DossierEvidence, *, demo: bool) -> Cause:
    """Return what keeps a component empty: what nobody could place or take yet, or that it was never scanned."""
    if rule.code == RESULT_COMPONENT:
        return Cause.RESULT_MISSING
    loose = [d for d in evidence.documents if not d.component and not d.is_result]
    status = _least(loose, demo=demo)
    if loose and status < ComponentStatus.DA_XAC_NHAN:
        return _cause_of(loose, demo=demo)
    if evidence.delivery is Delivery.STOPPED:
        return Cause.STOPPED
    return Cause.READ_FAILED if evidence.delivery is Delivery.FAILED else Cause.COMPONENT_MISSING


def _least(documents: Iterable[DocumentEvidence], *, demo: bool) -> ComponentStatus:
    return min((document_status(d, demo=demo) for d in documents), default=ComponentStatus.CHUA_QUET)


def _documents(evidence: DossierEvidence | None) -> tuple[DocumentEvidence, ...]:
    return evidence.documents if evidence is not None else ()


_CAUSE_OF = {
    ComponentStatus.CHUA_QUET: Cause.NOT_SCANNED,
    ComponentStatus.LOI: Cause.RESCAN,
    ComponentStatus.CACH_LY: Cause.READ_FAILED,
    ComponentStatus.DA_QUET: Cause.UNCONFIRMED,
    ComponentStatus.DA_NHAN_DANG: Cause.UNCONFIRMED,
    ComponentStatus.DA_XAC_NHAN: Cause.UNSIGNED,
    ComponentStatus.DA_KY: Cause.NOT_ARCHIVED,
    ComponentStatus.DA_LUU: Cause.COUNTED,
}
_ORDER = (
    Cause.PAPER_LOST,
    Cause.STOPPED,
    Cause.GIVEN_UP,
    Cause.RESCAN,
    Cause.READ_FAILED,
    Cause.COMPONENT_MISSING,
    Cause.UNCONFIRMED,
    Cause.WRONG_KIND,
    Cause.RESULT_MISSING,
    Cause.SIGNATURE_INVALID,
    Cause.UNSIGNED,
    Cause.NOT_ARCHIVED,
    Cause.NOT_SCANNED,
    Cause.ONLINE_NOT_FETCHED,
    Cause.COUNTED,
)
_WAITS = {Delivery.UNDER_WAY: Cause.BEING_READ, Delivery.ASKED: Cause.SECRECY_ASKED}
_NEEDS_PAPER = frozenset(
    {
        Cause.GIVEN_UP,
        Cause.RESCAN,
        Cause.READ_FAILED,
        Cause.COMPONENT_MISSING,
        Cause.RESULT_MISSING,
        Cause.NOT_SCANNED,
        Cause.ONLINE_NOT_FETCHED,
    }
)
"""What a delivery that is under way may put right."""
