"""A sweep runs while others work, and takes away only what nobody claims or is about to store."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from catalog import Catalogue, objects, work
from dossier.digest import of_bytes
from dossier.errors import Code, Unavailable
from dossier.model import WorkItem
from dossier.states import Step
from pipeline.keeping import announce, keep_bytes
from pipeline.services import Services
from pipeline.sweeping import discard, sweep
from storage.port import LockMode
from tests.fakes.office import PaperOffice

BYTES = b"bytes on their way"
DIGEST = of_bytes(BYTES)


@pytest.fixture
def running(office: PaperOffice) -> PaperOffice:
    """Return an office where a page is being read: its services work under that item's lease."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE)
    item = office.claim(Step.READ)
    assert item is not None
    office.services = office.services.under(item)
    return office


def _lease(office: PaperOffice) -> WorkItem:
    assert office.services.lease is not None
    return office.services.lease


def _idle(office: PaperOffice) -> Services:
    """Return the services of another process, which runs no item."""
    return replace(office.services, lease=None)


def test_what_a_step_has_stored_and_not_yet_recorded_stays(running: PaperOffice) -> None:
    """Between the bytes and their record lies a moment in which nobody claims them."""
    keep_bytes(BYTES, "text/plain", running.services)
    assert sweep(_idle(running)).objects == 0
    assert running.services.store.read(DIGEST) == BYTES


def test_what_a_step_left_is_taken_once_its_item_is_over(running: PaperOffice) -> None:
    """A step that was killed runs again and stores the same bytes: until it is done they are kept for it."""
    keep_bytes(BYTES, "text/plain", running.services)
    with running.services.catalogue.write() as tx:
        work.release(tx, "run/", running.clock(), crashed=True)
    assert sweep(_idle(running)).objects == 0
    running.services = _idle(running)
    running.drain()
    assert sweep(running.services).objects == 1
    assert running.unclaimed() == running.missing() == set()


def test_a_committed_step_leaves_no_intent(running: PaperOffice) -> None:
    """What it stored is claimed, or it is nobody's."""
    keep_bytes(BYTES, "text/plain", running.services)
    with running.services.commit():
        pass
    assert sweep(_idle(running)).objects == 1


def test_a_step_waits_until_a_sweep_is_through_with_the_same_bytes(running: PaperOffice) -> None:
    """Else they would be stored before, and removed after."""
    keep_bytes(BYTES, "text/plain", _idle(running))
    running.clock.later(timedelta(days=2).total_seconds())  # whoever stored them by hand is long gone
    with running.services.catalogue.write() as tx:
        assert objects.condemn(tx, [DIGEST], running.clock()) == [DIGEST]
    with pytest.raises(Unavailable) as caught:
        announce([DIGEST], running.services)
    assert caught.value.code is Code.STORE_UNAVAILABLE
    assert sweep(_idle(running)).objects == 1
    keep_bytes(BYTES, "text/plain", running.services)
    assert running.services.store.read(DIGEST) == BYTES


def test_a_sweep_that_was_killed_is_ended_by_the_next(office: PaperOffice) -> None:
    """At once where no other can be alive; where one may be paused, only after a long time."""
    office.services.store.put(io.BytesIO(BYTES), "text/plain")
    with office.services.catalogue.write() as tx:
        objects.condemn(tx, [DIGEST], office.clock())
    assert sweep(office.services, patience=900).objects == 0
    assert office.services.store.stat(DIGEST) is not None
    office.clock.later(901)
    assert sweep(office.services, patience=900).objects == 1
    assert office.services.store.stat(DIGEST) is None


def test_what_is_locked_stays_and_may_be_stored_again(running: PaperOffice) -> None:
    """The lock is somebody's will: the sweep forgets the object instead of trying for ever."""
    store = running.services.store
    store.put(io.BytesIO(BYTES), "text/plain")
    store.retain(DIGEST, running.clock().date() + timedelta(days=9000), LockMode.GOVERNANCE)
    assert discard([DIGEST], _idle(running)) == 0
    announce([DIGEST], running.services)
    assert store.read(DIGEST) == BYTES


def test_who_announces_and_who_condemns_do_not_miss_each_other(catalogue: Catalogue, office: PaperOffice) -> None:
    """Of a step and a sweep that look at the same moment one gives way, however they are interleaved."""
    services = replace(office.services, catalogue=catalogue)
    for number in range(40):
        digest = of_bytes(str(number).encode())
        outcome: dict[str, bool] = {}
        start = threading.Barrier(2)

        def announced(digest: str = digest, outcome: dict[str, bool] = outcome) -> None:
            try:
                announce([digest], services)
            except Unavailable:
                outcome["announced"] = False
            else:
                outcome["announced"] = True

        def condemned(digest: str = digest, outcome: dict[str, bool] = outcome) -> None:
            with catalogue.write() as tx:
                outcome["condemned"] = objects.condemn(tx, [digest], office.services.clock()) == [digest]

        _both(start, announced, condemned)
        assert outcome["announced"] is not outcome["condemned"]


def _both(start: threading.Barrier, *parts: Callable[[], None]) -> None:
    def run(part: Callable[[], None]) -> None:
        start.wait()
        part()

    threads = [threading.Thread(target=run, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
