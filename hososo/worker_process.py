"""One worker process: `python -m hososo.worker_process HOME RUN`; ends after SIGTERM once its item is done."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from hososo.home import Home, without_core_dumps
from hososo.logs import log_to
from hososo.settings import load_settings
from hososo.wiring import services
from workers.local import work_until


def main(home: str, run_id: str) -> None:
    """Work until told to stop or until the runner is gone."""
    without_core_dumps()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the runner's to handle
    settings = load_settings(Path(home))
    place = Home(settings.home)
    log_to(place.log)
    # Held by every worker itself: one that outlives a killed run must keep the sweep away until it is done.
    with place.working(), services(settings) as ready:
        work_until(ready, run_id, stop.is_set)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
