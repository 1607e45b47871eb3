"""Signed documents are replaced once somebody has approved it, with a reason; the old ones stay."""

from dataclasses import replace

import pytest

from catalog import documents, events, intakes
from dossier.errors import Code, Rejected
from dossier.states import DocumentState, GivenUpFor, IntakeState, ReplacedFor
from pipeline.giving_up import GivenUp, give_up
from pipeline.replacing import Approval, approve
from pipeline.retrying import retry
from pipeline.sweeping import sweep
from pipeline.verification import verify_dossier
from tests.fakes.office import PaperOffice

APPROVAL = Approval(ReplacedFor.BAD_SCAN, "head.of.office")


@pytest.fixture
def two(office: PaperOffice) -> PaperOffice:
    """Return an office that wants approvals and has archived two documents in sub-folders of their own."""
    office.services = replace(office.services, approvals_needed=True)
    office.page("don/1.jpg", 10, text="đơn đề nghị")
    office.page("giay/2.jpg", 20, text="giấy chứng nhận")
    office.digitise()
    assert office.states() == [DocumentState.ARCHIVED] * 2
    return office


def _newest(office: PaperOffice) -> IntakeState:
    with office.services.catalogue.read() as tx:
        found = intakes.latest(tx, office.dossier().id)
    assert found is not None
    return found.state


def _every_version(office: PaperOffice) -> int:
    with office.services.catalogue.read() as tx:
        return len(documents.every_version(tx, office.dossier().id))


def test_a_signed_document_is_not_replaced_unasked(two: PaperOffice) -> None:
    """The delivery waits with its cause, a sweep leaves its held pages, the documents in force stay the old ones."""
    before = [document.id for document in two.documents()]
    two.page("giay/2.jpg", 21)
    two.digitise()
    assert Code.REPLACEMENT_NOT_APPROVED in [problem.code for problem in two.problems()]
    assert _newest(two) is IntakeState.UNAPPROVED
    sweep(two.services)
    assert [document.id for document in two.documents()] == before
    assert [item.outcome.value for item in two.digitise()] == ["problem"]


def test_an_approval_lets_it_go_on(two: PaperOffice) -> None:
    """Nothing is read again; who approved and why is in the chain; old and new verify."""
    two.page("giay/2.jpg", 21)
    two.digitise()
    sweep(two.services)
    calls = two.reader.calls
    assert approve(two.dossier(), APPROVAL, two.services) == 1
    two.drain()
    assert two.reader.calls == calls
    assert two.states() == [DocumentState.ARCHIVED] * 2
    assert _every_version(two) == 3
    with two.services.catalogue.read() as tx:
        (told,) = [event for event in events.chain(tx, two.dossier().id) if event.kind == "replacement_approved"]
    assert (told.payload["reason"], told.payload["approver"]) == ("bad_scan", "head.of.office")
    assert told.actor == two.services.office.actor
    assert all(finding.verdict == "valid" for finding in verify_dossier(two.dossier(), two.services))
    assert Code.REPLACEMENT_NOT_APPROVED not in [problem.code for problem in two.problems()]


def test_what_only_adds_needs_no_approval(two: PaperOffice) -> None:
    """A paper that comes later is a document more."""
    two.page("them/3.jpg", 30, text="tờ khai")
    two.digitise()
    assert two.states() == [DocumentState.ARCHIVED] * 3


def test_an_approval_is_for_one_delivery(two: PaperOffice) -> None:
    """The next change waits again."""
    two.page("giay/2.jpg", 21)
    two.digitise()
    approve(two.dossier(), APPROVAL, two.services)
    two.drain()
    two.page("giay/2.jpg", 60)
    two.digitise()
    assert _newest(two) is IntakeState.UNAPPROVED


def test_a_change_taken_back_leaves_everything_as_it_was(two: PaperOffice) -> None:
    """The wrong delivery stays out; the dossier has its two documents, and nothing waits."""
    two.page("giay/2.jpg", 21)
    two.digitise()
    two.page("giay/2.jpg", 20)
    two.digitise()
    assert two.states() == [DocumentState.ARCHIVED] * 2
    assert _every_version(two) == 2
    assert Code.REPLACEMENT_NOT_APPROVED not in [problem.code for problem in two.problems()]


def test_a_delivery_can_be_turned_down(two: PaperOffice) -> None:
    """Given up, it is rejected for good: its held pages go with the next sweep, and an approval comes too late."""
    two.page("giay/2.jpg", 21)
    two.digitise()
    assert give_up(two.dossier(), GivenUpFor.OTHER, two.services) == GivenUp(0, 2)
    assert _newest(two) is IntakeState.REJECTED
    assert two.problems() == []
    sweep(two.services)
    with pytest.raises(Rejected) as caught:
        approve(two.dossier(), APPROVAL, two.services)
    assert caught.value.code is Code.REPLACEMENT_UNKNOWN
    assert _every_version(two) == 2


def test_who_acts_cannot_approve(two: PaperOffice) -> None:
    """Two people stand behind a replacement."""
    two.page("giay/2.jpg", 21)
    two.digitise()
    own = Approval(ReplacedFor.OTHER, two.services.office.actor)
    with pytest.raises(Rejected) as caught:
        approve(two.dossier(), own, two.services)
    assert caught.value.code is Code.APPROVER_NOT_ANOTHER
    assert _newest(two) is IntakeState.UNAPPROVED


def test_a_retry_is_no_approval(two: PaperOffice) -> None:
    """The folder is looked at anew, and waits again."""
    two.page("giay/2.jpg", 21)
    two.digitise()
    retry(two.services, two.dossier())
    two.digitise()
    assert _newest(two) is IntakeState.UNAPPROVED
    assert _every_version(two) == 2
