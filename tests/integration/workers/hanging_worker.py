"""A worker process whose first step of all hangs for ever where nothing can interrupt it: `HOME RUN MARK`."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

from dossier.states import Step
from hososo.settings import load_settings
from hososo.wiring import services
from pipeline.services import Services
from pipeline.steps import STEPS
from workers.local import work_until
from workers.queues import LANES

_SECONDS = 0.5


def main(home: str, run_id: str, mark: str) -> None:
    """Work with a short limit of time for reading; whoever makes the mark first hangs over its page."""
    LANES[Step.READ] = replace(LANES[Step.READ], seconds=_SECONDS)
    read = STEPS[Step.READ]

    def read_or_hang(page_id: str, ready: Services) -> None:
        try:
            Path(mark).touch(exist_ok=False)
        except FileExistsError:
            read(page_id, ready)
            return
        while True:
            time.sleep(60)

    STEPS[Step.READ] = read_or_hang
    with services(load_settings(Path(home))) as ready:
        work_until(ready, run_id, lambda: False)


if __name__ == "__main__":
    main(*sys.argv[1:4])
