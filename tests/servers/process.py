"""One server as a process tree that a test starts, stops, kills, pauses and resumes."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

_PORTS = range(12_000, 32_000)  # below what the kernel gives to clients: a reconnecting client never takes the port
_claims: list[int] = []  # open while this process lives: a server that starts slowly keeps its port
_TICK = 0.02


class NotServingError(Exception):
    """A server did not come up in time; the message ends with the tail of its log."""


class Server(ABC):
    """A server with a folder of its own under the system's temporary folder; what it stores outlives `kill`.

    Args:
        name: What the folder and messages call it.
        account: The user it runs as when the tests run as root; empty: whoever runs the tests.
    """

    def __init__(self, name: str, account: str = "") -> None:
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix=f"hososo-{name}-"))
        self.account = account if account and os.geteuid() == 0 else None
        if self.account:
            shutil.chown(self.folder, self.account)
        self.log = self.folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """Return what starts the server in the foreground; secrets belong into files."""

    @abstractmethod
    def serves(self) -> bool:
        """Return whether a client is answered, not only whether the port is open."""

    def environment(self) -> Mapping[str, str]:
        """Return what the server needs in its environment beside the caller's."""
        return {}

    @property
    def pid(self) -> int:
        """The process at the root of the tree."""
        assert self._process is not None, f"{self.name} was not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the root process lives, paused or not."""
        return self._process is not None and self._process.poll() is None

    def start(self, seconds: float = 60) -> None:
        """Start the server and return when it serves.

        Raises:
            NotServingError: It ended, or did not serve in time; it is killed then.
        """
        assert not self.running, f"{self.name} runs already"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                env={**os.environ, "HOME": str(self.folder), **self.environment()},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.account,
            )
        self._keeper = keeper(self.pid, self.folder)
        self._wait(seconds)

    def stop(self, seconds: float = 30) -> None:
        """End the server in order; it is killed when it takes longer than this."""
        if not self.running:
            return
        self.resume()
        os.kill(self.pid, self.stop_signal)
        try:
            self._process_or_fail().wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self.kill()

    stop_signal = signal.SIGTERM

    def kill(self) -> None:
        """Kill every process of the server at once, as a power cut would."""
        if self._process is not None:
            self.pause()  # so that nobody starts a child while the tree is being listed
            _signal(self._tree(), signal.SIGKILL)
            _signal([-self.pid], signal.SIGKILL)  # whose parent ended before
            self._process.wait()
        if self._keeper is not None:
            self._keeper.kill()
            self._keeper.communicate()
            self._keeper = None

    def pause(self) -> None:
        """Stop every process without ending it: connections stay open and nothing answers."""
        if self.running:
            _signal([self.pid], signal.SIGSTOP)
            _signal(self._tree(), signal.SIGSTOP)

    def resume(self) -> None:
        """Let every paused process go on."""
        if self.running:
            _signal(reversed(self._tree()), signal.SIGCONT)

    def close(self) -> None:
        """Kill the server and remove all that it stored."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.running and time.monotonic() < deadline:
            if self.serves():
                return
            time.sleep(_TICK)
        self.kill()
        tail = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise NotServingError(f"{self.name} does not serve after {seconds:.0f} s: {tail}")

    def _process_or_fail(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, f"{self.name} was not started"
        return self._process

    def _tree(self) -> list[int]:
        # Not the process group: PostgreSQL gives each of its processes a session of its own.
        children: dict[int, list[int]] = {}
        for pid, parent in _parents():
            children.setdefault(parent, []).append(pid)
        tree = [self.pid]
        for pid in tree:
            tree.extend(children.get(pid, ()))
        return tree


def free_port() -> int:
    """Return a port on loopback that nobody listens on and no other test process has been given."""
    while True:
        port = random.SystemRandom().choice(_PORTS)
        if not _reserved(port):
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def _reserved(port: int) -> bool:
    """Take a port for this process until it ends; False when another has it."""
    folder = Path(tempfile.gettempdir()) / "hososo-test-ports"
    folder.mkdir(exist_ok=True)
    claim = os.open(folder / str(port), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(claim)
        return False
    _claims.append(claim)
    return True


def answers(port: int) -> bool:
    """Return whether something accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _parents() -> list[tuple[int, int]]:
    """Return every process with its parent."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:  # ended since it was listed
                continue
            found.append((int(entry.name), int(stat.rpartition(")")[2].split()[1])))
    return found


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def keeper(pid: int, folder: Path) -> subprocess.Popen[bytes]:
    """Start a shell that kills a process group and removes its folder when this process is gone, however it went."""
    script = 'read -r _; kill -s KILL -- "-$1"; sleep 1; rm -rf "$2"'
    call = ["/bin/sh", "-c", script, "sh", str(pid), str(folder)]
    return subprocess.Popen(call, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
