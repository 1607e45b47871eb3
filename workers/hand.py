"""The hand of a worker process: takes one item at a time and runs it, whoever asks for it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from catalog import work
from dossier.errors import Unavailable
from dossier.model import WorkItem
from dossier.states import Step
from pipeline.running import CUT_OFF, Outcome, run
from pipeline.services import Services
from workers.clocks import ClockWatch
from workers.queues import LANES
from workers.telemetry import observe_step

_FIRST_REST, _LONGEST_REST, _TICK = 0.5, 8.0, 0.1
_CUT_OFF_FROM = 2  # items in a row: one alone may wait for something of its own

TRY_LATER = 75
"""Exit status of a worker that could not record what became of its item; the item is not to blame (EX_TEMPFAIL)."""
TOO_LONG = 76
"""Exit status of a worker whose step did not end in its time."""


@dataclass(frozen=True, slots=True)
class WorkerName:
    """Who holds a claim: the run it belongs to and the process."""

    run: str
    process: int

    def __str__(self) -> str:
        return f"{self.run}/{self.process}/"


class Hand:
    """Claims and runs items, one at a time, also when several threads ask.

    Args:
        services: Of this process.
        run_id: The run it belongs to.
        stopped: Says that nothing new may be begun.
        rests: Whether a host that is cut off from the store, or whose disk is full, takes up work more and more
            slowly: it would only put off what other hosts can do.
    """

    def __init__(self, services: Services, run_id: str, stopped: Callable[[], bool], *, rests: bool = False) -> None:
        self._services = services
        self._name = str(WorkerName(run_id, os.getpid()))
        self._stopped = stopped
        self._turn = threading.Lock()
        self._rests = rests
        self._cut_off = 0
        self._clock = ClockWatch(services.catalogue)
        self.broken = False
        """Whether the outcome of an item could not be recorded: this process has to end, its claim is given back."""

    @property
    def busy(self) -> bool:
        """Whether an item is being run."""
        return self._turn.locked()

    def take(self, steps: tuple[Step, ...] = tuple(Step)) -> bool:
        """Run the most urgent item of these steps; return whether there was one."""
        with self._turn:
            if self._stopped() or self.broken:
                return False
            item = self._claim(tuple(step for step in steps if step in self._services.runnable))
            if item is None:
                return False
            self._run(item)
            return True

    def _run(self, item: WorkItem) -> None:
        began = time.monotonic()
        try:
            outcome = run(item, self._services, LANES[item.step].seconds, give_up)
        except Unavailable:
            self.broken = True
        else:
            observe_step(item.step, outcome, time.monotonic() - began)
            self._mind(outcome)

    def _mind(self, outcome: Outcome) -> None:
        """Rest while this host is cut off; once it is not, let what was put off meanwhile wait no longer."""
        if outcome is Outcome.CUT_OFF:
            self._cut_off += 1
            if self._cut_off >= _CUT_OFF_FROM:
                self._rest(min(_LONGEST_REST, _FIRST_REST * 2 ** min(self._cut_off - _CUT_OFF_FROM, 10)))
        elif outcome is Outcome.DONE:
            if self._cut_off >= _CUT_OFF_FROM:
                with suppress(Unavailable), self._services.catalogue.write() as tx:
                    work.hasten(tx, CUT_OFF)
            self._cut_off = 0

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self._rests and not self._stopped() and time.monotonic() < until:
            time.sleep(_TICK)

    def _claim(self, steps: tuple[Step, ...]) -> WorkItem | None:
        try:
            if not self._clock.is_right():  # a lease by it would be over at once, or hold for hours
                return None
            with self._services.catalogue.write() as tx:
                return work.claim(tx, self._name, steps, self._services.clock(), self._services.place)
        except Unavailable:  # the catalogue is busy or away: nothing is claimed, so nothing can be lost
            return None


def give_up() -> None:
    """End this process at once: its step hangs where nothing can interrupt it. What it held is given back."""
    os._exit(TOO_LONG)
