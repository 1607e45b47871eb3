"""The local runner: works until nothing is left to do, and tells progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from catalog import chores, pages, queue, work
from dossier.errors import Code, Unavailable
from dossier.states import PageState, Step
from pipeline.services import Services
from workers.pool import Pool
from workers.redrive import Redrive

_POLL_SECONDS = 0.2
_PATIENCE = timedelta(seconds=10)  # an item put off for longer waits for the next run


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: pages read so far and in all, items still open, seconds since the start."""

    pages_done: int
    pages_total: int
    open_items: int
    seconds: float


class Runner:
    """A pool of local worker processes that works off what is due.

    Args:
        services: Of the watching process; its reader and taker are not used.
        pool: The workers.
        grace: Seconds that a worker gets to finish its item at the end.
    """

    def __init__(self, services: Services, pool: Pool, grace: float) -> None:
        self._services = services
        self._pool = pool
        self._grace = grace

    def run(self, steps: Sequence[Step], tell: Callable[[Progress], None], stopped: Callable[[], bool]) -> None:
        """Work until no due item of these steps is left, or `stopped`; then end the workers in good order.

        Raises:
            Unavailable(DRAINING): The installation is drained: nothing is given out.
        """
        started = time.monotonic()
        with self._services.catalogue.write() as tx:
            work.hasten(tx)
            before = _pages_done(pages.counts(tx))
        redrive = Redrive(self._services)
        try:
            while not stopped():
                self._pool.keep_staffed()
                redrive.tick()
                progress = self._progress(steps, before, started)
                tell(progress)
                if progress.open_items == 0:
                    return
                time.sleep(_POLL_SECONDS)
        finally:
            self._pool.end(self._grace)

    def _progress(self, steps: Sequence[Step], before: int, started: float) -> Progress:
        with self._services.catalogue.read() as tx:
            if chores.draining(tx):
                raise Unavailable(Code.DRAINING)
            left = queue.open_count(tx, steps, self._services.clock() + _PATIENCE, self._services.place)
            counts = pages.counts(tx)
        done, total = _pages_done(counts) - before, sum(counts.values()) - before
        return Progress(done, total, left, time.monotonic() - started)


def _pages_done(counts: dict[PageState, int]) -> int:
    return counts.get(PageState.READ, 0) + counts.get(PageState.QUARANTINED, 0)
