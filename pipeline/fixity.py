"""Fixity: a rolling scrub reads every stored object again and again, a slice at a time, so that no byte rots unseen.

One slice is for one process of all hosts: a chore with a lease. It may be stopped anywhere; the next one goes on with
what was not read for the longest time.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from math import ceil

from catalog import chores, fixity
from catalog.fixity import Looked
from catalog.schema import stamp
from dossier.errors import Code, Rejected, Unavailable
from pipeline.mending import Mender
from pipeline.services import Services
from storage.port import ObjectStore

CHORE = "scrub"
_LEASE_SECONDS, _RENEW_SECONDS = 300.0, 30.0
_BATCH = 200
_MARK_AT_ONCE, _MARK_SECONDS = 100, 5.0
_HEADROOM = 0.1  # of the period: what is nearly due is read whatever the slice's share is
_DAY = 86_400.0
_PROBES = 8


@dataclass(frozen=True, slots=True)
class FixityRules:
    """How often everything is read. Operational figures, no legal ones.

    Attributes:
        days: Each object is read within so many days.
        sample: Share of all objects that is read every day besides, chosen at random.
        rate: Megabytes a second that reading may take at most; 0: no limit.
        longest: Seconds that one slice may take; what it leaves is for the next.
    """

    days: float = 90.0
    sample: float = 0.01
    rate: float = 50.0
    longest: float = 900.0


@dataclass(slots=True)
class Scrubbed:
    """What one slice did: objects and bytes read, objects mended, objects bad or unreadable that could not be."""

    objects: int = 0
    bytes: int = 0
    mended: int = 0
    bad: int = 0
    finished: bool = False


def scrub(
    services: Services,
    rules: FixityRules,
    holder: str,
    *,
    second: ObjectStore | None = None,
    stop: threading.Event | None = None,
) -> Scrubbed | None:
    """Read one slice of the archive now, unless another process is at it, and mend what is bad from the second copy.

    Args:
        services: Of this process.
        rules: How much to read.
        holder: Unique name of this process: nobody else scrubs while it does.
        second: A second copy of the objects, read only when one of ours is bad.
        stop: Ends the slice after the object that is being read.

    Returns:
        What was done; None when another process is at it.

    Raises:
        Unavailable: Store or catalogue are away; what was read until then is recorded. That is no damage.
    """
    with services.catalogue.write() as tx:
        if not chores.take(tx, CHORE, holder, services.clock(), every=0, lease=_LEASE_SECONDS):
            return None

    def keep() -> bool:
        """Prolong the lease."""
        with services.catalogue.write() as tx:
            return chores.keep(tx, CHORE, holder, services.clock(), _LEASE_SECONDS)

    finished = False
    try:
        done = scrub_slice(services, rules, second=second, stop=stop, keep=keep)
        finished = done.finished
    finally:
        with services.catalogue.write() as tx:
            if finished:
                chores.done(tx, CHORE, holder, services.clock())
            else:  # another process may go on at once
                chores.release(tx, CHORE, holder)
    return done


def scrub_slice(
    services: Services,
    rules: FixityRules,
    *,
    second: ObjectStore | None = None,
    stop: threading.Event | None = None,
    keep: Callable[[], bool] = lambda: True,
) -> Scrubbed:
    """Read one slice as `scrub` does, for a caller who has taken the chore and whose `keep` prolongs it."""
    with services.catalogue.read() as tx:
        since = services.clock().timestamp() - chores.last_done(tx, CHORE)
    running = _Slice(services, rules, Mender(services, second), stop or threading.Event(), keep)
    running.run(min(since, _DAY) / _DAY)
    return running.done


class _Slice:
    def __init__(
        self, services: Services, rules: FixityRules, mender: Mender, stop: threading.Event, keep: Callable[[], bool]
    ) -> None:
        self.done = Scrubbed()
        self._services, self._rules, self._mender, self._stop, self._keep = services, rules, mender, stop, keep
        self._began = self._renewed = self._marked = time.monotonic()
        self._good: list[str] = []

    def run(self, days: float) -> None:
        """Read the share of so many days, and what is due or was bad whatever the share is."""
        try:
            for item in chain(self._faulty(), self._oldest(days), self._sample(days)):
                if self._over():
                    return
                self._look(item)
                self._breathe()
            self.done.finished = True
        finally:
            self._mark()

    def _faulty(self) -> Iterator[Looked]:
        """Yield what was bad before: a second copy may be there by now, or somebody has put it right."""
        last = ""
        while True:
            with self._services.catalogue.read() as tx:
                some = fixity.faulty(tx, last, _BATCH)
            if not some:
                return
            yield from some
            last = some[-1].sha256

    def _oldest(self, days: float) -> Iterator[Looked]:
        with self._services.catalogue.read() as tx:
            share = ceil(fixity.total(tx) * days / self._rules.days)
        now = self._services.clock()
        due = stamp(now - timedelta(days=self._rules.days * (1 - _HEADROOM)))
        for count, item in enumerate(self._in_order(now)):
            if count >= share and item.at > due:
                return
            if not item.fault:
                yield item

    def _in_order(self, until: datetime) -> Iterator[Looked]:
        place = fixity.START
        while True:
            with self._services.catalogue.read() as tx:
                some = fixity.oldest_first(tx, place, _BATCH)
            if not some or some[0].at >= stamp(until):  # round: what follows was read by this very slice
                return
            yield from some
            place = some[-1].at, some[-1].sha256

    def _sample(self, days: float) -> Iterator[Looked]:
        """Yield objects at random: damage that knows the order of reading is found all the same."""
        with self._services.catalogue.read() as tx:
            size = ceil(fixity.total(tx) * self._rules.sample * days)
        for _ in range(size):
            with self._services.catalogue.read() as tx:
                item = fixity.near(tx, secrets.token_hex(32))
            if item is not None and not item.fault:
                yield item

    def _look(self, item: Looked) -> None:
        try:
            self._services.store.verify(item.sha256)
        except Rejected as exc:
            self._bad(item, exc.code)
        except Unavailable:
            self._unread(item)
        else:
            self.done.objects += 1
            self.done.bytes += item.size
            if item.fault:
                self._mender.found_sound(item)
            self._good.append(item.sha256)

    def _bad(self, item: Looked, code: Code) -> None:
        self._store_is_there()
        if self._mender.mend(item, code):
            self.done.mended += 1
        else:
            self.done.bad += 1

    def _unread(self, item: Looked) -> None:
        """Note an object that cannot be read though others can; in the second slice in a row it counts as damaged."""
        self._store_is_there()
        if item.fault:
            self._bad(item, Code.OBJECT_DAMAGED)
            return
        self.done.bad += 1
        with self._services.catalogue.write() as tx:
            fixity.set_fault(tx, item.sha256, Code.STORE_UNAVAILABLE, None)

    def _store_is_there(self) -> None:
        """Tell one bad object from a store that is away: an unmounted folder has lost everything at once.

        Raises:
            Unavailable(STORE_UNAVAILABLE): None of some objects at random can be read.
        """
        for _ in range(_PROBES):
            with self._services.catalogue.read() as tx:
                other = fixity.near(tx, secrets.token_hex(32))
            try:
                if other is not None and len(self._services.store.read(other.sha256, 0, 1)) == min(1, other.size):
                    return
            except (Rejected, Unavailable):
                continue
        raise Unavailable(Code.STORE_UNAVAILABLE, "no object can be read")

    def _over(self) -> bool:
        return self._stop.is_set() or time.monotonic() - self._began > self._rules.longest

    def _breathe(self) -> None:
        """Keep to the rate, keep the chore, and write down now and then what was read."""
        owed = self.done.bytes / (self._rules.rate * 1e6) if self._rules.rate else 0.0
        while True:
            self._renew()
            if len(self._good) >= _MARK_AT_ONCE or time.monotonic() - self._marked > _MARK_SECONDS:
                self._mark()
            left = owed - (time.monotonic() - self._began)
            if left <= 0 or self._stop.wait(min(left, _RENEW_SECONDS)):
                return

    def _renew(self) -> None:
        if time.monotonic() - self._renewed < _RENEW_SECONDS:
            return
        self._renewed = time.monotonic()
        if not self._keep():
            self._stop.set()  # we were asleep for longer than the lease: another process goes on

    def _mark(self) -> None:
        self._marked = time.monotonic()
        if self._good:
            with self._services.catalogue.write() as tx:
                fixity.mark_read(tx, self._good, self._services.clock())
            self._good.clear()
