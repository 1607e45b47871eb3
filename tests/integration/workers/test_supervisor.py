"""The supervisor with workers that hang, and with workers that cannot start."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

from hososo.settings import load_settings
from hososo.wiring import services
from tests.fakes.office import PaperOffice
from tests.integration.workers.conftest import Site
from workers.chores import Chores
from workers.pool import Pool
from workers.runs import new_run_id
from workers.supervisor import Supervisor

_SCRIPT = Path(__file__).with_name("hanging_worker.py")


def test_a_step_that_hangs_is_ended_and_tried_again(local_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process ends itself after the step's time; another does the page, and the hang counts as one crash."""
    local_site.deliver(1, 2)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    run_id, mark = new_run_id(), local_site.folder / "mark"
    home = local_site.program.home
    command = [sys.executable, str(_SCRIPT), str(home), run_id, str(mark)]
    deadline = time.monotonic() + 90
    with services(load_settings(home)) as ready:
        supervisor = Supervisor(ready, Pool(ready, command, run_id, 2), None, Chores(ready, []), 0)
        supervisor.run(lambda: local_site.look.open_items() == 0 or time.monotonic() > deadline)
    assert mark.exists()
    local_site.finished(0)
    assert local_site.look.rows("select step, attempts, crashes from work_item where crashes > 0") == [("read", 2, 1)]


def test_workers_that_cannot_start_end_the_supervisor(office: PaperOffice) -> None:
    """A broken installation is told as one, instead of being started for ever; its chores end with it."""
    office.page("1.jpg", 10)
    office.deliver()
    command = [sys.executable, "-c", "import sys; sys.exit(3)"]
    supervisor = Supervisor(
        office.services, Pool(office.services, command, "run", 2), None, Chores(office.services, []), 0
    )
    with pytest.raises(RuntimeError, match="exit status 3"):
        supervisor.run(lambda: False)
    wait_for = time.monotonic() + 10
    while any(thread.name == "chores" for thread in threading.enumerate()):
        assert time.monotonic() < wait_for
        time.sleep(0.05)
    item = office.claim()
    assert item is not None
    assert item.crashes == 0
