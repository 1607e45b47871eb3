"""One local worker: claim, run, again, until nothing is left or somebody says stop."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from catalog import work
from dossier.errors import Unavailable
from dossier.model import WorkItem
from dossier.states import Step
from pipeline.running import run
from pipeline.services import Services
from workers.runs import process_is_alive

TRY_LATER = 75
"""Exit status of a worker that could not record what became of its item; the item is not to blame (EX_TEMPFAIL)."""
_IDLE_SECONDS, _LONGEST_IDLE_SECONDS = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class WorkerName:
    """Who holds a claim: the run it belongs to and the process."""

    run: str
    process: int

    def __str__(self) -> str:
        return f"{self.run}/{self.process}/"


def work_until(services: Services, run_id: str, stopped: Callable[[], bool]) -> None:
    """Run items one after the other until `stopped` says so or the process of the run is gone.

    Raises:
        SystemExit: TRY_LATER, the catalogue could not take in what became of an item.
    """
    name, steps = WorkerName(run_id, os.getpid()), services.runnable
    idle = _IDLE_SECONDS
    while not stopped() and process_is_alive(run_id):
        item = _claim(services, str(name), steps)
        if item is None:
            time.sleep(idle)
            idle = min(idle * 2, _LONGEST_IDLE_SECONDS)
            continue
        idle = _IDLE_SECONDS
        try:
            run(item, services)
        except Unavailable as exc:
            raise SystemExit(TRY_LATER) from exc


def _claim(services: Services, name: str, steps: tuple[Step, ...]) -> WorkItem | None:
    try:
        with services.catalogue.write() as tx:
            return work.claim(tx, name, steps, services.clock())
    except Unavailable:  # the catalogue is busy or away: nothing is claimed, so nothing can be lost
        return None
