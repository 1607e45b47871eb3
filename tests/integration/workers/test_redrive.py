"""Redrive: leases that ran out are taken, but nobody's while the catalogue itself was away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalog import Catalogue, Transaction, queue, work
from dossier.errors import Code, Unavailable
from dossier.model import WorkItem
from dossier.states import Step
from tests.fakes.office import PaperOffice
from workers import clocks, redrive
from workers.redrive import Redrive


class World:
    """A host's clocks, and a catalogue that can be away."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.seconds = 1000.0
        self.away = False
        self.held_up = 0.0
        self.set_by = 0.0
        self.skew = 0.0

    def monotonic(self) -> float:
        """Return the time since the host's start."""
        return self.seconds

    def clock(self) -> datetime:
        """Return the time of day."""
        return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=self.seconds + self.set_by)

    def clock_skew(self) -> float:
        """Return how far the host's clock is ahead of the server's."""
        return self.skew

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Give a transaction, late where the catalogue is held up, unless it is away."""
        if self.away:
            raise Unavailable(Code.CATALOGUE_BUSY, "away")
        self.seconds, self.held_up = self.seconds + self.held_up, 0.0
        with self._catalogue.write() as tx:
            yield tx


@pytest.fixture
def world(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return clocks that stand still and an office's catalogue with one item that somebody holds."""
    made = World(office.services.catalogue)
    monkeypatch.setattr(redrive, "time", made)
    monkeypatch.setattr(clocks, "time", made)
    with made.write() as tx:
        work.enqueue(tx, Step.READ, ["page"], "box", made.clock())
    return made


@pytest.fixture
def looking(office: PaperOffice, world: World) -> Redrive:
    """Return the look of a supervisor that has been running for a minute."""
    found = Redrive(replace(office.services, catalogue=world, clock=world.clock))  # type: ignore[arg-type]
    _run(found, world, 60)
    return found


def test_a_dead_workers_lease_is_taken_within_two_seconds_of_its_end(looking: Redrive, world: World) -> None:
    """The item is ready again and its crash is counted."""
    _claimed(world)
    assert _run(looking, world, work.LEASE_SECONDS - 1) == 0
    assert _run(looking, world, 3) == 1
    with world.write() as tx:
        (item,) = queue.due(tx, Step.READ, world.clock(), 1)
    assert item.crashes == 1


def test_after_the_catalogue_was_away_nobodys_lease_is_taken(looking: Redrive, world: World) -> None:
    """No heartbeat got through: whoever lives has the time of a whole lease to say so."""
    item = _claimed(world)
    world.away = True
    assert _run(looking, world, 30) == 0
    world.away = False
    assert _run(looking, world, work.LEASE_SECONDS / 4) == 0  # by then each living worker has had a beat
    with world.write() as tx:
        assert work.renew(tx, item, world.clock())
    assert _run(looking, world, work.LEASE_SECONDS - 1) == 0
    with world.write() as tx:
        assert [found.crashes for found in queue.claimed(tx)] == [0]


@pytest.mark.parametrize("seconds", [5, 13, 14, 15, 24])
def test_however_long_it_was_away(looking: Redrive, world: World, seconds: int) -> None:
    """Its return finds everybody with a lease that ran out, and gives each the time for a heartbeat."""
    _claimed(world)
    world.away = True
    _run(looking, world, work.LEASE_SECONDS + seconds)
    world.away = False
    assert _run(looking, world, work.LEASE_SECONDS / 2) == 0


def test_a_look_that_is_held_up_takes_nothing_that_ran_out_meanwhile(looking: Redrive, world: World) -> None:
    """The catalogue stood still for as long as a lease: the question was asked before, and is answered as of then."""
    _claimed(world)
    _run(looking, world, work.LEASE_SECONDS - 2)
    world.held_up = 20
    assert _run(looking, world, 1.2) == 0
    assert world.held_up == 0
    assert _run(looking, world, work.LEASE_SECONDS / 2) == 0


def test_a_worker_that_died_meanwhile_is_found_out(looking: Redrive, world: World) -> None:
    """The time to say so ends: what nobody prolonged is taken."""
    _claimed(world)
    world.away = True
    _run(looking, world, 30)
    world.away = False
    assert _run(looking, world, work.LEASE_SECONDS + 2) == 1


def test_a_host_that_slept_takes_nothing_at_once(looking: Redrive, world: World) -> None:
    """A paused supervisor cannot know whether the catalogue was away while it slept."""
    _claimed(world)
    world.seconds += 60
    assert looking.tick() == 0
    assert _run(looking, world, work.LEASE_SECONDS - 1) == 0
    assert _run(looking, world, 3) == 1


def test_a_clock_that_is_set_forward_takes_nothing(looking: Redrive, world: World) -> None:
    """Every lease looks over then, though everybody lives: they get the time to prolong theirs."""
    item = _claimed(world)
    world.set_by = 3600
    assert _run(looking, world, work.LEASE_SECONDS / 4) == 0
    with world.write() as tx:
        assert work.renew(tx, item, world.clock())
    assert _run(looking, world, work.LEASE_SECONDS - 1) == 0


def test_a_host_whose_clock_is_wrong_takes_nothing_until_it_is_right(looking: Redrive, world: World) -> None:
    """Its clock runs ahead of the catalogue's server: what others hold looks over to it alone."""
    _claimed(world)
    world.skew = 60
    assert _run(looking, world, 3 * work.LEASE_SECONDS) == 0
    world.skew = 0
    assert _run(looking, world, 4) == 1


def _claimed(world: World) -> WorkItem:
    with world.write() as tx:
        item = work.claim(tx, "other/1/", tuple(Step), world.clock())
    assert item is not None
    return item


def _run(looking: Redrive, world: World, seconds: float) -> int:
    """Let a supervisor look as it does, five times a second; return how many leases it took."""
    freed = 0
    for _ in range(round(seconds * 5)):
        world.seconds += 0.2
        freed += looking.tick()
    return freed
