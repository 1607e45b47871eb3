"""What workers measure of themselves: how long steps and time stamps take, of all processes of one supervisor.

Each process writes into files of its own in one folder; the supervisor adds them up when it is asked. Without that
folder (the usual local run) nothing is measured and nothing is loaded.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.errors import Code, Rejected, Unavailable
from dossier.states import Step
from pipeline.running import Outcome
from signing.port import TimeStampAuthority
from workers.runs import process_is_alive

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Histogram
    from prometheus_client.core import Metric

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library looks for it when it is loaded
_HIGHEST_PORT = 65_535
_STEP_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1500.0)
_TSA_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0)


def observe_step(step: Step, outcome: Outcome, seconds: float) -> None:
    """Count a step that was run, with what became of it and how long it took."""
    if _FOLDER in os.environ:
        _instruments().steps.labels(step.value, outcome.value).observe(seconds)


def timed(tsa: TimeStampAuthority) -> TimeStampAuthority:
    """Return the same time-stamp authority, measured where anybody measures."""
    return _Timed(tsa) if _FOLDER in os.environ else tsa


@contextmanager
def worker_metrics(folder: Path, run_id: str, listen: str) -> Iterator[None]:
    """Have the processes that are started in the block measured, and show the sum at `http://LISTEN/metrics`.

    Args:
        folder: Where supervisors of this host keep their figures; what dead ones left is removed.
        run_id: This supervisor.
        listen: `HOST:PORT`; empty: nothing is measured.

    Raises:
        Rejected(SETTINGS_INVALID): It is no such address.
        Unavailable(ADDRESS_IN_USE): Somebody else listens there.
    """
    if not listen:
        yield
        return
    own = _own_folder(folder, run_id)
    os.environ[_FOLDER] = str(own)
    try:
        with _served(own, listen):
            yield
    finally:
        del os.environ[_FOLDER]
        shutil.rmtree(own, ignore_errors=True)


def collect(folder: Path) -> CollectorRegistry:
    """Return a registry that adds up the figures of all processes that wrote into a folder, the dead ones' too."""
    from prometheus_client import CollectorRegistry  # noqa: PLC0415

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Sum(folder))
    return registry


@dataclass(frozen=True, slots=True)
class _Instruments:
    steps: Histogram
    tsa: Histogram


@cache
def _instruments() -> _Instruments:
    from prometheus_client import Histogram  # noqa: PLC0415 - a tenth of a second, for who measures only

    return _Instruments(
        Histogram(
            "hososo_step_duration_seconds",
            "How long steps took, by what became of them.",
            ["step", "outcome"],
            registry=None,
            buckets=_STEP_SECONDS,
        ),
        Histogram(
            "hososo_tsa_request_duration_seconds",
            "How long the time-stamp authority took.",
            ["outcome"],
            registry=None,
            buckets=_TSA_SECONDS,
        ),
    )


class _Timed:
    def __init__(self, tsa: TimeStampAuthority) -> None:
        self._tsa = tsa

    def token(self, digest: bytes, algorithm: str) -> bytes:
        """See `TimeStampAuthority.token`."""
        began, outcome = time.monotonic(), "failed"
        try:
            token = self._tsa.token(digest, algorithm)
            outcome = "granted"
        finally:
            _instruments().tsa.labels(outcome).observe(time.monotonic() - began)
        return token


class _Sum:
    """Adds up the files of a folder. Those of dead processes are put into one, so that they do not pile up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Lock()

    def collect(self) -> Iterator[Metric]:
        """Yield the sums."""
        collector: Any = import_module("prometheus_client.multiprocess").MultiProcessCollector
        with self._turn:
            for path in self._folder.glob("histogram_*.db"):
                if not _lives(path):
                    _bury(path)
            yield from collector(None, str(self._folder)).collect()


def _lives(path: Path) -> bool:
    process = path.stem.partition("_")[2]
    return process == "0" or Path(f"/proc/{process}").exists()


def _bury(path: Path) -> None:
    mapped: Any = import_module("prometheus_client.mmap_dict").MmapedDict  # has no types
    total = mapped(str(path.with_name("histogram_0.db")))
    for key, value, _, _ in mapped.read_all_values_from_file(str(path)):
        total.write_value(key, total.read_value(key)[0] + value, 0.0)
    total.close()
    path.unlink()


def _own_folder(folder: Path, run_id: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in folder.iterdir():
        if not process_is_alive(other.name):
            shutil.rmtree(other, ignore_errors=True)
    own = folder / run_id
    own.mkdir(mode=0o700)
    return own


@contextmanager
def _served(folder: Path, listen: str) -> Iterator[None]:
    from prometheus_client import start_http_server  # noqa: PLC0415

    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _HIGHEST_PORT:
        raise Rejected(Code.SETTINGS_INVALID, "HOST:PORT is wanted", subject="metrics_listen")
    try:
        server, thread = start_http_server(int(port), host.strip("[]"), collect(folder))
    except OSError as exc:
        raise Unavailable(Code.ADDRESS_IN_USE, type(exc).__name__, subject=listen) from exc
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
