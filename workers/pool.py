"""A pool of worker processes of this host: starts them, watches them, frees at once what the dead ones held."""

from __future__ import annotations

import errno
import signal
import subprocess
import time
from collections.abc import Sequence

import structlog

from catalog import queue
from dossier.errors import Unavailable
from pipeline.services import Services
from pipeline.setbacks import give_back
from workers.hand import TRY_LATER
from workers.runs import process_is_alive

_MOST_STILLBORN = 3
_NO_ROOM = (errno.EAGAIN, errno.ENOMEM)
_START_SECONDS = 60.0
"""A worker that lived longer did start; whatever ended it while it had nothing to do, the installation is sound."""
_log = structlog.get_logger("hososo")


class Pool:
    """Worker processes over one catalogue.

    Args:
        services: Of the watching process; its reader and taker are not used.
        command: Starts one worker process; it ends after SIGTERM once its item is done.
        run_id: Unique name of this run; the claims of its workers carry it.
        size: How many processes.
    """

    def __init__(self, services: Services, command: Sequence[str], run_id: str, size: int) -> None:
        self._services = services
        self._command = list(command)
        self._run_id = run_id
        self._size = size
        self._processes: list[subprocess.Popen[bytes]] = []
        self._born: dict[int, float] = {}
        self._stillborn = 0

    def keep_staffed(self) -> None:
        """Replace the workers that have ended.

        Raises:
            RuntimeError: Workers die again and again without having begun anything: no item is to blame.
            Unavailable: The catalogue cannot be told; the dead are buried at the next call.
        """
        for process in list(self._processes):
            if process.poll() is not None:
                self._bury(process)
                self._processes.remove(process)
                del self._born[process.pid]
        while len(self._processes) < self._size and (born := self._started()) is not None:
            self._processes.append(born)
            self._born[born.pid] = time.monotonic()

    def end(self, grace: float) -> None:
        """Let the workers finish what they are at for so many seconds, then end them; free what they held."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + grace
        for process in self._processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            self._give_back_at_the_end(process)
        self._processes.clear()
        self._born.clear()

    def _give_back_at_the_end(self, process: subprocess.Popen[bytes]) -> None:
        try:
            give_back(f"{self._run_id}/{process.pid}/", self._services, crashed=False)
        except Unavailable as exc:  # its lease runs out by itself
            _log.warning("not given back", code=exc.code.value, detail=exc.detail)

    def _started(self) -> subprocess.Popen[bytes] | None:
        """Return a new worker; None where the system has no room for a further process at this moment."""
        try:
            return subprocess.Popen(self._command, stdin=subprocess.DEVNULL, start_new_session=True)
        except OSError as exc:
            if exc.errno not in _NO_ROOM:
                raise
            _log.warning("no room for a worker", error=errno.errorcode[exc.errno])
            return None

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        """Free what a dead worker held; its item may be to blame, unless the worker left in good order."""
        blameless = process.returncode in (0, TRY_LATER)
        freed = give_back(f"{self._run_id}/{process.pid}/", self._services, crashed=not blameless)
        started = time.monotonic() - self._born[process.pid] > _START_SECONDS
        self._stillborn = 0 if freed or blameless or started else self._stillborn + 1
        if self._stillborn > _MOST_STILLBORN * self._size:
            raise RuntimeError(f"workers end as soon as they start, exit status {process.returncode}")


def free_claims_of_dead_runs(services: Services) -> int:
    """Give back what runs of this host that no longer exist had claimed; their items are not to blame.

    Returns how many. What runs of other hosts hold comes back when their leases run out.
    """
    with services.catalogue.read() as tx:
        runs = {name.partition("/")[0] for name in queue.claimed_by(tx)}
    return sum(give_back(f"{run}/", services, crashed=False) for run in runs if not process_is_alive(run))
