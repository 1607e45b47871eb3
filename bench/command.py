"""The real command, from start to end: `hososo digitise` with its worker processes, and all it costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.processes import Peaks, cpu_of, wait_for
from workers.runs import new_run_id

_PROGRAM = (sys.executable, "-c", "from hososo.main import main; main()")
_SETTLING, _STARTING = 2.0, 0.1  # seconds by the clock; CPU seconds in them that tell of a start still under way


@dataclass(frozen=True, slots=True)
class WholeRun:
    """One run of `hososo digitise` on a fresh home: wall and CPU seconds, start-up and every process included.

    `peaks` is the largest VmHWM of each role and `together` the largest sum of PSS of one worker and its children,
    both in MiB.
    """

    pages: int
    workers: int
    wall: float
    cpu: float
    peaks: dict[str, float]
    together: float

    @property
    def pages_a_minute(self) -> float:
        """Pages a minute by the clock."""
        return self.pages * 60 / self.wall


@dataclass(frozen=True, slots=True)
class IdleRun:
    """A worker with nothing to do: CPU seconds an hour, and seconds from the signal to its end."""

    cpu_an_hour: float
    stop_seconds: float


def init(home: Path) -> None:
    """Make a home."""
    call = [*_PROGRAM, "--home", str(home), "init"]
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL, env=_environment(home.parent))


def digitise(home: Path, source: Path, pages: int, workers: int) -> WholeRun:
    """Digitise a folder of dossiers into a new home.

    Raises:
        RuntimeError: The command did not end with 0.
    """
    init(home)
    started = time.monotonic()
    process = subprocess.Popen(
        [*_PROGRAM, "--home", str(home), "--json", "digitise", str(source)],
        stdout=subprocess.DEVNULL,
        env=_environment(home.parent) | {"HOSOSO_WORKERS": str(workers)},
    )
    with Peaks(process.pid) as seen:
        ended = wait_for(process.pid, started)
    if ended.code != 0:
        raise RuntimeError(f"hososo digitise ended with {ended.code}")
    return WholeRun(pages, workers, ended.wall, ended.cpu, seen.by_role, seen.together)


def idle(home: Path, seconds: float = 4.0) -> IdleRun:
    """Watch one worker over an empty queue, then stop it."""
    process = subprocess.Popen([sys.executable, "-m", "hososo.worker_process", "polling", str(home), new_run_id()])
    before, after = -1.0, cpu_of(process.pid)
    while after - before > _STARTING:
        time.sleep(_SETTLING)
        before, after = after, cpu_of(process.pid)
    before = after
    time.sleep(seconds)
    if process.poll() is not None:
        raise RuntimeError("the worker did not wait for work")
    spent = cpu_of(process.pid) - before
    started = time.monotonic()
    process.terminate()
    process.wait()
    return IdleRun(spent / seconds * 3600, time.monotonic() - started)


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment in which byte code is kept, as it is for an installed program."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return own | {"PYTHONPYCACHEPREFIX": str(folder / "pyc")}
