"""Component status, counted or not, leading cause: total, exclusive, and each value reachable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.register import RESULT_COMPONENT, Channel, ComponentRule, Procedure, RegisterEntry, Status
from dossier.states import DocumentState
from dossier.status import (
    Cause,
    ComponentStatus,
    Delivery,
    DocumentEvidence,
    DossierEvidence,
    PortalCause,
    Taken,
    archival_counted,
    component_status,
    document_status,
    leading_cause,
    portal_cause,
    portal_counted,
)

NOW = datetime(2026, 2, 11, 9, 40, tzinfo=timezone(timedelta(hours=7)))
FORM = ComponentRule("to-khai", "Tờ khai", required=True, kinds=("TO_KHAI_HO_TICH",))
ANNEX = ComponentRule("giay-to-khac", "Giấy tờ khác", required=False)
RESULT = ComponentRule(RESULT_COMPONENT, "Kết quả", required=True, kinds=("GIAY_KHAI_SINH",))


def procedure(*components: ComponentRule, has_result: bool = True, keeps_papers: bool = True) -> Procedure:
    """Return a procedure with these components, form and result unless told otherwise."""
    parts = components or (FORM, ANNEX, RESULT)
    return Procedure("1.001193", "x", "Hộ tịch", parts, has_result, keeps_papers, date(2025, 7, 1), "x")


def entry(**changes: object) -> RegisterEntry:
    """Return a settled register entry with the given changes."""
    values: dict[str, object] = {
        "code": "H99.27.14-260211-0001",
        "raw_code": "",
        "row": 1,
        "unit": "H99.27.14",
        "field": "",
        "procedure": "1.001193",
        "procedure_name": "",
        "channel": Channel.DIRECT,
        "status": Status.RETURNED,
        "received_at": NOW,
        "due_at": NOW,
        "settled_at": NOW,
        "returned_at": None,
    }
    return RegisterEntry(**(values | changes))  # type: ignore[arg-type]


def document(**changes: object) -> DocumentEvidence:
    """Return a form that has come all the way, with the given changes."""
    values: dict[str, object] = {
        "document_id": "d",
        "component": FORM.code,
        "kind": "TO_KHAI_HO_TICH",
        "is_result": False,
        "state": DocumentState.ARCHIVED,
        "pages_ok": True,
        "confirmed": True,
        "signed": True,
        "development_signature": False,
        "archived": True,
        "signature_refused": False,
    }
    return DocumentEvidence(**(values | changes))  # type: ignore[arg-type]


def result(**changes: object) -> DocumentEvidence:
    """Return a result that has come all the way, with the given changes."""
    return document(**{"component": RESULT_COMPONENT, "kind": "GIAY_KHAI_SINH", "is_result": True, **changes})


def dossier(
    *documents: DocumentEvidence, delivery: Delivery = Delivery.NONE, lost: str | None = None
) -> DossierEvidence:
    """Return the evidence of one dossier; `lost` is a component whose paper was stated as lost."""
    return DossierEvidence(
        "H99.27.14-260211-0001", documents, delivery, frozenset() if lost is None else frozenset({lost})
    )


documents = st.builds(
    DocumentEvidence,
    document_id=st.just("d"),
    component=st.sampled_from(["", FORM.code, ANNEX.code, RESULT_COMPONENT]),
    kind=st.sampled_from(["", "TO_KHAI_HO_TICH", "GIAY_KHAI_SINH", "KHAC"]),
    is_result=st.booleans(),
    state=st.sampled_from(DocumentState),
    pages_ok=st.booleans(),
    confirmed=st.booleans(),
    signed=st.booleans(),
    development_signature=st.booleans(),
    archived=st.booleans(),
    signature_refused=st.booleans(),
    pages_read=st.booleans(),
)
evidences = st.none() | st.builds(
    DossierEvidence,
    code=st.just("c"),
    documents=st.lists(documents, max_size=4).map(tuple),
    delivery=st.sampled_from(Delivery),
    lost=st.frozensets(st.sampled_from(["", FORM.code, ANNEX.code, RESULT_COMPONENT])),
    taken=st.none() | st.builds(Taken, st.booleans(), st.booleans()),
)
procedures = st.none() | st.builds(
    Procedure,
    code=st.just("1.001193"),
    name=st.just("x"),
    field=st.just("x"),
    components=st.sampled_from([(), (FORM,), (FORM, ANNEX, RESULT), (ANNEX,)]),
    has_result=st.booleans(),
    keeps_papers=st.booleans(),
    valid_from=st.just(date(2025, 7, 1)),
    basis=st.just("x"),
)
flags = st.none() | st.booleans()
entries = st.builds(
    entry,
    status=st.none() | st.sampled_from(Status),
    channel=st.none() | st.sampled_from(Channel),
    settled_at=st.none() | st.just(NOW),
    portal_components=flags,
    portal_result=flags,
)


@given(row=entries, rules=procedures, evidence=evidences, demo=st.booleans())
def test_every_dossier_has_one_cause_that_agrees_with_counted(
    *, row: RegisterEntry, rules: Procedure | None, evidence: DossierEvidence | None, demo: bool
) -> None:
    """Any row with any evidence has one cause a reading; COUNTED and only COUNTED is in the numerator."""
    cause = leading_cause(row, rules, evidence, demo=demo)
    assert isinstance(cause, Cause)
    assert archival_counted(row, rules, evidence, demo=demo) == (cause is Cause.COUNTED)
    portal = portal_cause(row, rules, evidence, demo=demo)
    assert isinstance(portal, PortalCause)
    assert portal_counted(row, rules, evidence, demo=demo) == (portal is PortalCause.COUNTED)


@given(entries, procedures, evidences)
def test_counted_means_every_required_component_is_in_the_archive(
    row: RegisterEntry, rules: Procedure | None, evidence: DossierEvidence | None
) -> None:
    """What the archival reading counts has each required component stored, confirmed and signed by a real key."""
    if rules is None or not archival_counted(row, rules, evidence):
        return
    assert evidence is not None
    for rule in rules.components:
        if rule.required and rule.code != RESULT_COMPONENT:
            assert component_status(rule, evidence) is ComponentStatus.DA_LUU
    assert any(d.archived and d.confirmed and d.signed for d in evidence.documents)


@given(documents)
def test_a_development_signature_never_helps(found: DocumentEvidence) -> None:
    """Counting development signatures can only raise a status, and changes nothing where there is none."""
    plain, shown = document_status(found), document_status(found, demo=True)
    assert plain <= shown
    if not found.development_signature:
        assert plain is shown


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"pages_ok": False}, ComponentStatus.LOI),
        ({"state": DocumentState.QUARANTINED}, ComponentStatus.CACH_LY),
        ({"pages_read": False}, ComponentStatus.CACH_LY),
        ({"state": DocumentState.ASSEMBLED, "kind": ""}, ComponentStatus.DA_QUET),
        ({"confirmed": False}, ComponentStatus.DA_NHAN_DANG),
        ({"signed": False}, ComponentStatus.DA_XAC_NHAN),
        ({"development_signature": True}, ComponentStatus.DA_XAC_NHAN),
        ({"archived": False}, ComponentStatus.DA_KY),
        ({"signed": False, "signature_refused": True}, ComponentStatus.DA_XAC_NHAN),
        ({}, ComponentStatus.DA_LUU),
    ],
)
def test_each_status_names_the_first_thing_missing(changes: dict[str, object], status: ComponentStatus) -> None:
    """A document stands at the last step before which nothing is missing."""
    assert component_status(FORM, dossier(document(**changes))) is status


def test_a_component_without_documents_is_not_scanned() -> None:
    """No document, or only those of other components, leaves a component unscanned."""
    assert component_status(FORM, None) is ComponentStatus.CHUA_QUET
    assert component_status(FORM, dossier(result())) is ComponentStatus.CHUA_QUET


def test_the_least_advanced_document_decides() -> None:
    """One unsigned sheet keeps a component from being done."""
    assert component_status(FORM, dossier(document(), document(signed=False))) is ComponentStatus.DA_XAC_NHAN


def test_a_document_put_nowhere_serves_by_its_kind() -> None:
    """Papers at the root of a dossier folder are matched to the component whose kind they are."""
    assert component_status(FORM, dossier(document(component=""))) is ComponentStatus.DA_LUU


@pytest.mark.parametrize(
    ("evidence", "cause"),
    [
        (dossier(document(), result()), Cause.COUNTED),
        (None, Cause.NOT_SCANNED),
        (dossier(document(pages_ok=False), result()), Cause.RESCAN),
        (dossier(document(state=DocumentState.QUARANTINED), result()), Cause.READ_FAILED),
        (dossier(result()), Cause.COMPONENT_MISSING),
        (dossier(document(component="", kind="", confirmed=False), result()), Cause.UNCONFIRMED),
        (dossier(document(confirmed=False)), Cause.UNCONFIRMED),
        (dossier(document(kind="CONG_VAN"), result()), Cause.WRONG_KIND),
        (dossier(document()), Cause.RESULT_MISSING),
        (dossier(document(signed=False), result()), Cause.UNSIGNED),
        (dossier(document(signed=False, signature_refused=True), result()), Cause.SIGNATURE_INVALID),
        (dossier(document(), result(signed=False, signature_refused=True)), Cause.SIGNATURE_INVALID),
        (dossier(document(confirmed=False, signed=False, signature_refused=True), result()), Cause.UNCONFIRMED),
        (dossier(document(development_signature=True), result()), Cause.UNSIGNED),
        (dossier(document(archived=False), result()), Cause.NOT_ARCHIVED),
        (dossier(lost=""), Cause.PAPER_LOST),
        (dossier(lost=FORM.code), Cause.PAPER_LOST),
        (dossier(document(), lost=RESULT_COMPONENT), Cause.PAPER_LOST),
        (dossier(document(pages_ok=False), result(), lost=FORM.code), Cause.PAPER_LOST),
        (dossier(document(), result(), lost=""), Cause.COUNTED),
        (dossier(document(), lost=""), Cause.RESULT_MISSING),
        (dossier(lost=ANNEX.code), Cause.NOT_SCANNED),
        (dossier(delivery=Delivery.UNDER_WAY), Cause.BEING_READ),
        (dossier(document(pages_ok=False), result(), delivery=Delivery.UNDER_WAY), Cause.BEING_READ),
        (dossier(document(confirmed=False), result(), delivery=Delivery.UNDER_WAY), Cause.UNCONFIRMED),
        (dossier(delivery=Delivery.FAILED), Cause.READ_FAILED),
        (dossier(result(), delivery=Delivery.FAILED), Cause.READ_FAILED),
        (dossier(document(pages_read=False), result()), Cause.READ_FAILED),
        (dossier(delivery=Delivery.STOPPED), Cause.STOPPED),
        (dossier(document(state=DocumentState.WITHDRAWN), result()), Cause.GIVEN_UP),
        (
            dossier(document(state=DocumentState.WITHDRAWN), document(state=DocumentState.QUARANTINED)),
            Cause.READ_FAILED,
        ),
        (dossier(document(state=DocumentState.WITHDRAWN), delivery=Delivery.UNDER_WAY), Cause.BEING_READ),
        (dossier(result(), delivery=Delivery.STOPPED), Cause.STOPPED),
    ],
)
def test_causes_of_a_settled_dossier(evidence: DossierEvidence | None, cause: Cause) -> None:
    """Each way to fall short has its own cause, the first to put right before the others."""
    assert leading_cause(entry(), procedure(), evidence) is cause


def test_causes_that_come_from_the_register_and_the_list_of_procedures() -> None:
    """Unknown procedures, procedures without papers and online dossiers have causes of their own."""
    complete = dossier(document(), result())
    assert leading_cause(entry(), None, complete) is Cause.PROCEDURE_UNKNOWN
    assert leading_cause(entry(), procedure(keeps_papers=False), complete) is Cause.NO_PAPERS_KEPT
    assert leading_cause(entry(channel=Channel.ONLINE), procedure(), None) is Cause.ONLINE_NOT_FETCHED


def test_an_open_dossier_needs_no_result_for_the_archive_but_is_not_counted_by_the_portal() -> None:
    """The two readings part on dossiers in progress."""
    row = entry(status=Status.IN_PROGRESS, settled_at=None)
    assert archival_counted(row, procedure(), dossier(document()))
    assert portal_cause(row, procedure(), dossier(document())) is PortalCause.NOT_SETTLED


def test_the_portal_takes_its_own_flags_or_our_files() -> None:
    """Files known to either side are enough; a development signature makes no electronic result."""
    ours = dossier(document(), result())
    development = dossier(document(), result(development_signature=True))
    assert portal_counted(entry(), procedure(), ours)
    assert portal_counted(entry(portal_components=True, portal_result=True), procedure(), None)
    assert portal_cause(entry(portal_result=True), procedure(), None) is PortalCause.NO_COMPONENT_FILE
    assert portal_cause(entry(), procedure(), development) is PortalCause.NO_RESULT_FILE
    assert portal_counted(entry(), procedure(), development, demo=True)
    assert portal_counted(entry(portal_components=True), procedure(has_result=False), None)


def test_a_development_signature_counts_only_when_asked() -> None:
    """The demonstration switch is the only way for a development signature to count."""
    shown = dossier(document(development_signature=True), result(development_signature=True))
    assert not archival_counted(entry(), procedure(), shown)
    assert archival_counted(entry(), procedure(), shown, demo=True)


@pytest.mark.parametrize(
    ("row", "documents", "taken", "cause"),
    [
        (entry(), (document(), result()), None, PortalCause.COUNTED),
        (entry(), (document(), result()), Taken(papers=False, result=False), PortalCause.NOT_TAKEN),
        (entry(), (document(), result()), Taken(papers=True, result=False), PortalCause.NOT_TAKEN),
        (entry(), (document(), result()), Taken(papers=True, result=True), PortalCause.COUNTED),
        (entry(), (document(confirmed=False), result()), Taken(papers=False, result=False), PortalCause.NOT_SENT),
        (entry(), (document(confirmed=False), result()), Taken(papers=True, result=True), PortalCause.COUNTED),
        (
            entry(portal_components=True, portal_result=True),
            (document(), result()),
            Taken(papers=False, result=False),
            PortalCause.COUNTED,
        ),
        (entry(status=Status.IN_PROGRESS, settled_at=None), (document(),), Taken(papers=False, result=False), None),
    ],
)
def test_what_the_portal_has_not_taken_it_does_not_count(
    row: RegisterEntry, documents: tuple[DocumentEvidence, ...], taken: Taken | None, cause: PortalCause | None
) -> None:
    """Only where the office hands files back; the archival reading stays what it is."""
    own = replace(dossier(*documents), taken=taken)
    assert portal_cause(row, procedure(), own) is (cause or PortalCause.NOT_SETTLED)
    assert leading_cause(row, procedure(), own) is leading_cause(row, procedure(), replace(own, taken=None))


@given(row=entries, rules=procedures, evidence=evidences, demo=st.booleans())
def test_a_return_channel_only_ever_waits(
    *, row: RegisterEntry, rules: Procedure | None, evidence: DossierEvidence | None, demo: bool
) -> None:
    """With it the portal counts nothing that it would not count without, and names only these two causes more."""
    without = portal_cause(row, rules, replace(evidence, taken=None) if evidence else None, demo=demo)
    found = portal_cause(row, rules, evidence, demo=demo)
    waits = (PortalCause.NOT_TAKEN, PortalCause.NOT_SENT)
    assert found is without or (without is PortalCause.COUNTED and found in waits)
