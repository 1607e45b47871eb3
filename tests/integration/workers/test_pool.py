"""A pool of workers on a host that is short of something, and whose idle workers are killed now and then."""

from __future__ import annotations

import errno
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.fakes.office import PaperOffice
from workers import pool as pools
from workers.pool import Pool

_WAITS = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def pool(office: PaperOffice) -> Iterator[Pool]:
    """Give a pool of one worker that only waits."""
    made = Pool(office.services, _WAITS, "run", 1)
    yield made
    made.end(0)


def test_idle_workers_that_are_killed_are_replaced_for_ever(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """They held nothing when they died, but they had started: the installation is not broken."""
    monkeypatch.setattr(pools, "_START_SECONDS", 0.0)
    for _ in range(6):
        pool.keep_staffed()
        _kill_all(pool)
    pool.keep_staffed()


def test_a_host_without_room_for_a_process_tries_again(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full process table or memory ends no supervisor: the next look starts the worker."""
    start = subprocess.Popen

    def full(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "no process left")

    monkeypatch.setattr(subprocess, "Popen", full)
    pool.keep_staffed()
    assert _pids(pool) == []
    monkeypatch.setattr(subprocess, "Popen", start)
    pool.keep_staffed()
    assert len(_pids(pool)) == 1


def _pids(pool: Pool) -> list[int]:
    return [process.pid for process in pool._processes]


def _kill_all(pool: Pool) -> None:
    for process in pool._processes:
        process.kill()
        process.wait()
    time.sleep(0.01)
