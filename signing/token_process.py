"""A child process that holds the token's driver: it may hang or crash, and this process does not.

`confine` does the like with limits that only Unix has, and asks a second time where a child was killed. Neither suits a
token: a clerk's PC runs Windows, and a PIN must never be tried twice. One JSON object a line goes either way.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from typing import IO, Any

_BOOT = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from signing.token_child import serve; sys.exit(serve())"
)
_LONGEST_LINE = 1 << 20
_AT_ONCE = 1 << 16
_END_SECONDS = 1.0

if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    _NO_WINDOW = 0

Message = dict[str, Any]


class Silent(Exception):  # noqa: N818 - reads as what happened
    """No answer came in time; the child is gone."""


class Ended(Exception):  # noqa: N818
    """The child ended by itself or babbled; a driver crashed."""


class TokenProcess:
    """One child that answers one request after the other. Use it from one thread at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BOOT, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,  # a buffer has a lock, which a fork would copy as the reading thread holds it
            start_new_session=True,  # Ctrl-C belongs to the parent
            creationflags=_NO_WINDOW,
        )
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        threading.Thread(target=_pump, args=(self._process.stdout, self._answers), daemon=True).start()

    def ask(self, request: Message, seconds: float) -> Message:
        """Return the answer to a request.

        Raises:
            Silent: There is none after so many seconds.
            Ended: There will be none.
        """
        stdin = self._process.stdin
        assert stdin is not None  # noqa: S101 - it was asked for
        with contextlib.suppress(OSError):  # a dead child is found below
            stdin.write(json.dumps(request).encode() + b"\n")
        try:
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.close()
            raise Silent from None
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            self.close()
            raise Ended
        return answer

    def close(self) -> None:
        """End the child at once: closing its session is the driver's affair, and a driver may hang over it."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def end(self) -> None:
        """Let the child close its session, and end it when that takes too long."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        self.close()

    def abandon(self) -> None:
        """Forget a child that belongs to the process this one was forked from."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.returncode = 0


def _pump(stream: IO[bytes], answers: queue.SimpleQueue[bytes]) -> None:
    """Read on in a thread, because a pipe cannot be waited for with a limit on every system.

    The thread closes the pipe itself. Closed by another, its number may be given to the pipe of the next child just
    before this thread reads on, which would then swallow that child's answer.
    """
    rest = b""
    with stream, contextlib.suppress(OSError):
        while len(rest) < _LONGEST_LINE and (some := stream.read(_AT_ONCE)):
            *lines, rest = (rest + some).split(b"\n")
            for line in lines:
                answers.put(line)
    answers.put(b"")
