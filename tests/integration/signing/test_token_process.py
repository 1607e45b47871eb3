"""The child process of a token: its pipe, seen from outside."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import IO

import pytest

from signing import token_process
from signing.token_process import TokenProcess


def test_the_pipe_stays_open_while_somebody_may_still_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its number would go to the pipe of the next child, whose answer the late reader would swallow."""
    late, done, pump = threading.Event(), threading.Event(), token_process._pump

    def held(stream: IO[bytes], answers: SimpleQueue[bytes]) -> None:
        late.wait(20)
        pump(stream, answers)
        done.set()

    monkeypatch.setattr(token_process, "_pump", held)
    process = TokenProcess()
    stream = process._process.stdout
    assert stream is not None
    process.close()
    assert not stream.closed
    late.set()
    assert done.wait(20)
    assert stream.closed
