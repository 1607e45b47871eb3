"""Work items: one claim at a time, nothing is committed without it, nothing is lost with its worker."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from catalog import Catalogue, chores, intakes, queue, work
from catalog.schema import work_item
from dossier.codes import parse_code
from dossier.errors import Code
from dossier.model import WorkItem
from dossier.states import Priority, Step, WorkState

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ALL = tuple(Step)


def _enqueue(catalogue: Catalogue, step: Step, *subjects: str, intake: str = "i1") -> None:
    with catalogue.write() as tx:
        work.enqueue(tx, step, subjects, intake, NOW)


def _deliver(catalogue: Catalogue, code: str, priority: Priority, place: str = "") -> str:
    known = parse_code(code)
    assert known is not None
    with catalogue.write() as tx:
        dossier_id = intakes.ensure_dossier(tx, known, known.agency, NOW)
        return intakes.begin(tx, dossier_id, f"/in/{code}", "mark", NOW, intakes.Errand(priority, place))


def _claim(catalogue: Catalogue, worker: str = "run/1/", now: datetime = NOW, place: str = "") -> WorkItem:
    with catalogue.write() as tx:
        item = work.claim(tx, worker, ALL, now, place)
    assert item is not None
    return item


def _finish(catalogue: Catalogue, item: WorkItem) -> None:
    with catalogue.write() as tx:
        work.finish(tx, item, NOW)


def _states(catalogue: Catalogue) -> Counter[WorkState]:
    counted = select(work_item.c.state, func.count()).group_by(work_item.c.state)
    with catalogue.read() as tx:
        return Counter({WorkState(state): count for state, count in tx.execute(counted)})


def test_an_item_is_claimed_once(catalogue: Catalogue) -> None:
    """What one worker holds, no other gets."""
    _enqueue(catalogue, Step.READ, "p1")
    assert _claim(catalogue).subject == "p1"
    with catalogue.write() as tx:
        assert work.claim(tx, "run/2/", ALL, NOW) is None


def test_a_subject_is_enqueued_once_for_a_step(catalogue: Catalogue) -> None:
    """Steps may be asked for again and again; one that is done stays done."""
    _enqueue(catalogue, Step.READ, "p1", "p2")
    _finish(catalogue, _claim(catalogue))
    _enqueue(catalogue, Step.READ, "p1", "p2", "p3")
    assert _states(catalogue) == {WorkState.DONE: 1, WorkState.READY: 2}


def test_threads_with_connections_of_their_own_share_the_work_without_overlap(
    catalogue: Catalogue, catalogue_url: str
) -> None:
    """Six threads claim and finish sixty items; each item is run by exactly one of them."""
    _enqueue(catalogue, Step.READ, *(f"p{n}" for n in range(60)))
    ran: Counter[str] = Counter()
    lock = threading.Lock()

    def labour(number: int) -> None:
        own = Catalogue(catalogue_url)
        while True:
            with own.write() as tx:
                item = work.claim(tx, f"run/{number}/", ALL, NOW)
            if item is None:
                break
            with lock:
                ran[item.subject] += 1
            _finish(own, item)
        own.close()

    threads = [threading.Thread(target=labour, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(ran.values()) == {1}
    assert len(ran) == 60
    assert _states(catalogue) == {WorkState.DONE: 60}


def test_who_waits_at_a_counter_goes_before_the_backlog(catalogue: Catalogue) -> None:
    """A dossier that is nearly done is finished before another is begun, unless somebody stands at a counter."""
    backlog = _deliver(catalogue, "H99.27.14-260211-0008", Priority.BACKLOG)
    counter = _deliver(catalogue, "H99.27.14-260211-0009", Priority.COUNTER)
    _enqueue(catalogue, Step.READ, "p1", intake=backlog)
    _enqueue(catalogue, Step.ARCHIVE, "d1", intake=backlog)
    _enqueue(catalogue, Step.READ, "p2", intake=counter)
    _enqueue(catalogue, Step.CLASSIFY, "d2", intake=counter)
    assert [_claim(catalogue).subject for _ in range(4)] == ["d2", "p2", "d1", "p1"]


def test_a_folder_is_received_where_it_lies(catalogue: Catalogue) -> None:
    """Only workers at the place of a delivery receive it; its pages are anybody's."""
    intake = _deliver(catalogue, "H99.27.14-260211-0008", Priority.COUNTER, "tram-1")
    _enqueue(catalogue, Step.RECEIVE, intake, intake=intake)
    _enqueue(catalogue, Step.READ, "p1", intake=intake)
    assert _claim(catalogue, place="tram-2").subject == "p1"
    with catalogue.write() as tx:
        assert work.claim(tx, "run/1/", ALL, NOW, "tram-2") is None
    assert _claim(catalogue, place="tram-1").subject == intake


def test_an_item_handed_over_is_done_at_its_place(catalogue: Catalogue) -> None:
    """It is no longer ours, and no worker elsewhere gets it; one that was cancelled can be revived there."""
    _enqueue(catalogue, Step.READ, "p1")
    item = _claim(catalogue)
    with catalogue.write() as tx:
        work.hand_over(tx, item, NOW, "tram-1")
        assert work.claim(tx, "run/1/", ALL, NOW) is None
        assert not work.renew(tx, item, NOW)
        work.cancel_intake(tx, "i1", NOW)
        work.revive(tx, Step.READ, "p1", NOW, "tram-1")
    assert _claim(catalogue, place="tram-1").subject == "p1"


def test_nothing_is_given_out_while_the_installation_is_drained(catalogue: Catalogue) -> None:
    """What is under way may finish; afterwards work goes on where it stood."""
    _enqueue(catalogue, Step.READ, "p1", "p2")
    item = _claim(catalogue)
    with catalogue.write() as tx:
        chores.set_draining(tx, NOW, on=True)
        assert work.claim(tx, "run/2/", ALL, NOW) is None
        work.finish(tx, item, NOW)
        chores.set_draining(tx, NOW, on=False)
    assert _claim(catalogue).subject == "p2"


def test_a_chore_is_done_by_one_at_a_time_and_not_too_often(catalogue: Catalogue) -> None:
    """Another may take over what was dropped, and the next round begins when it is due."""

    def take(holder: str, seconds: float) -> bool:
        with catalogue.write() as tx:
            return chores.take(tx, "seal", holder, NOW + timedelta(seconds=seconds), every=60, lease=30)

    assert take("a", 0)
    assert not take("b", 29)
    assert take("b", 31)
    with catalogue.write() as tx:
        assert not chores.keep(tx, "seal", "a", NOW, 30)
        chores.done(tx, "seal", "a", NOW)
        chores.done(tx, "seal", "b", NOW + timedelta(seconds=40))
        assert chores.last_done(tx, "seal") == (NOW + timedelta(seconds=40)).timestamp()
    assert not take("a", 90)
    assert take("a", 101)


def test_only_the_steps_asked_for_are_claimed(catalogue: Catalogue) -> None:
    """A worker without a key leaves the signing list alone."""
    _enqueue(catalogue, Step.SIGN, "d1")
    with catalogue.write() as tx:
        assert work.claim(tx, "run/1/", (Step.READ,), NOW) is None


def test_the_token_fences_a_worker_that_comes_late(catalogue: Catalogue, catalogue_url: str) -> None:
    """After its lease ran out and another took the item, the first can neither finish, renew nor set it aside."""
    _enqueue(catalogue, Step.READ, "p1")
    late = _claim(catalogue)
    other = Catalogue(catalogue_url)
    later = NOW + timedelta(seconds=work.LEASE_SECONDS + 1)
    with other.write() as tx:
        assert work.release_expired(tx, later) == 1
        assert chores.counted(tx) == {work.EXPIRED: 1}
    new = _claim(other, "run/2/", later)
    assert new.token > late.token
    with catalogue.write() as tx:
        assert not work.renew(tx, late, later)
    for settle in (
        lambda tx: work.finish(tx, late, later),
        lambda tx: work.postpone(tx, late, later, 1, (Code.DISK_FULL, "")),
        lambda tx: work.quarantine(tx, late, later, Code.BUG, ""),
        lambda tx: work.count_bug(tx, late),
        lambda tx: work.still_held(tx, late),
    ):
        with pytest.raises(work.LostLease), catalogue.write() as tx:
            settle(tx)
    _finish(other, new)
    other.close()
    assert _states(catalogue) == {WorkState.DONE: 1}


def test_a_lost_lease_undoes_what_the_step_wrote(catalogue: Catalogue) -> None:
    """The result and the end of the item are one transaction: without the claim neither is there."""
    _enqueue(catalogue, Step.READ, "p1")
    item = _claim(catalogue)
    with catalogue.write() as tx:
        work.release(tx, "run/1/", NOW, crashed=False)
    with pytest.raises(work.LostLease):
        _write_and_finish(catalogue, item)
    assert _states(catalogue) == {WorkState.READY: 1}


def _write_and_finish(catalogue: Catalogue, item: WorkItem) -> None:
    with catalogue.write() as tx:
        work.enqueue(tx, Step.ASSEMBLE, ["i1"], "i1", NOW)
        work.finish(tx, item, NOW)


def test_a_renewed_lease_does_not_run_out(catalogue: Catalogue) -> None:
    """The heartbeat of a worker that lives keeps its item."""
    _enqueue(catalogue, Step.READ, "p1")
    item = _claim(catalogue)
    later = NOW + timedelta(seconds=work.LEASE_SECONDS)
    with catalogue.write() as tx:
        assert work.renew(tx, item, later - timedelta(seconds=1))
        assert work.release_expired(tx, later + timedelta(seconds=1)) == 0


def test_the_claims_of_one_dead_worker_are_given_back(catalogue: Catalogue) -> None:
    """Those of a worker whose number begins alike are not."""
    _enqueue(catalogue, Step.READ, "p1", "p2")
    _claim(catalogue, "run/1/")
    _claim(catalogue, "run/12/")
    with catalogue.write() as tx:
        assert work.release(tx, "run/1/", NOW, crashed=True) == 1
    with catalogue.read() as tx:
        assert queue.claimed_by(tx) == {"run/12/"}


def test_an_item_whose_worker_dies_again_and_again_is_given_out_more_slowly(catalogue: Catalogue) -> None:
    """The first deaths cost no time: a pulled plug is the likelier cause. Every one is counted."""
    _enqueue(catalogue, Step.READ, "p1")
    now = NOW
    for crash in range(1, work.MAX_CRASHES + 1):
        assert _claim(catalogue, now=now).crashes == crash - 1
        with catalogue.write() as tx:
            assert work.release(tx, "run/1/", now, crashed=True) == 1
            waits = work.claim(tx, "run/1/", ALL, now) is None
            assert waits is (3 < crash < work.MAX_CRASHES)
            work.release(tx, "run/1/", now, crashed=False)
        now += timedelta(minutes=1)
    assert _claim(catalogue, now=now).crashes == work.MAX_CRASHES


def test_runs_that_were_killed_do_not_make_poison(catalogue: Catalogue) -> None:
    """Pulling the plug is nobody's fault, however often."""
    _enqueue(catalogue, Step.READ, "p1")
    for _ in range(work.MAX_CRASHES + 2):
        _claim(catalogue)
        with catalogue.write() as tx:
            assert work.release(tx, "run/", NOW, crashed=False) == 1
    assert _claim(catalogue).crashes == 0


def test_an_item_put_off_waits_with_its_cause_until_it_is_due_or_hastened(catalogue: Catalogue) -> None:
    """It is neither claimed nor counted as due before; asking for work makes it due at once."""
    _enqueue(catalogue, Step.SIGN, "d1")
    item = _claim(catalogue)
    with catalogue.write() as tx:
        work.postpone(tx, item, NOW, 100, (Code.TSA_UNAVAILABLE, "silent"))
        assert work.claim(tx, "run/1/", ALL, NOW + timedelta(seconds=99)) is None
        assert queue.open_count(tx, ALL, NOW) == 0
        assert queue.open_count(tx, ALL) == 1
        assert [(each.error, each.detail) for each in queue.waiting(tx)] == [(Code.TSA_UNAVAILABLE, "silent")]
        work.hasten(tx)
        assert queue.open_count(tx, ALL, NOW) == 1
    assert _claim(catalogue).attempts == 2


def test_what_was_set_aside_can_be_made_ready_with_a_clean_record(catalogue: Catalogue) -> None:
    """Attempts and crashes of before do not count against it."""
    _enqueue(catalogue, Step.READ, "p1")
    item = _claim(catalogue)
    with catalogue.write() as tx:
        assert work.count_bug(tx, item) == 1
        work.quarantine(tx, item, NOW, Code.BUG, "KeyError")
        (aside,) = queue.quarantined(tx)
        work.requeue(tx, aside, NOW)
        assert queue.quarantined(tx) == []
    again = _claim(catalogue)
    assert (again.attempts, again.crashes, again.error) == (1, 0, "")


def test_cancelling_a_delivery_takes_all_its_leases_but_one(catalogue: Catalogue) -> None:
    """Ready, claimed and set aside are cancelled; what is done and other deliveries are not touched."""
    _enqueue(catalogue, Step.READ, "p1", "p2", "p3", "p4")
    _enqueue(catalogue, Step.READ, "q1", intake="i2")
    done, kept, running = (_claim(catalogue) for _ in range(3))
    _finish(catalogue, done)
    with catalogue.write() as tx:
        work.cancel_intake(tx, "i1", NOW, but=kept)
    assert _states(catalogue) == {
        WorkState.DONE: 1,
        WorkState.CLAIMED: 1,
        WorkState.CANCELLED: 2,
        WorkState.READY: 1,
    }
    with pytest.raises(work.LostLease):
        _finish(catalogue, running)
    _finish(catalogue, kept)


def test_cancelling_a_subject_leaves_the_other_steps(catalogue: Catalogue) -> None:
    """Only the named steps of the subject are cancelled."""
    _enqueue(catalogue, Step.SIGN, "d1")
    _enqueue(catalogue, Step.CLOSE, "d1")
    with catalogue.write() as tx:
        work.cancel_subject(tx, (Step.RENDER, Step.SIGN), "d1", NOW)
    assert _claim(catalogue).step is Step.CLOSE
