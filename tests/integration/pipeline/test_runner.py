"""The local runner: frees what dead workers held, blames only what may be to blame, and does not hang on."""

import sys
from datetime import timedelta

import pytest

from catalog import queue, work
from dossier.errors import Code
from dossier.states import Step
from tests.fakes.office import PaperOffice
from workers.hand import TRY_LATER, WorkerName
from workers.local import work_until
from workers.pool import Pool, free_claims_of_dead_runs
from workers.runner import Progress, Runner
from workers.runs import host_id, new_run_id

# A worker that claims an item and ends with a status of its own, by the real catalogue.
_WORKER = """
import os, sys
from datetime import datetime, UTC
from catalog import Catalogue, work
from dossier.states import Step
catalogue = Catalogue(sys.argv[1])
with catalogue.write() as tx:
    work.claim(tx, f"{sys.argv[2]}/{os.getpid()}/", tuple(Step), datetime.now(UTC))
os._exit(int(sys.argv[3]))
"""


def _runner(office: PaperOffice, status: int, *, script: str = _WORKER) -> Runner:
    url = office.services.catalogue._engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", script, url, "run", str(status)]
    return Runner(office.services, Pool(office.services, command, "run", 1), 20)


@pytest.fixture
def delivered(office: PaperOffice) -> PaperOffice:
    """Return an office with one delivery to receive."""
    office.page("1.jpg", 10)
    office.deliver()
    return office


def test_an_item_that_kills_every_worker_ends_as_poison(delivered: PaperOffice) -> None:
    """Who claims it next sets it aside, and the list tells it."""

    def enough(_: Progress | None = None) -> bool:
        with delivered.services.catalogue.read() as tx:
            return any(item.crashes >= work.MAX_CRASHES for item in queue.due(tx, Step.RECEIVE, delivered.clock(), 1))

    def told(_: Progress) -> None:
        delivered.clock.later(5)

    _runner(delivered, 9).run(tuple(Step), told, enough)
    delivered.drain()
    assert [(item.step, item.error) for item in delivered.quarantined()] == [(Step.RECEIVE, Code.POISON)]
    assert [item.code for item in delivered.problems()] == [Code.POISON]


def test_a_worker_that_could_not_record_is_not_held_against_its_item(delivered: PaperOffice) -> None:
    """However often the catalogue was away, the item is not poison."""
    seen: list[Progress] = []
    _runner(delivered, TRY_LATER).run(tuple(Step), seen.append, lambda: len(seen) > 40)
    assert delivered.quarantined() == []
    item = delivered.claim()
    assert item is not None
    assert item.crashes == 0
    assert item.attempts > 3


def test_workers_that_die_at_their_start_end_the_run(delivered: PaperOffice) -> None:
    """A broken installation is told as what it is, instead of being started for ever."""
    runner = _runner(delivered, 1, script="import sys; sys.exit(3)")
    with pytest.raises(RuntimeError, match="exit status 3"):
        runner.run(tuple(Step), lambda _: None, lambda: False)
    assert delivered.quarantined() == []


def test_a_new_run_takes_up_at_once_what_was_put_off(delivered: PaperOffice) -> None:
    """Whoever starts a run has seen to the cause: nobody waits for the end of a back-off."""
    item = delivered.claim()
    assert item is not None
    with delivered.services.catalogue.write() as tx:
        work.postpone(tx, item, delivered.clock(), 300, (Code.DISK_FULL, ""))
    seen: list[Progress] = []
    _runner(delivered, 0).run(tuple(Step), seen.append, lambda: len(seen) > 2)
    assert seen[0].open_items == 1


def test_claims_of_dead_runs_are_freed_and_those_of_living_ones_are_not(office: PaperOffice) -> None:
    """Several runs may share one catalogue, and nobody can see whether one of another host is alive."""
    office.page("1.jpg", 10)
    office.page("2.jpg", 20)
    office.page("3.jpg", 30)
    office.deliver()
    office.drain(Step.RECEIVE)
    alive, elsewhere = f"{new_run_id()}/7/", "other-1-1/8/"
    for worker in (f"{host_id()}-1-1/7/", alive, elsewhere):
        assert office.claim(worker=worker) is not None
    assert free_claims_of_dead_runs(office.services) == 1
    with office.services.catalogue.read() as tx:
        assert queue.claimed_by(tx) == {alive, elsewhere}


def test_a_worker_whose_run_is_gone_ends(delivered: PaperOffice) -> None:
    """It claims nothing any more: what it put would be swept away under its hands."""
    work_until(delivered.services, f"{host_id()}-1-1", lambda: False)
    assert delivered.claim() is not None


def test_a_worker_works_until_it_is_stopped(delivered: PaperOffice) -> None:
    """It takes every step that it has the key for."""

    def nothing_left() -> bool:
        with delivered.services.catalogue.read() as tx:
            return queue.open_count(tx, tuple(Step), delivered.clock() + timedelta(seconds=1)) == 0

    work_until(delivered.services, new_run_id(), nothing_left)
    assert len(delivered.documents()) == 1
    assert str(WorkerName("a-b", 3)) == "a-b/3/"
    assert Step.SIGN in delivered.services.runnable
