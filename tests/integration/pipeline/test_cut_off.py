"""A host that is cut off from the store: it takes its time, and what it put off does not wait longer than needed."""

import threading
import time

from dramatiq.brokers.stub import StubBroker

from catalog import queue
from dossier.errors import Code
from dossier.states import DocumentState, Step
from tests.fakes.faulty_store import FaultyStore, disk_full, unreachable
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice
from workers.hand import Hand
from workers.relay import Relay
from workers.runs import new_run_id

THIRD_CODE = "H99.27.14-260211-0010"


def _hand(office: PaperOffice, *, rests: bool = False) -> Hand:
    return Hand(office.services, new_run_id(), lambda: False, rests=rests)


def test_what_waited_for_the_store_is_due_as_soon_as_it_is_back(office: PaperOffice) -> None:
    """One success tells that the store is there again: nobody waits out the time that he was put off for."""
    for shade, code in enumerate((CODE, OTHER_CODE), start=1):
        office.page("1.jpg", 10 * shade, code=code)
    twice = FaultyStore(FaultyStore(office.services.store, {"put": unreachable()}), {"put": disk_full()})
    office.use(store=twice)
    office.deliver()
    hand, before = _hand(office), office.clock.now
    for step in (Step.RECEIVE, Step.READ, Step.ASSEMBLE):
        while hand.take((step,)):
            pass
    assert office.states(CODE) == office.states(OTHER_CODE) == []
    office.page("1.jpg", 30, code=THIRD_CODE)
    office.deliver()
    while hand.take():
        pass
    assert office.states(CODE) == office.states(OTHER_CODE) == office.states(THIRD_CODE) == [DocumentState.ARCHIVED]
    assert (office.clock.now - before).total_seconds() < 2


def test_a_host_that_is_cut_off_takes_up_work_slowly(office: PaperOffice) -> None:
    """It would only put off what other hosts can do."""
    office.page("1.jpg", 10)
    office.use(store=FaultyStore(office.services.store, {"put": unreachable(call=0)}))
    office.deliver()
    assert _hand(office).take((Step.RECEIVE,))
    assert _hand(office).take((Step.READ,))
    hand = _hand(office, rests=True)
    assert hand.take((Step.ASSEMBLE,))
    office.clock.later(60)
    began = time.monotonic()
    assert hand.take((Step.ASSEMBLE,))
    assert time.monotonic() - began >= 0.5
    with office.services.catalogue.read() as tx:
        assert [item.error for item in queue.waiting(tx)] == [Code.STORE_UNAVAILABLE.value]


def test_what_nobody_foresaw_does_not_end_the_relay(office: PaperOffice) -> None:
    """The queues of a host are filled by one thread: an error that no library promised costs it one look."""
    ending, looked = threading.Event(), []

    class Stumbling(Relay):
        def tick(self) -> int:
            looked.append(len(looked))
            if len(looked) == 1:
                raise AssertionError("as a client library under load")
            ending.set()
            return 0

    Stumbling(office.services, StubBroker()).run(ending, 0.01)
    assert looked == [0, 1]
