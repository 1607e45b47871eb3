"""A run is alive while its process is; a killed one that its parent has not asked after is not."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from workers.runs import host_id, new_run_id, process_is_alive


def test_this_run_is_alive() -> None:
    """The name of the present process is that of a living run, and the same each time."""
    assert new_run_id() == new_run_id()
    assert process_is_alive(new_run_id())


def test_names_of_nobody_are_not_alive() -> None:
    """Neither what is no name, nor a number that another process has by now."""
    here = host_id()
    assert not process_is_alive(f"{here}-x-1")
    assert not process_is_alive(f"{here}-{os.getpid()}-1")
    assert not process_is_alive(f"{here}-{os.getpid()}-")


def test_processes_of_another_host_may_be_alive() -> None:
    """Nobody can see them from here: what they hold is theirs until its lease runs out."""
    assert process_is_alive("other-1-1")


def test_a_killed_process_is_gone_though_nobody_has_asked_after_it() -> None:
    """It stays in the process table as a zombie until its parent waits; its claims are free at once."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    status = Path(f"/proc/{child.pid}/stat").read_text(encoding="utf-8")
    run_id = f"{host_id()}-{child.pid}-{status.rpartition(')')[2].split()[19]}"
    assert process_is_alive(run_id)
    child.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while process_is_alive(run_id) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not process_is_alive(run_id)
    child.wait()
