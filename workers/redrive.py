"""Redrive: what a dead or cut-off worker held is made ready again once its lease has run out."""

from __future__ import annotations

import time

import structlog

from catalog import work
from dossier.errors import Unavailable
from pipeline.services import Services
from workers.clocks import MOST_SKEW, ClockWatch

_EVERY_SECONDS, _STALL_SECONDS = 1.0, 4.0
_log = structlog.get_logger("hososo")


class Redrive:
    """Looks for leases that ran out, about once a second; any number of hosts may.

    While the catalogue was away nobody could prolong a lease. So after a gap in our own looks everybody gets the time
    of a whole lease again before anything is taken from them: their items are neither dead nor poison. The same after
    this host's clock was set, and for as long as it is wrong.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._clock = ClockWatch(services.catalogue)
        self._ahead = self._lead()
        self._looked = time.monotonic()
        self._judge_from = self._looked + work.LEASE_SECONDS / 2

    def tick(self) -> int:
        """Make ready again what dead workers held, if it is time for a look; return how many items."""
        now = time.monotonic()
        if now - self._looked < _EVERY_SECONDS:
            return 0
        if now - self._looked > _STALL_SECONDS or self._clock_was_set():
            self._judge_from = now + work.LEASE_SECONDS
        try:
            freed = self._look(judge=now >= self._judge_from)
        except Unavailable:
            return 0  # `_looked` stays: the gap tells
        self._looked = time.monotonic()
        if self._looked - now > _STALL_SECONDS:
            self._judge_from = self._looked + work.LEASE_SECONDS
        if freed:
            _log.warning("leases ran out", count=freed)
        return freed

    def _look(self, *, judge: bool) -> int:
        """Ask the catalogue, also while nothing may be taken: whether it is there is half of the answer."""
        at = self._services.clock()  # a look that is held up must not take what ran out meanwhile
        judge = judge and self._clock.is_right()
        with self._services.catalogue.write() as tx:
            return work.release_expired(tx, at) if judge else 0

    def _clock_was_set(self) -> bool:
        """Return whether the time of day has left the time since the host's start behind, or run ahead of it."""
        before, self._ahead = self._ahead, self._lead()
        return abs(self._ahead - before) > MOST_SKEW

    def _lead(self) -> float:
        return self._services.clock().timestamp() - time.monotonic()
