"""What processes cost: processor time and memory, from the kernel's own books (Linux)."""

from __future__ import annotations

import contextlib
import os
import resource
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_PROC: Final = Path("/proc")
_PROCESS_CLOCK: Final = 2  # CPUCLOCK_SCHED of the whole process, as clock_getcpuclockid(3) makes it
_SAMPLE_SECONDS: Final = 0.15


def cpu_of(pid: int) -> float:
    """Return user and system seconds of a living process, all threads, 0.0 when it is gone."""
    try:
        return time.clock_gettime((~pid << 3) | _PROCESS_CLOCK)
    except OSError:
        return 0.0


def children(pid: int) -> list[int]:
    """Return the living children of a process."""
    found: list[int] = []
    for task in (_PROC / str(pid) / "task").glob("*"):
        try:
            found += map(int, (task / "children").read_text().split())
        except OSError:  # the thread is gone
            continue
    return found


def cpu_here() -> float:
    """Return user and system seconds of this process and its children, the dead and the living."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = sum(cpu_of(pid) for pid in children(os.getpid()))
    return time.process_time() + ended.ru_utime + ended.ru_stime + living


def peak_memory(pid: int) -> float:
    """Return the largest resident size a living process has had so far, in MiB; 0.0 when it is gone."""
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def forget_peak(pid: int) -> None:
    """Let the largest resident size of a process of ours begin anew at its present size."""
    with contextlib.suppress(OSError):  # it is gone
        (_PROC / str(pid) / "clear_refs").write_text("5")


def memory_share(pid: int) -> float:
    """Return the present memory of a process in MiB, pages shared with others counted in parts (PSS)."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def role_of(pid: int) -> str:
    """Return what a process of ours does: `worker`, or the name that a confined child gave itself."""
    try:
        if b"hososo.worker_process" in (_PROC / str(pid) / "cmdline").read_bytes():
            return "worker"
        return (_PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return ""


@dataclass
class Peaks:
    """Watches a process and all below it: the peak of each role, and of the sum of one worker with its children.

    Attributes:
        by_role: Largest VmHWM of each role in MiB.
        together: Largest sum of PSS of a worker and its children at one moment, in MiB.
    """

    root: int
    by_role: dict[str, float] = field(default_factory=dict)
    together: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            self.look()

    def look(self) -> None:
        """Take one sample."""
        for pid in below(self.root):
            role = role_of(pid)
            self.by_role[role] = max(self.by_role.get(role, 0.0), peak_memory(pid))
            if role == "worker":
                family = [pid, *below(pid)]
                self.together = max(self.together, sum(map(memory_share, family)))


def below(pid: int) -> Iterator[int]:
    """Yield the living descendants of a process."""
    for child in children(pid):
        yield child
        yield from below(child)


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended: exit code, wall seconds, CPU seconds of it and of all below it."""

    code: int
    wall: float
    cpu: float


def wait_for(pid: int, started: float) -> Ended:
    """Wait for a child process; what it waited for itself is in its account."""
    _, status, usage = os.wait4(pid, 0)
    return Ended(os.waitstatus_to_exitcode(status), time.monotonic() - started, usage.ru_utime + usage.ru_stime)
