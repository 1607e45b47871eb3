"""One worker process: `python -m hososo.worker_process KIND HOME RUN`; ends after SIGTERM once its item is done.

KIND is `polling` (looks into the catalogue for work) or `woken` (waits for wake-ups from the broker).
"""

from __future__ import annotations

import gc
import signal
import sys
import threading
from pathlib import Path

import structlog

from dossier.errors import Unavailable
from hososo.home import without_core_dumps
from hososo.logs import log_as
from hososo.servers import broker_of
from hososo.settings import Settings, load_settings
from hososo.wiring import services
from workers.hand import TRY_LATER
from workers.local import work_until

POLLING, WOKEN = "polling", "woken"


def command(kind: str, settings: Settings, run_id: str) -> list[str]:
    """Return the command line of a worker process."""
    return [sys.executable, "-m", "hososo.worker_process", kind, str(settings.home), run_id]


def main(kind: str, home: str, run_id: str) -> None:
    """Work until told to stop or until the run is gone."""
    without_core_dumps()
    gc.freeze()  # what was loaded stays: no use in looking through it for garbage, least of all at the end
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run to handle
    settings = load_settings(Path(home))
    log_as(settings)
    with services(settings) as ready:
        broker = broker_of(settings) if kind == WOKEN else None
        if broker is None:
            work_until(ready, run_id, stop.is_set)
            return
        from workers.actors import consume_until  # noqa: PLC0415 - polling workers need no broker's client

        consume_until(ready, broker, run_id, stop.is_set)


def _begin() -> None:
    try:
        main(*sys.argv[1:4])
    except Unavailable as exc:  # no fault of an item nor of the program: who started us tries again
        structlog.get_logger("hososo").warning("no start", code=exc.code.value, detail=exc.detail)
        raise SystemExit(TRY_LATER) from exc


if __name__ == "__main__":
    _begin()
