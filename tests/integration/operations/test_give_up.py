"""What a person decides about what was set aside: once more, or not at all; both are in the chain."""

import json

import pytest
from sqlalchemy import select

from catalog import events, intakes, objects, renditions
from catalog.schema import work_item
from dossier.errors import Code, Rejected
from dossier.states import DocumentState, GivenUpFor, IntakeState, Step, WorkState
from dossier.status import ComponentStatus, document_status
from pipeline import sign as signing_step
from pipeline.evidence import evidence
from pipeline.giving_up import GivenUp, give_up
from pipeline.manifest import MANIFEST_TYPE
from pipeline.retrying import retry
from pipeline.setbacks import set_aside
from pipeline.verification import verify_dossier
from tests.fakes.office import CODE, PaperOffice


def _kinds(office: PaperOffice) -> list[str]:
    with office.services.catalogue.read() as tx:
        return [event.kind for event in events.chain(tx, office.dossier().id)]


def _one_set_aside(office: PaperOffice, step: Step = Step.RENDER) -> None:
    """Digitise two documents, one of which is set aside at a step."""
    office.page("a/1.jpg", 10)
    office.page("b/1.jpg", 20)
    office.deliver()
    office.drain(*(one for one in Step if list(Step).index(one) < list(Step).index(step)))
    item = office.claim(step)
    assert item is not None
    set_aside(item, Code.RENDITION_TOO_LARGE, "", office.services)
    office.drain()


def _manifest(office: PaperOffice) -> dict[str, object]:
    with office.services.catalogue.read() as tx:
        (digest,) = [
            sha256
            for sha256 in objects.of_dossier(tx, office.dossier().id)
            if (ref := objects.find(tx, sha256)) and ref.media_type == MANIFEST_TYPE
        ]
    value: dict[str, object] = json.loads(office.services.store.read(digest))
    return value


def test_what_is_given_up_no_longer_keeps_the_dossier_open(office: PaperOffice) -> None:
    """The document is withdrawn, the list is empty, the dossier is closed, and its manifest tells."""
    _one_set_aside(office)
    assert sorted(office.states()) == [DocumentState.ARCHIVED, DocumentState.QUARANTINED]
    assert "closed" not in _kinds(office)
    assert give_up(office.dossier(), GivenUpFor.UNREADABLE, office.services) == GivenUp(1, 0)
    assert office.problems() == []
    office.drain()
    assert sorted(office.states()) == [DocumentState.ARCHIVED, DocumentState.WITHDRAWN]
    assert _kinds(office)[-2:] == ["given_up", "closed"]
    told = [entry.get("given_up") for entry in _manifest(office)["documents"]]  # type: ignore[attr-defined] # a list
    assert sorted(told, key=str) == [None, "unreadable"]
    assert office.services.holding.batches() == []
    assert {finding.verdict for finding in verify_dossier(office.dossier(), office.services)} == {"valid"}


@pytest.mark.parametrize("reason", list(GivenUpFor))
def test_reports_count_no_given_up_paper_as_digitised(office: PaperOffice, reason: GivenUpFor) -> None:
    """A paper that the dossier lacks stays a gap; one that is not the dossier's own, or is there twice, is none."""
    _one_set_aside(office)
    give_up(office.dossier(), reason, office.services)
    office.drain()
    with office.services.catalogue.read() as tx:
        papers = evidence(tx, [CODE], office.services.rules)[CODE]
    found = {each.state: each for each in papers.documents}
    assert (DocumentState.WITHDRAWN in found) is reason.leaves_a_gap
    if reason.leaves_a_gap:
        assert document_status(found[DocumentState.WITHDRAWN], demo=True) is ComponentStatus.CACH_LY


def test_giving_up_again_does_nothing(office: PaperOffice) -> None:
    """Neither to what was given up nor to what is archived; and `retry` of all leaves it given up."""
    _one_set_aside(office)
    give_up(office.dossier(), GivenUpFor.OTHER, office.services)
    office.drain()
    before = _kinds(office)
    assert give_up(office.dossier(), GivenUpFor.OTHER, office.services) == GivenUp(0, 0)
    assert retry(office.services) == 0
    assert _kinds(office) == before


def test_a_page_that_cannot_be_read_is_given_up(office: PaperOffice) -> None:
    """It is off the list; `retry` of all leaves it alone, `retry` of its dossier looks at it anew."""
    page = office.page("1.jpg", 10)
    office.page("2.jpg", 20)
    office.reader.faults[page] = [Rejected(Code.READ_TIMEOUT)] * 2
    office.digitise()
    assert give_up(office.dossier(), GivenUpFor.UNREADABLE, office.services) == GivenUp(0, 1)
    assert office.problems() == []
    assert retry(office.services) == 0
    assert [item.outcome.value for item in office.deliver()] == ["same"]
    assert retry(office.services, office.dossier()) == 1
    assert [item.outcome.value for item in office.digitise()] == ["changed"]
    assert _kinds(office).count("given_up") == 1
    assert _kinds(office).count("retried") == 1


def test_a_delivery_without_a_usable_page_is_given_up(office: PaperOffice) -> None:
    """It stays rejected, with nothing left on the list."""
    (office.folder() / "xau.jpg").write_bytes(b"\xff\xd8\xff")
    office.digitise()
    assert len(office.problems()) == 2
    assert give_up(office.dossier(), GivenUpFor.RETURNED, office.services) == GivenUp(0, 2)
    assert office.problems() == []
    assert _kinds(office) == ["delivered", "received", "given_up", "given_up"]


def test_the_chain_names_no_file(office: PaperOffice) -> None:
    """File names may hold names of people: events give ids and codes."""
    (office.folder() / "Le Thi Binh.jpg").write_bytes(b"\xff\xd8\xff")
    office.digitise()
    give_up(office.dossier(), GivenUpFor.OTHER, office.services)
    with office.services.catalogue.read() as tx:
        payloads = [event.payload for event in events.chain(tx, office.dossier().id) if event.kind == "given_up"]
    assert payloads
    assert "Binh" not in json.dumps(payloads)


def test_a_signature_that_does_not_validate_is_made_again(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """`retry` puts the document back on the signing list, and a worker killed at its end does not bring it back."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY, Step.RENDER)
    monkeypatch.setattr(signing_step, "_forget", lambda *_: None)
    office.drain(Step.SIGN)
    monkeypatch.undo()
    bad = _signed(office)
    item = office.claim(Step.ARCHIVE)
    assert item is not None
    set_aside(item, Code.SIGNATURE_INVALID, "invalid", office.services)
    used = office.signer.uses
    assert retry(office.services) == 1
    assert office.states() == [DocumentState.WAITING_SIGNATURE]
    assert office.unclaimed() == {bad}
    office.drain()
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.signer.uses == used + 1
    assert _signed(office) != bad
    assert office.problems() == []
    assert "retried" in _kinds(office)
    assert _kinds(office)[-1] == "closed"


def _signed(office: PaperOffice) -> str:
    with office.services.catalogue.read() as tx:
        stored = renditions.find(tx, office.documents()[0].id, renditions.SIGNED)
    assert stored is not None
    return stored.ref.sha256


def test_what_a_stop_left_cannot_be_given_up(office: PaperOffice) -> None:
    """A state-secret marking is dealt with to its end, never waved through."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE)
    item = office.claim(Step.READ)
    assert item is not None
    with office.services.catalogue.write() as tx:
        newest = intakes.latest(tx, office.dossier().id)
        assert newest is not None
        intakes.set_state(tx, newest.id, IntakeState.STOPPED, Code.SECRET_STAMP.value)
    set_aside(item, Code.BUG, "", office.services)
    assert give_up(office.dossier(), GivenUpFor.OTHER, office.services) == GivenUp(0, 0)
    with office.services.catalogue.read() as tx:
        state = tx.execute(select(work_item.c.state).where(work_item.c.id == item.id)).scalar_one()
    assert state == WorkState.QUARANTINED.value
