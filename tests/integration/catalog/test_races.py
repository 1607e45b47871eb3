"""Writers that come at the same moment: nothing is lost, doubled or stuck, on each database.

Where the order matters, one transaction is held open while another is tried in a thread: on PostgreSQL it waits for
the lock that the rules of `catalog/catalogue.py` name, on SQLite for its turn to write.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import attrgetter

import pytest
from sqlalchemy import func, select

from catalog import Catalogue, Transaction, documents, events, intakes, objects, pages, problems, register_saving, work
from catalog.register_rows import FIELDS
from catalog.register_saving import NewImport
from catalog.schema import claim, register_entry, stored_object, work_item
from dossier.codes import DossierCode, parse_code
from dossier.digest import of_bytes
from dossier.errors import Code
from dossier.model import Document, ObjectRef, Page, SourceFile, WorkItem
from dossier.page import Verdict
from dossier.register import Channel, RegisterEntry, Status
from dossier.scan import Encoding, PageScan
from dossier.states import DocumentState, FileState, PageState, Step
from tests.integration.catalog.writers import Writers

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SCAN = PageScan(Encoding.JPEG, 2480, 3508, 300.0, 300.0, 3)
REF = ObjectRef("objects/aa", "a" * 64, 3, "image/jpeg")


@pytest.fixture
def writers(catalogue_url: str) -> Iterator[Writers]:
    """Give threads that write into the catalogue under test."""
    with ThreadPoolExecutor(8) as pool:
        yield Writers(catalogue_url, pool)


def _code(number: int) -> DossierCode:
    code = parse_code(f"H15.50.05.13-261008-{number:04}")
    assert code is not None
    return code


def _delivery(tx: Transaction, number: int, page_count: int) -> tuple[str, str]:
    """Record a dossier with a delivery of some unread pages; return both ids."""
    dossier_id = intakes.ensure_dossier(tx, _code(number), "H15", NOW)
    intake_id = intakes.begin(tx, dossier_id, f"/in/{number}", "mark", NOW)
    file = SourceFile(f"f{number}", intake_id, "a.pdf", "0" * 64, 1, "application/pdf", FileState.HELD)
    intakes.add_files(tx, [file])
    own = [_page(number, position, intake_id) for position in range(page_count)]
    pages.add(tx, own)
    return dossier_id, intake_id


def _page(number: int, position: int, intake_id: str) -> Page:
    page_id = f"p{number}-{position}"
    return Page(page_id, intake_id, f"f{number}", "a.pdf", "", position + 1, "1" * 64, SCAN, PageState.RECEIVED)


def _read(tx: Transaction, dossier_id: str, intake_id: str, page_id: str) -> None:
    """Do what the step `read` commits."""
    intakes.lock_dossiers(tx, [dossier_id])
    pages.set_read(tx, page_id, Verdict.GOOD, [])
    if pages.unread(tx, intake_id) == 0:
        work.enqueue(tx, Step.ASSEMBLE, [intake_id], intake_id, NOW)


def _assemblies(catalogue: Catalogue) -> int:
    with catalogue.read() as tx:
        sought = select(func.count()).where(work_item.c.step == Step.ASSEMBLE.value)
        return tx.execute(sought).scalar_one()


def test_two_last_pages_read_at_once_are_assembled_once(catalogue: Catalogue, writers: Writers) -> None:
    """The second reader waits for the first, sees its page read, and asks for the assembly."""
    with catalogue.write() as tx:
        dossier_id, intake_id = _delivery(tx, 1, 2)
    with catalogue.write() as tx:
        _read(tx, dossier_id, intake_id, "p1-0")
        second = writers.held_up(lambda own: _read(own, dossier_id, intake_id, "p1-1"))
    second.result(30)
    assert _assemblies(catalogue) == 1


def test_pages_of_many_dossiers_read_at_once_are_assembled_once_each(catalogue: Catalogue, writers: Writers) -> None:
    """Eight readers at a time, one dossier after the other."""
    with catalogue.write() as tx:
        made = [_delivery(tx, number, 8) for number in range(12)]
    for number, (dossier_id, intake_id) in enumerate(made):
        names = [f"p{number}-{position}" for position in range(8)]
        writers.at_once(*(partial(_read, dossier_id=dossier_id, intake_id=intake_id, page_id=name) for name in names))
    assert _assemblies(catalogue) == 12


def test_a_dossier_delivered_twice_at_once_is_one_dossier_with_one_delivery(
    catalogue: Catalogue, writers: Writers
) -> None:
    """Two hosts look at one share: the second sees what the first has begun."""

    def deliver(tx: Transaction) -> bool:
        dossier_id = intakes.ensure_dossier(tx, _code(1), "H15", NOW)
        intakes.lock_dossiers(tx, [dossier_id])
        if intakes.latest(tx, dossier_id) is not None:
            return False
        intakes.begin(tx, dossier_id, "/in/1", "mark", NOW)
        return True

    assert sorted(writers.at_once(*[deliver] * 6)) == [False] * 5 + [True]
    with catalogue.read() as tx:
        assert [dossier.version for dossier in intakes.all_dossiers(tx)] == [1]


def test_links_of_one_chain_follow_each_other_whoever_adds_them(catalogue: Catalogue, writers: Writers) -> None:
    """No two links with one number, none lost, each holding the digest of the one before."""
    with catalogue.write() as tx:
        dossier_id, _ = _delivery(tx, 1, 1)

    def link(tx: Transaction) -> None:
        intakes.lock_dossiers(tx, [dossier_id])
        for _ in range(5):
            events.append(tx, dossier_id, "confirmed", NOW, {"n": 1})

    writers.at_once(*[link] * 6)
    with catalogue.read() as tx:
        events.check_chain(tx, dossier_id)
        assert [each.sequence for each in events.chain(tx, dossier_id)] == list(range(1, 31))


def test_dossiers_locked_by_several_in_any_order_make_no_circle(catalogue: Catalogue, writers: Writers) -> None:
    """Who needs many asks for all of them at once, and they are taken in one order."""
    with catalogue.write() as tx:
        ids = [_delivery(tx, number, 1)[0] for number in range(10)]

    def link_all(tx: Transaction, wanted: list[str]) -> None:
        intakes.lock_dossiers(tx, wanted)
        for dossier_id in wanted:
            events.append(tx, dossier_id, "retried", NOW, {})

    for _ in range(5):
        writers.at_once(
            *(partial(link_all, wanted=ids[turn:] + ids[:turn]) for turn in (0, 3, 6)),
            *(partial(link_all, wanted=[one]) for one in ids[:4]),
        )
    with catalogue.read() as tx:
        for dossier_id in ids:
            events.check_chain(tx, dossier_id)


def test_objects_that_dossiers_share_are_recorded_by_all_of_them(catalogue: Catalogue, writers: Writers) -> None:
    """Blank pages have the same words everywhere: recorded in any order, no circle, one object, all claims."""
    refs = [ObjectRef(f"objects/{n}", of_bytes(str(n).encode()), 3, "application/json") for n in range(40)]

    def record(tx: Transaction, own: str, turn: int) -> None:
        needs = [objects.Need(ref, f"page:{own}-{n}", "words") for n, ref in enumerate(refs)]
        objects.record_all(tx, needs[turn:] + needs[:turn], NOW)

    for round_ in range(4):
        writers.at_once(*(partial(record, own=f"{round_}-{turn}", turn=turn * 7) for turn in range(6)))
    with catalogue.read() as tx:
        assert tx.execute(select(func.count()).select_from(stored_object)).scalar_one() == 40
        assert tx.execute(select(func.count()).select_from(claim)).scalar_one() == 40 * 6 * 4


def test_an_object_whose_last_claim_goes_while_another_comes_stays(catalogue: Catalogue, writers: Writers) -> None:
    """The newcomer waits, finds the record gone and makes it anew."""
    with catalogue.write() as tx:
        objects.record(tx, REF, "file:old", "test", NOW)
    with catalogue.write() as tx:
        assert objects.drop_claim(tx, REF.sha256, "file:old")
        coming = writers.held_up(lambda own: objects.record(own, REF, "file:new", "test", NOW))
    coming.result(30)
    with catalogue.read() as tx:
        assert objects.find(tx, REF.sha256) == REF
        assert objects.claimed_digests(tx) == {REF.sha256}


def test_an_object_that_is_just_being_claimed_is_not_let_go(catalogue: Catalogue, writers: Writers) -> None:
    """Who drops what was the last claim waits, and sees the new one."""
    with catalogue.write() as tx:
        objects.record(tx, REF, "file:old", "test", NOW)
    with catalogue.write() as tx:
        objects.record(tx, REF, "file:new", "test", NOW)
        going = writers.held_up(lambda own: objects.drop_claim(own, REF.sha256, "file:old"))
    assert going.result(30) is False
    with catalogue.read() as tx:
        assert objects.find(tx, REF.sha256) == REF


def test_the_last_two_claims_dropped_at_once_take_the_object_with_them(catalogue: Catalogue, writers: Writers) -> None:
    """Exactly one of the two is told that it was the last."""
    for _ in range(10):
        with catalogue.write() as tx:
            for referrer in ("file:1", "file:2"):
                objects.record(tx, REF, referrer, "test", NOW)
        ends = writers.at_once(
            *(partial(objects.drop_claim, sha256=REF.sha256, referrer=name) for name in ("file:1", "file:2"))
        )
        assert sorted(ends) == [False, True]
        with catalogue.read() as tx:
            assert objects.find(tx, REF.sha256) is None


def _claimed(catalogue: Catalogue, step: Step = Step.READ, subject: str = "p1-0") -> WorkItem:
    with catalogue.write() as tx:
        _, intake_id = _delivery(tx, 1, 1)
        work.enqueue(tx, step, [subject], intake_id, NOW)
    with catalogue.write() as tx:
        item = work.claim(tx, "run/1/", tuple(Step), NOW)
    assert item is not None
    return item


def test_a_sweep_beside_a_commit_spares_what_is_claimed_by_it(catalogue: Catalogue, writers: Writers) -> None:
    """The intent goes and the claim comes in one commit: a sweep sees one or the other."""
    item = _claimed(catalogue)
    with catalogue.write() as tx:
        objects.intend(tx, [REF.sha256], item, NOW)
    with catalogue.write() as tx:
        objects.record(tx, REF, "file:1", "test", NOW)
        objects.drop_intents(tx, item)
        work.finish(tx, item, NOW)
        sweep = writers.held_up(lambda own: objects.condemn(own, [REF.sha256], NOW))
    assert sweep.result(30) == []


def test_problems_noted_at_once_are_one_line(catalogue: Catalogue, writers: Writers) -> None:
    """Nobody is refused because another was quicker."""
    for round_ in range(5):
        writers.at_once(
            *(
                partial(problems.report, folder="/in", subject=f"{round_}", code=Code.LINK_OUTSIDE, detail="", at=NOW)
                for _ in range(6)
            )
        )
    with catalogue.read() as tx:
        assert [each.subject for each in problems.open_problems(tx)] == ["0", "1", "2", "3", "4"]


def _documents(catalogue: Catalogue, count: int) -> list[str]:
    """Record dossiers with one classified document each; return the ids of these."""
    with catalogue.write() as tx:
        for number in range(count):
            dossier_id, intake_id = _delivery(tx, number, 1)
            item = Document(
                f"d{number}",
                dossier_id,
                _code(number).normal,
                intake_id,
                0,
                1,
                "",
                DocumentState.ASSEMBLED,
                (f"p{number}-0",),
                kind="",
            )
            documents.add(tx, item, f"key-{number}", NOW)
            documents.move(tx, item.id, DocumentState.CLASSIFIED)
    return [f"d{number}" for number in range(count)]


def _marks(catalogue: Catalogue, after: int) -> list[tuple[int, str]]:
    with catalogue.read() as tx:
        return [(mark, item.id) for mark, item in documents.changed_since(tx, after, 100)]


def test_marks_of_change_become_visible_in_their_order(catalogue: Catalogue, writers: Writers) -> None:
    """Who archives second gets the next mark only when the first is committed: no reader passes one by."""
    first, second = _documents(catalogue, 2)
    with catalogue.write() as tx:
        documents.set_archived(tx, first, NOW)
        waiting = writers.held_up(lambda own: documents.set_archived(own, second, NOW))
        assert _marks(catalogue, 0) == []
    waiting.result(30)
    assert [name for _, name in _marks(catalogue, 0)] == [first, second]


def test_a_projection_that_follows_the_marks_misses_no_document(catalogue: Catalogue, writers: Writers) -> None:
    """It looks again and again while eight writers archive; each document passes once."""
    names = _documents(catalogue, 48)
    seen: list[str] = []
    over = threading.Event()

    def follow() -> None:
        mark = 0
        while True:
            last_look = over.is_set()
            found = _marks(catalogue, mark)
            seen.extend(name for _, name in found)
            mark = found[-1][0] if found else mark
            if last_look:
                return

    follower = threading.Thread(target=follow)
    follower.start()
    for start in range(0, len(names), 8):
        batch = names[start : start + 8]
        writers.at_once(*(partial(documents.set_archived, document_id=name, at=NOW) for name in batch))
    over.set()
    follower.join()
    assert Counter(seen) == Counter(names)


def test_an_item_that_is_just_being_finished_is_not_given_back(catalogue: Catalogue, writers: Writers) -> None:
    """Its lease has run out, but its owner is at the commit: whoever collects leases does not take it away."""
    item = _claimed(catalogue)
    late = NOW + timedelta(seconds=work.LEASE_SECONDS * 2)
    with catalogue.write() as tx:
        work.finish(tx, item, late)
        sweeper = writers.begin(lambda own: work.release_expired(own, late))
        if catalogue.dialect == "postgresql":  # does not even wait for it
            assert sweeper.result(30) == 0
    assert sweeper.result(30) == 0


def test_two_collectors_of_leases_count_each_item_once(catalogue: Catalogue, writers: Writers) -> None:
    """A crash is one crash, however many hosts notice it."""
    with catalogue.write() as tx:
        _, intake_id = _delivery(tx, 1, 1)
        work.enqueue(tx, Step.READ, [f"s{n}" for n in range(30)], intake_id, NOW)
    for _ in range(30):
        with catalogue.write() as tx:
            assert work.claim(tx, "run/1/", tuple(Step), NOW) is not None
    late = NOW + timedelta(seconds=work.LEASE_SECONDS * 2)
    assert sum(writers.at_once(*[partial(work.release_expired, now=late)] * 6)) == 30
    with catalogue.read() as tx:
        assert set(tx.execute(select(work_item.c.crashes)).scalars()) == {1}


def test_two_people_may_store_the_same_bytes(catalogue: Catalogue, writers: Writers) -> None:
    """Who imports a register does no work item: the same file at two desks is announced twice, and once at a time."""
    with catalogue.write() as tx:
        objects.intend(tx, [REF.sha256], None, NOW)
        second = writers.held_up(lambda own: objects.intend(own, [REF.sha256], None, NOW))
    second.result(30)


def test_two_imports_of_a_register_at_once_are_one_after_the_other(catalogue: Catalogue, writers: Writers) -> None:
    """The second finds the rows of the first."""
    entry = RegisterEntry(
        *("H15-0", "H15-0", 2, "H15", "hộ tịch", "1", "Khai sinh", Channel.DIRECT, Status.SETTLED),
        *(NOW, NOW, NOW, None, "Lê Thị Thử"),
    )
    rows = [replace(entry, code=f"H15-{n}") for n in range(50)]

    def save(tx: Transaction) -> int:
        return register_saving.save(tx, map(attrgetter(*FIELDS), rows), NewImport("0" * 64, 0, NOW)).added

    assert sorted(writers.at_once(*[save] * 4)) == [0, 0, 0, 50]
    with catalogue.read() as tx:
        assert tx.execute(select(func.count()).select_from(register_entry)).scalar_one() == 50
