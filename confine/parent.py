"""The side that stays alive: start the child, ask, wait no longer than allowed, kill."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

_BOOT = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from confine.child import serve; serve(int(sys.argv[2]))"
)
_DEATH_SECONDS = 1.0

_ENVIRONMENT = {
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # glibc: images are taken from the heap and stay there. Given back to the system and asked for anew, a page of
    # colour costs 30 ms of page faults. Other C libraries do not know these names.
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one call: wall seconds, CPU seconds, and bytes of address space of the child."""

    wall_seconds: float
    cpu_seconds: int
    memory_bytes: int


class TimedOut(Exception):  # noqa: N818 - reads as what happened
    """The call used more wall or CPU time than its limit; the child is gone."""


class _Overdue(TimedOut):
    """No answer came in time by the wall clock, whatever the child did meanwhile."""


class OutOfMemory(Exception):  # noqa: N818
    """The call asked for more memory than its limit; the child is gone."""


class Died(Exception):  # noqa: N818
    """The child ended by itself or by somebody else's signal; `signal` is its number or 0."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"child process ended (signal {signal_number})")
        self.signal = signal_number


class Confined:
    """One function in one child process that lives on between calls and is started again after a kill.

    Args:
        target: `module:function`, called with the arguments of `call`; result and arguments are pickled.
        limits: Bounds of each call.
        setup: Optional `(module:function, argument)` run once in each new child, within the same bounds.

    Use it from one thread only: the child is tied to the life of the thread that started it.
    """

    def __init__(self, target: str, limits: Limits, setup: tuple[str, object] | None = None) -> None:
        self._target = target
        self._limits = limits
        self._setup = setup
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id of the running child, or None."""
        return self._process.pid if self._process else None

    def call(self, *args: Any) -> Any:  # noqa: ANN401 - whatever the target takes and gives
        """Return what the target returns for these arguments.

        SIGKILL comes from outside, as a rule from a kernel that ran out of memory because of somebody else, and the
        wall clock goes on while a machine sleeps or has no time for the child, whose own time is limited by its CPU
        time: a child that met either is replaced and asked once more.

        Raises:
            TimedOut, OutOfMemory, Died: The call was stopped; the next call gets a fresh child.
            Exception: Whatever the target raised; the child lives on.
        """
        try:
            return self._ask(args)
        except Died as exc:
            if exc.signal != signal.SIGKILL:
                raise
        except _Overdue:
            pass
        return self._ask(args)

    def close(self) -> None:
        """Kill the child, with the programs it started, and reap it. Safe to call twice."""
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # it leads its own session
            self._process.wait()
        self._process = self._channel = None

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _BOOT, json.dumps(sys.path), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C belongs to the parent
                env=os.environ | _ENVIRONMENT,
            )
        self._channel = Connection(ours.detach())
        self._send((self._target, self._limits.cpu_seconds, self._limits.memory_bytes, self._setup))
        try:
            self._receive()
        except BaseException:
            self.close()  # a child whose setup failed must not be asked
            raise

    def _ask(self, args: tuple[Any, ...]) -> Any:  # noqa: ANN401
        if self._process is None:
            self._start()
        self._send(args)
        return self._receive()

    def _send(self, message: object) -> None:
        assert self._channel is not None  # noqa: S101 - only called with a started child
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a dead child is found by _receive
            self._channel.send(message)

    def _receive(self) -> Any:  # noqa: ANN401
        assert self._channel is not None  # noqa: S101
        try:
            reply = self._channel.recv() if self._channel.poll(self._limits.wall_seconds) else None
        except (EOFError, ConnectionResetError, pickle.UnpicklingError) as exc:
            raise self._obituary() from exc
        except BaseException:
            self.close()  # also at Ctrl-C: an answer that comes late must not be taken for the next call's
            raise
        if reply is None:
            self.close()
            raise _Overdue("wall clock")
        status, value = reply
        if status == "memory":
            self.close()
            raise OutOfMemory(str(value))
        if status == "error":
            raise value
        return value

    def _obituary(self) -> Exception:
        assert self._process is not None  # noqa: S101
        try:
            number = -self._process.wait(_DEATH_SECONDS)
        except subprocess.TimeoutExpired:  # it has closed the channel or babbles, and yet it lives
            number = 0
        self.close()
        return TimedOut("CPU time") if number == signal.SIGXCPU else Died(max(number, 0))


class Keeper:
    """A capability that works in a confined child; the child ends with the `with` block or with `close`."""

    def __init__(self, child: Confined) -> None:
        self._child = child

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child. Safe to call twice."""
        self._child.close()
