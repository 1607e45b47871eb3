"""What the world and the input do to a dossier on its way, and that the rest of it goes on."""

from dataclasses import replace

import pytest

from catalog import events, intakes, pages, queue
from dossier.errors import Code, Rejected, Unavailable
from dossier.states import DocumentState, FileState, Step
from pipeline.retrying import retry
from pipeline.running import run
from tests.fakes.faulty_store import Fault, FaultyStore, disk_full, unreachable
from tests.fakes.office import CODE, PaperOffice


@pytest.mark.parametrize("method", ["put", "open", "read", "verify", "remove"])
def test_a_store_that_fails_is_tried_again(office: PaperOffice, method: str) -> None:
    """Whatever call to the store fails once, the item waits and the dossier is archived in the end."""
    good = office.services.store
    office.page("1.jpg", 10)
    office.deliver()
    office.use(store=FaultyStore(good, {method: disk_full() if method == "put" else unreachable()}))
    office.drain()
    office.clock.later(600)
    office.drain()
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.problems() == []
    assert office.missing() == set()


def test_a_lost_answer_of_the_store_costs_nothing(office: PaperOffice) -> None:
    """A put that was done but whose answer got lost is done again, and there is still one object of it."""
    good = office.services.store
    office.page("1.jpg", 10)
    office.use(store=FaultyStore(good, {"put": unreachable(call=2, after=True)}))
    office.digitise()
    office.clock.later(600)
    office.drain()
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.unclaimed() == set()


def test_damaged_words_are_noticed(office: PaperOffice) -> None:
    """A store that gives back half of a reading sets the document aside with the true cause, not as a bug."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
    office.use(store=FaultyStore(office.services.store, {"read": Fault(0, truncate_to=40)}))
    office.drain()
    assert office.states() == [DocumentState.QUARANTINED]
    assert [(item.subject, item.code) for item in office.problems()] == [("1.jpg#1", Code.OBJECT_DAMAGED)]


def test_a_silent_time_stamp_authority_holds_the_document_back(office: PaperOffice) -> None:
    """Without a time stamp nothing is archived; once the authority answers, all is, and the intent is told once."""
    office.page("1.jpg", 10)
    office.tsa.silent = True
    office.digitise()
    for _ in range(3):
        office.clock.later(600)
        office.drain()
    assert office.states() == [DocumentState.WAITING_TIMESTAMP]
    assert office.services.holding.batches() != []
    with office.services.catalogue.read() as tx:
        kinds = [event.kind for event in events.chain(tx, office.dossier().id)]
        assert [item.error for item in queue.waiting(tx)] == [Code.TSA_UNAVAILABLE]
    assert kinds.count("signing.intended") == 1
    assert "signed" not in kinds
    office.tsa.silent = False
    office.clock.later(600)
    office.drain()
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.services.holding.batches() == []


def test_a_key_is_not_used_again_for_what_is_signed(office: PaperOffice) -> None:
    """A signing step killed between the signed file and its record collects that file when it runs again."""
    office.page("1.jpg", 10)
    good = office.services.store
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY, Step.RENDER)
    office.use(store=FaultyStore(good, {"put": unreachable()}))
    office.drain()
    assert office.states() == [DocumentState.WAITING_SIGNATURE]
    used = office.signer.uses
    office.clock.later(600)
    office.drain()
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.signer.uses == used
    assert [path for path in office.services.scratch.iterdir() if path.is_file()] == []


def test_a_page_that_kills_its_reader_twice_holds_back_its_file_only(office: PaperOffice) -> None:
    """The file with the page stays out and where it was, the others are archived, and the list names the page."""
    office.page("1.jpg", 10)
    deadly = office.page("2.jpg", 20)
    office.page("3.jpg", 30)
    office.reader.faults[deadly] = [Rejected(Code.READ_CRASHED), Rejected(Code.READ_TIMEOUT)]
    office.digitise()
    assert office.reader.calls[deadly] == 2
    assert set(office.states()) == {DocumentState.ARCHIVED}
    assert [(item.subject, item.code) for item in office.problems()] == [("2.jpg#1", Code.READ_TIMEOUT)]
    assert (office.folder() / "2.jpg").exists()
    assert deadly not in {ref.sha256 for ref in office.services.store.list()}
    with office.services.catalogue.read() as tx:
        intake = intakes.latest(tx, office.dossier().id)
        assert intake is not None
        states = {file.name: file.state for file in intakes.files(tx, intake.id)}
    assert states == {"1.jpg": FileState.STORED, "2.jpg": FileState.REJECTED, "3.jpg": FileState.STORED}


def test_a_page_read_at_the_second_attempt_is_read(office: PaperOffice) -> None:
    """One death of the reader is forgiven."""
    once = office.page("1.jpg", 10)
    office.reader.faults[once] = [Rejected(Code.READ_MEMORY)]
    office.digitise()
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.problems() == []


def test_a_page_that_kills_whole_workers_is_poison(office: PaperOffice) -> None:
    """After many dead workers the page is set aside, is on the list, and the rest of the dossier is archived."""
    office.page("1.jpg", 10)
    office.page("2.jpg", 20)
    office.deliver()
    office.drain(Step.RECEIVE)
    office.kill_over(Step.READ)
    office.drain()
    assert set(office.states()) == {DocumentState.ARCHIVED}
    assert [(item.subject, item.code) for item in office.problems()] == [("1.jpg#1", Code.POISON)]


@pytest.mark.parametrize("step", [Step.RECEIVE, Step.ASSEMBLE])
def test_a_delivery_that_kills_workers_is_rejected(office: PaperOffice, step: Step) -> None:
    """Poison before there are documents rejects the delivery: it is not under way for ever."""
    office.page("1.jpg", 10)
    office.deliver()
    if step is Step.ASSEMBLE:
        office.drain(Step.RECEIVE, Step.READ)
    office.kill_over(step)
    office.drain(step)
    assert [item.outcome.value for item in office.deliver()] == ["problem"]
    assert [(item.subject, item.code) for item in office.problems()] == [(CODE, Code.POISON)]


def test_poison_on_a_document_sets_it_aside_and_retry_brings_it_back(office: PaperOffice) -> None:
    """A document whose rendering kills workers blocks its dossier's closing, visibly, until it is tried again."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY)
    office.kill_over(Step.RENDER)
    office.drain()
    assert office.states() == [DocumentState.QUARANTINED]
    assert office.drain() == []
    assert retry(office.services) == 1
    assert office.problems() == []
    office.drain()
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.services.holding.batches() == []


def test_a_holding_area_that_lost_a_page_does_not_strand_the_delivery(office: PaperOffice) -> None:
    """A page image that is gone sets that page aside; the delivery is assembled from the others."""
    office.page("1.jpg", 10)
    office.page("2.jpg", 20)
    office.deliver()
    office.drain(Step.RECEIVE)
    item = office.claim(Step.READ)
    assert item is not None
    with office.services.catalogue.read() as tx:
        page = pages.get(tx, item.subject)
    held = office.inbox.parent / "holding"
    largest = sorted(held.rglob("data/*"), key=lambda path: path.stat().st_mtime_ns)
    for path in largest:
        data = path.read_bytes()
        path.unlink()
        if not office.services.holding.has(page.intake_id, f"page-{page.id}"):
            break
        path.write_bytes(data)
    run(item, office.services)
    office.drain()
    assert set(office.states()) == {DocumentState.ARCHIVED}
    assert [(problem.subject, problem.code) for problem in office.problems()] == [("1.jpg#1", Code.OBJECT_MISSING)]


def test_a_bug_is_tried_again_and_then_set_aside(office: PaperOffice) -> None:
    """An error nobody foresaw is not the world's fault for ever: three times, then a person is told."""
    broken = office.page("1.jpg", 10)
    office.bugs_expected = True
    office.reader.faults[broken] = [ZeroDivisionError("Nguyễn Văn A")] * 3
    office.page("2.jpg", 20)
    office.digitise()
    for _ in range(3):
        office.clock.later(600)
        office.drain()
    assert set(office.states()) == {DocumentState.ARCHIVED}
    assert [(item.subject, item.code, item.detail) for item in office.problems()] == [
        ("1.jpg#1", Code.BUG, "ZeroDivisionError")
    ]


def test_waiting_for_the_world_is_not_counted_as_a_bug(office: PaperOffice) -> None:
    """Many attempts that found the world at fault do not make the first bug the last attempt."""
    page = office.page("1.jpg", 10)
    office.bugs_expected = True
    office.reader.faults[page] = [
        *[Unavailable(Code.MODEL_MISSING)] * 5,
        ZeroDivisionError(),
    ]
    office.digitise()
    for _ in range(7):
        office.clock.later(600)
        office.drain()
    assert office.states() == [DocumentState.ARCHIVED]


def test_a_delivery_with_too_many_pages_is_rejected_and_listed(office: PaperOffice) -> None:
    """It is not half taken, the list keeps it at a second look, and fewer pages make it good."""
    office.services = replace(office.services, limits=replace(office.services.limits, max_pages_per_dossier=1))
    office.page("1.jpg", 10)
    office.page("2.jpg", 20)
    office.digitise()
    for _ in range(2):
        assert [item.outcome.value for item in office.deliver()] == ["problem"]
        assert [item.code for item in office.problems()] == [Code.TOO_MANY_PAGES]
    (office.folder() / "2.jpg").unlink()
    office.digitise()
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.problems() == []
    assert office.quarantined() == []
