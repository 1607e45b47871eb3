"""One host of an installation: a home of its own, a name of its own, processes of its own, a small disk of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e import processes
from tests.e2e.program import PROGRAM

_NAMED = 'hostname "$0" && exec "$@"'
_SAID = 600  # bytes of a supervisor's last words
_SERVER_PARTS = ("supervisor", "worker", "child", "host")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a supervisor ended unasked: its exit status and the last it said."""

    status: int
    said: str


@dataclass
class Host:
    """A host whose supervisor is started again whenever it ends, as an init system would.

    Attributes:
        name: Its host name: runs of other hosts are strangers to it, as they are between machines.
        home: Its home folder.
        environment: Settings of the program, complete.
        processes: How many worker processes it has.
        wanted: Whether its supervisor has to run now.
        exits: How its supervisors ended unasked.
    """

    name: str
    home: Path
    environment: Mapping[str, str]
    processes: int
    wanted: bool = False
    exits: list[Ended] = field(default_factory=list)
    _supervisor: subprocess.Popen[bytes] | None = None
    _started: float = 0.0

    def start(self) -> None:
        """Start the supervisor."""
        self.wanted = True
        own_name = ["unshare", "--uts"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--uts"]
        call = [
            *own_name,
            "/bin/sh",
            "-c",
            _NAMED,
            self.name,
            str(PROGRAM),
            "worker",
            "--processes",
            str(self.processes),
        ]
        with self._out.open("ab") as out:
            self._supervisor = subprocess.Popen(
                call,
                env=dict(self.environment),
                cwd=self.home.parent,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._started = time.monotonic()

    def keep_up(self) -> None:
        """Start the supervisor again if it ended although nobody killed it; wait a second between two starts."""
        if not self.wanted or self._supervisor is None or self._supervisor.poll() is None:
            return
        if time.monotonic() - self._started > 1.0:
            said = self._out.read_bytes()[-_SAID:].decode(errors="replace")
            self.exits.append(Ended(self._supervisor.returncode, said))
            self.start()

    @property
    def _out(self) -> Path:
        return self.home.parent / f"{self.name}.out"

    def members(self, part: str) -> list[int]:
        """Return the processes of a part: `supervisor`, `worker`, `child` (confined) or `host` (all of them)."""
        assert part in _SERVER_PARTS, part
        running = self._supervisor is not None and self._supervisor.poll() is None
        supervisor = [self._supervisor.pid] if running and self._supervisor else []
        if part == "supervisor":
            return supervisor
        workers = processes.worker_processes(self.home)
        if part == "worker":
            return workers
        roots = supervisor + workers
        found = list(dict.fromkeys(pid for root in roots for pid in processes.family(root)))
        return found if part == "host" else processes.confined_among(found)

    def kill(self, part: str, victims: Iterable[int]) -> None:
        """Kill some processes; a supervisor among them is not started again before `start`."""
        if part in ("supervisor", "host"):
            self.wanted = False
        processes.kill(list(victims))
        if part in ("supervisor", "host") and self._supervisor is not None:
            self._supervisor.wait()

    def close(self) -> None:
        """Kill whatever is left."""
        self.wanted = False
        while left := self.members("host"):
            signal_all(left, signal.SIGSTOP)  # so that nobody starts another meanwhile
            processes.kill(left)
            if self._supervisor is not None:
                self._supervisor.wait()
            time.sleep(0.05)


def signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to processes; those that are gone are no matter."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


class SmallDisk:
    """A small file system for the home of a host, so that filling it fills nobody else's. Needs root.

    Args:
        folder: Where it is mounted.
        megabytes: Its size.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700)
        call = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "chaos", str(folder)]
        subprocess.run(call, check=True)

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self) -> None:
        """Take all that is free."""
        with self._ballast.open("wb") as stream, suppress(OSError):
            while True:
                stream.write(bytes(1 << 16))
                stream.flush()

    def free(self) -> None:
        """Give back what `fill` took."""
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Unmount it; what is on it is gone."""
        call = ["umount", "--lazy", str(self.folder)]
        subprocess.run(call, check=False)
