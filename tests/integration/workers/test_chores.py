"""Chores: one of two supervisors does each, another takes over from a dead one, and a failing one stops nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count

import pytest
from structlog.testing import capture_logs

from catalog import chores
from dossier.errors import Code, Unavailable
from pipeline.services import Services
from tests.fakes.office import PaperOffice
from workers import chores as doing
from workers.chores import Chore, Chores

_HOUR = 3600.0


class Supervisors:
    """Two supervisors over one catalogue with a clock that a test moves, and what they did."""

    def __init__(self, services: Services) -> None:
        self.now = services.clock()
        self.services = replace(services, clock=self.clock)
        self.done: list[str] = []
        self.release = threading.Event()
        self.begun = threading.Event()

    def clock(self) -> datetime:
        """Return the time."""
        return self.now

    def later(self, seconds: float) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)

    def chores(self, *names: str) -> Chores:
        """Return a supervisor's chores, each of which only notes that it was done."""
        return Chores(self.services, [self.chore(name) for name in names])

    def chore(self, name: str) -> Chore:
        """Return a chore that is due every hour."""
        return Chore(name, _HOUR, lambda _: self.done.append(name))

    def has_done(self, count: int) -> bool:
        """Return whether so many chores were done."""
        return len(self.done) >= count

    def slow(self, _: Services) -> None:
        """Take until the test says that it is enough."""
        self.begun.set()
        assert self.release.wait(30)
        self.done.append("slow")


@pytest.fixture
def pair(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisors]:
    """Give two supervisors that look around often."""
    monkeypatch.setattr(doing, "_LOOK_SECONDS", 0.02)
    names = (f"run-{number}" for number in count())
    monkeypatch.setattr(doing, "new_run_id", lambda: next(names))  # each supervisor is a process of its own
    made = Supervisors(office.services)
    yield made
    made.release.set()


def test_a_chore_is_done_by_one_of_two(pair: Supervisors) -> None:
    """Both look all the time; it is done once each time it is due."""
    ended = threading.Event()
    both = [threading.Thread(target=pair.chores("seal", "sweep").run, args=(ended,)) for _ in range(2)]
    for each in both:
        each.start()
    try:
        for rounds in (1, 2):
            _wait(partial(pair.has_done, 2 * rounds))
            ended.wait(0.2)
            assert sorted(pair.done) == sorted(["seal", "sweep"] * rounds)
            pair.later(_HOUR + 1)
    finally:
        ended.set()
        for each in both:
            each.join()


def test_a_chore_under_way_is_left_alone(pair: Supervisors) -> None:
    """Who does it says so from time to time; it is nobody else's however long it takes."""
    one = Chores(pair.services, [])
    slow = Chore("slow", _HOUR, pair.slow)
    thread = threading.Thread(target=one.do, args=(slow,))
    thread.start()
    try:
        assert pair.begun.wait(10)
        assert not Chores(pair.services, []).do(slow)
    finally:
        pair.release.set()
        thread.join()
    assert pair.done == ["slow"]
    assert not Chores(pair.services, []).do(slow)  # not due


def test_a_dead_supervisors_chore_is_taken_over(pair: Supervisors) -> None:
    """Its lease runs out a minute after its last word."""
    with pair.services.catalogue.write() as tx:
        assert chores.take(tx, "seal", "a-dead-run", pair.clock(), every=_HOUR, lease=60)
    other = Chores(pair.services, [])
    assert not other.do(pair.chore("seal"))
    pair.later(61)
    assert other.do(pair.chore("seal"))
    assert pair.done == ["seal"]


@pytest.mark.parametrize("failure", [Unavailable(Code.STORE_UNAVAILABLE, "away"), ZeroDivisionError("a bug")])
def test_a_failing_chore_stops_nobody(pair: Supervisors, failure: Exception) -> None:
    """It is told, it is due again after its time and not at once, and the others are done meanwhile."""

    def fail(_: Services) -> None:
        pair.done.append("tried")
        raise failure

    every = [Chore("failing", _HOUR, fail), pair.chore("sweep")]
    supervisor = Chores(pair.services, every)
    with capture_logs() as lines:
        assert [supervisor.do(chore) for chore in every] == [False, True]
    assert pair.done == ["tried", "sweep"]
    assert any(line.get("chore") == "failing" for line in lines)
    assert not supervisor.do(every[0])
    pair.later(_HOUR + 1)
    assert not supervisor.do(every[0])
    assert pair.done == ["tried", "sweep", "tried"]


def _wait(what: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1000):
        if what():
            return
        pause.wait(0.02)
    raise AssertionError("waited too long")
