"""A page that may carry a state-secret marking is unread until a person has answered: it is read then, or stops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from catalog import documents, events, intakes, pages, work
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.page import Verdict
from dossier.people import Account, Role
from dossier.states import DocumentState, FileState, IntakeState, PageState, Step
from dossier.status import Delivery
from pipeline.evidence import evidence
from pipeline.people import create
from pipeline.secrecy_answers import Answer, answer
from pipeline.secrecy_questions import ASKED, CLEARED, questions
from pipeline.services import Services
from pipeline.sweeping import sweep
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice
from tests.integration.pipeline.test_stop_elsewhere import claim, drain

WORDS = "quyết định giao đất cho hộ gia đình"


@pytest.fixture
def receiver(office: PaperOffice) -> Account:
    """Return somebody who scans, of all units."""
    return _account(office, "tiep-nhan", (Role.RECEIVER,))


@pytest.fixture
def asked(office: PaperOffice) -> str:
    """Return the digest of the page asked about, in a dossier with another page: all that can be done is done."""
    digest = office.page("a.jpg", 10, text=WORDS)
    office.reader.doubtful.add(digest)
    office.page("b.jpg", 20)
    office.digitise()
    return digest


def _account(office: PaperOffice, login: str, roles: tuple[Role, ...], units: frozenset[str] | None = None) -> Account:
    return create(Account("", login, login, frozenset(roles), units), "mat khau thu", "test", office.services)


def _page(office: PaperOffice, name: str = "a.jpg", code: str = CODE) -> tuple[str, PageState, IntakeState]:
    with office.services.catalogue.read() as tx:
        found = next(each for each in pages.newest(tx, office.dossier(code).id) if each.file_name == name)
        return found.id, found.state, intakes.get(tx, found.intake_id).state


def _kinds(office: PaperOffice, code: str = CODE) -> list[str]:
    with office.services.catalogue.read() as tx:
        return [each.kind for each in events.chain(tx, office.dossier(code).id)]


def _holds(root: Path, data: bytes) -> list[str]:
    return [str(path) for path in root.rglob("*") if path.is_file() and data in path.read_bytes()]


def test_the_page_waits_unread_and_the_others_are_read(office: PaperOffice, asked: str, receiver: Account) -> None:
    """No word of it is kept anywhere; its dossier has no document yet and says why it waits."""
    page_id, state, delivery = _page(office)
    assert (state, delivery) == (PageState.ASKED, IntakeState.READING)
    assert _page(office, "b.jpg")[1] is PageState.READ
    assert office.documents() == []
    assert [(each.subject, each.code) for each in office.problems()] == [("a.jpg#1", Code.SECRECY_ASKED)]
    assert [(code, page.id, page.reasons[1:]) for code, page in questions(receiver, office.services, 9)] == [
        (CODE, page_id, ("secret_top_left",))
    ]
    assert list(office.services.store.list()) == []
    assert _kinds(office)[-1] == ASKED
    office.digitise()
    sweep(office.services)
    assert office.reader.calls[asked] == 1
    with office.services.catalogue.read() as tx:
        assert evidence(tx, [CODE], office.services.rules)[CODE].delivery is Delivery.ASKED
    for word in (WORDS.encode(), b"quy\\u1ebft"):
        assert _holds(office.inbox.parent, word) == []


def test_an_answer_that_it_is_no_secret_lets_it_go_on(office: PaperOffice, asked: str, receiver: Account) -> None:
    """It is read, the dossier is archived, and the chain says who looked at which bytes."""
    answer(_page(office)[0], Answer.NOT_SECRET, receiver, office.services)
    office.drain()
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.problems() == []
    with office.services.catalogue.read() as tx:
        (said,) = [each for each in events.chain(tx, office.dossier().id) if each.kind == CLEARED]
        (page, _) = pages.by_ids(tx, documents.live(tx, office.dossier().id)[0].page_ids)
    assert (said.actor, said.payload) == (receiver.id, {"scan": asked})
    assert page.verdict is Verdict.GOOD
    answer(_page(office)[0], Answer.NOT_SECRET, receiver, office.services)
    with pytest.raises(Rejected) as refused:
        answer(_page(office)[0], Answer.MARKED, receiver, office.services)
    assert refused.value.code is Code.SECRECY_ANSWERED
    assert office.states() == [DocumentState.ARCHIVED]


def test_the_same_bytes_are_not_asked_about_again(office: PaperOffice, asked: str, receiver: Account) -> None:
    """Neither in another dossier nor where the machine would stop by now: a person has looked at the paper."""
    answer(_page(office)[0], Answer.NOT_SECRET, receiver, office.services)
    office.drain()
    office.reader.secret.add(asked)
    assert office.page("khac.jpg", 10, text=WORDS, code=OTHER_CODE) == asked
    office.digitise()
    assert office.states(OTHER_CODE) == [DocumentState.ARCHIVED]
    assert ASKED not in _kinds(office, OTHER_CODE)


def test_an_answer_that_it_is_marked_stops_as_the_machine_does(
    office: PaperOffice, asked: str, receiver: Account
) -> None:
    """Nothing of the image is left in folder, holding area, store, database or scratch, and nothing of its delivery."""
    image = (office.folder() / "a.jpg").read_bytes()
    assert of_bytes(image) == asked
    answer(_page(office)[0], Answer.MARKED, receiver, office.services)
    assert office.services.holding.batches() == []
    assert sorted(path.name for path in office.folder().iterdir()) == ["b.jpg"]
    office.drain()
    sweep(office.services)
    _, _, delivery = _page(office)
    assert delivery is IntakeState.STOPPED
    with office.services.catalogue.read() as tx:
        newest = intakes.latest(tx, office.dossier().id)
        assert newest is not None
        assert {each.state for each in intakes.files(tx, newest.id)} == {FileState.DESTROYED}
        stopped = [each for each in events.chain(tx, office.dossier().id) if each.kind == "stopped"]
    assert [each.actor for each in stopped] == [receiver.id]
    assert [each.code for each in office.problems()] == [Code.SECRET_STAMP]
    assert questions(receiver, office.services, 9) == []
    assert list(office.services.store.list()) == []
    assert _holds(office.inbox.parent, image[-200:]) == []
    assert [each.outcome.value for each in office.digitise()] == ["problem"]
    answer(_page(office)[0], Answer.MARKED, receiver, office.services)


def test_a_marking_on_another_page_ends_the_question(office: PaperOffice, receiver: Account) -> None:
    """What is stopped asks nothing any more."""
    office.reader.doubtful.add(office.page("a.jpg", 10))
    office.reader.secret.add(office.page("b.jpg", 20))
    office.digitise()
    assert questions(receiver, office.services, 9) == []
    assert [each.code for each in office.problems()] == [Code.SECRET_STAMP]


def test_only_who_may_see_the_dossier_is_asked_and_may_answer(office: PaperOffice, asked: str) -> None:
    """Neither another unit nor a role that judges no pages."""
    assert asked
    page_id = _page(office)[0]
    own_unit = office.dossier().unit
    far = _account(office, "xa-khac", (Role.RECEIVER,), frozenset({"H01.1"}))
    near = _account(office, "xa-nay", (Role.RECEIVER,), frozenset({own_unit}))
    leader = _account(office, "lanh-dao", (Role.LEADER,))
    assert questions(far, office.services, 9) == []
    assert len(questions(near, office.services, 9)) == 1
    for own, code in ((far, Code.PAGE_UNKNOWN), (leader, Code.NOT_ALLOWED)):
        with pytest.raises(Rejected) as refused:
            answer(page_id, Answer.NOT_SECRET, own, office.services)
        assert refused.value.code is code
    with pytest.raises(Rejected):
        answer("no-such-page", Answer.NOT_SECRET, near, office.services)


def test_marked_said_on_another_host_ends_where_the_folder_lies(office: PaperOffice, receiver: Account) -> None:
    """The key is gone at once; the scan goes when a worker of its own host takes the item."""
    office.services = replace(office.services, place="a")
    office.reader.doubtful.add(office.page("a.jpg", 10))
    office.deliver()
    drain(office, office.services)
    there: Services = replace(office.services, place="b")
    answer(_page(office)[0], Answer.MARKED, receiver, there)
    assert office.services.holding.batches() == []
    assert (office.folder() / "a.jpg").exists()
    assert drain(office, there) == []
    item = claim(office, "a", Step.READ)
    assert item.priority < 0
    with office.services.catalogue.write() as tx:
        work.release(tx, "a/1/", office.clock(), crashed=False)
    drain(office, office.services)
    assert list(office.folder().iterdir()) == []
