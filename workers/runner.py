"""The local runner: starts worker processes, watches them, frees what the dead ones held, tells progress."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from catalog import pages, queue, work
from dossier.states import PageState, Step
from pipeline.services import Services
from pipeline.setbacks import give_back
from workers.local import TRY_LATER

_POLL_SECONDS = 0.2
_GRACE_SECONDS = 20.0
_MOST_STILLBORN = 3
_PATIENCE = timedelta(seconds=10)  # an item put off for longer waits for the next run


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: pages read so far and in all, items still open, seconds since the start."""

    pages_done: int
    pages_total: int
    open_items: int
    seconds: float


class Runner:
    """A pool of local worker processes over one catalogue.

    Args:
        services: Of the watching process; its reader and taker are not used.
        command: Starts one worker process; it ends after SIGTERM once its item is done.
        run_id: Unique name of this run; the claims of its workers carry it.
        workers: How many processes.
    """

    def __init__(self, services: Services, command: Sequence[str], run_id: str, workers: int) -> None:
        self._services = services
        self._command = list(command)
        self._run_id = run_id
        self._workers = workers
        self._processes: list[subprocess.Popen[bytes]] = []
        self._stillborn = 0

    def run(self, steps: Sequence[Step], tell: Callable[[Progress], None], stopped: Callable[[], bool]) -> None:
        """Work until no due item of these steps is left, or `stopped`; then end the workers in good order."""
        started = time.monotonic()
        with self._services.catalogue.write() as tx:
            work.hasten(tx)
            before = _pages_done(pages.counts(tx))
        try:
            while not stopped():
                self._keep_staffed()
                with self._services.catalogue.read() as tx:
                    left = queue.open_count(tx, steps, self._services.clock() + _PATIENCE)
                    counts = pages.counts(tx)
                tell(_progress(counts, before, left, time.monotonic() - started))
                if left == 0:
                    return
                time.sleep(_POLL_SECONDS)
        finally:
            self._end()

    def _keep_staffed(self) -> None:
        for process in list(self._processes):
            if process.poll() is not None:
                self._processes.remove(process)
                self._bury(process)
        while len(self._processes) < self._workers:
            self._processes.append(subprocess.Popen(self._command, stdin=subprocess.DEVNULL, start_new_session=True))

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        """Free what a dead worker held; its item may be to blame, unless the worker left in good order.

        Raises:
            RuntimeError: Workers die again and again without having begun anything: no item is to blame.
        """
        blameless = process.returncode in (0, TRY_LATER)
        freed = give_back(f"{self._run_id}/{process.pid}/", self._services, crashed=not blameless)
        self._stillborn = 0 if freed or blameless else self._stillborn + 1
        if self._stillborn > _MOST_STILLBORN * self._workers:
            raise RuntimeError(f"workers end as soon as they start, exit status {process.returncode}")

    def _end(self) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        for process in self._processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            give_back(f"{self._run_id}/{process.pid}/", self._services, crashed=False)
        self._processes.clear()


def free_claims_of_dead_runs(services: Services, is_alive: Callable[[str], bool]) -> int:
    """Give back what runs that no longer exist had claimed; their items are not to blame. Returns how many."""
    with services.catalogue.read() as tx:
        runs = {name.partition("/")[0] for name in queue.claimed_by(tx)}
    return sum(give_back(f"{run}/", services, crashed=False) for run in runs if not is_alive(run))


def _progress(counts: dict[PageState, int], before: int, left: int, seconds: float) -> Progress:
    return Progress(_pages_done(counts) - before, sum(counts.values()) - before, left, seconds)


def _pages_done(counts: dict[PageState, int]) -> int:
    return counts.get(PageState.READ, 0) + counts.get(PageState.QUARANTINED, 0)
