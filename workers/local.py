"""One worker that polls the catalogue: claim, run, again, until somebody says stop."""

from __future__ import annotations

import time
from collections.abc import Callable

from pipeline.services import Services
from workers.hand import TRY_LATER, Hand
from workers.runs import process_is_alive

_IDLE_SECONDS, _LONGEST_IDLE_SECONDS = 0.05, 0.5


def work_until(services: Services, run_id: str, stopped: Callable[[], bool]) -> None:
    """Run items one after the other until `stopped` says so or the process of the run is gone.

    Raises:
        SystemExit: TRY_LATER, the catalogue could not take in what became of an item.
    """
    hand = Hand(services, run_id, stopped)
    idle = _IDLE_SECONDS
    while not stopped() and process_is_alive(run_id):
        if hand.take():
            idle = _IDLE_SECONDS
        else:
            time.sleep(idle)
            idle = min(idle * 2, _LONGEST_IDLE_SECONDS)
        if hand.broken:
            raise SystemExit(TRY_LATER)
