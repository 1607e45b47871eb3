"""Hosts of one installation: each runs the real program, all share servers, and a test looks into the catalogue."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import text

from catalog import Catalogue, documents, queue
from dossier.errors import Unavailable
from dossier.model import WorkItem
from dossier.states import DocumentState, Step
from storage.s3_connection import S3Settings
from tests.e2e import processes
from tests.e2e.program import Program, wait_until

_CATCH_SECONDS = 60.0


def of_server(name: str, url: str, folder: Path) -> dict[str, str]:
    """Return the settings that name a server; its password goes into a file of its own, as an office keeps it."""
    password = urlsplit(url).password or ""
    return {f"{name}_url": url.replace(f":{password}@", "@", 1).replace("//@", "//"), **secret(name, password, folder)}


def of_buckets(archive: S3Settings, holding: S3Settings | None, folder: Path) -> dict[str, str]:
    """Return the settings that name the buckets of archive and holding area."""
    found = {"s3_endpoint": archive.endpoint, "s3_bucket": archive.bucket}
    for name, value in (("s3_access_key", archive.access_key), ("s3_secret_key", archive.secret_key)):
        found |= {f"{name}_file": str(_written(folder / name, value))}
    return found | ({"s3_holding_bucket": holding.bucket} if holding else {})


def secret(name: str, password: str, folder: Path) -> dict[str, str]:
    """Write a password into a file and return the setting that names it."""
    return {f"{name}_password_file": str(_written(folder / f"{name}.password", password))}


def _written(path: Path, value: str) -> Path:
    path.write_text(value, encoding="utf-8")
    path.chmod(0o600)
    return path


class Look:
    """The catalogue as a test sees it, on either database.

    Args:
        url: Address with the password.
    """

    def __init__(self, url: str) -> None:
        self._catalogue = Catalogue(url)

    def close(self) -> None:
        """Close the connections."""
        self._catalogue.close()

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Return what a query finds; asked again while the server is away."""
        while True:
            with suppress(Unavailable), self._catalogue.read() as tx:
                return [tuple(row) for row in tx.execute(text(query), values)]
            time.sleep(0.1)

    def value(self, query: str, **values: object) -> Any:  # noqa: ANN401 - a column of any type
        """Return the first column of the only row that a query finds."""
        ((found,),) = self.rows(query, **values)
        return found

    def claimed(self, *steps: Step) -> list[WorkItem]:
        """Return the items of these steps (all, when none is named) that somebody holds."""
        with self._catalogue.read() as tx:
            return [item for item in queue.claimed(tx) if not steps or item.step in steps]

    def archived(self) -> int:
        """Return how many documents are archived."""
        with self._catalogue.read() as tx:
            return documents.counts(tx).get(DocumentState.ARCHIVED, 0)

    def open_items(self) -> int:
        """Return how many items are ready or claimed, whatever their place."""
        with self._catalogue.read() as tx:
            return queue.open_total(tx)

    def item(self, item_id: int) -> tuple[str, int, int, int]:
        """Return state, attempts, crashes and token of an item."""
        ((state, attempts, crashes, token),) = self.rows(
            "select state, attempts, crashes, token from work_item where id = :id", id=item_id
        )
        return str(state), int(attempts), int(crashes), int(token)

    def seconds_to_run_again(self, item: WorkItem, most: float) -> float:
        """Wait until a claimed item is claimed anew, or done since, and return how long that took."""
        started = time.monotonic()
        wait_until(lambda: self.item(item.id)[1] > item.attempts, most)
        return time.monotonic() - started

    def doubled(self) -> list[tuple[Any, ...]]:
        """Return what is there twice: pages of a document, or events of a document that happen once."""
        pages = "select page_id, count(*) from document_page group by page_id having count(*) > 1"
        events = """select payload, kind, count(*) from event_link where kind in ('rendered', 'signed', 'archived')
            group by payload, kind having count(*) > 1"""
        return self.rows(pages) + self.rows(events)


@dataclass
class Host:
    """A host: one home, settings of its own, and its `hososo worker` while it runs.

    Attributes:
        program: The program as it is set up on this host.
        before: What a command line begins with, such as the entry to a network of its own.
    """

    program: Program
    before: tuple[str, ...] = ()
    processes: int = 1
    _process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def pid(self) -> int:
        """The supervisor."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What supervisor and workers have logged."""
        path = self.program.home / "log" / "hososo.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def start(self, **settings: str) -> None:
        """Start the supervisor with its workers and do not wait for it."""
        call = self.program.command("worker", "--processes", self.processes, before=self.before)
        with (self.program.home / "worker.out").open("ab") as out:
            self._process = subprocess.Popen(
                call,
                env=self.program.environment(**settings),
                cwd=self.program.home.parent,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def worker_processes(self) -> list[int]:
        """Return the worker processes."""
        return processes.workers(self.pid)

    def terminate(self) -> None:
        """Send SIGTERM to the supervisor."""
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, seconds: float = 60) -> int:
        """Wait for the supervisor's end and return its exit code."""
        assert self._process is not None
        code = self._process.wait(seconds)
        self._process = None
        return code

    def stop(self, seconds: float = 60) -> int:
        """End in good order and return the exit code."""
        self.terminate()
        return self.wait(seconds)

    def kill_supervisor(self) -> None:
        """Kill the supervisor alone."""
        processes.kill([self.pid])
        self.wait()

    def kill(self) -> None:
        """Kill everything on the host at once, as a power cut would; nothing happens when nothing runs."""
        if self._process is not None:
            processes.kill(processes.family(self.pid))
            self.wait()


@contextmanager
def running(*hosts: Host) -> Iterator[None]:
    """Start hosts; whatever runs of them at the end of the block is killed."""
    try:
        for host in hosts:
            host.start()
        yield
    finally:
        for host in hosts:
            host.kill()


def frozen_worker(look: Look, hosts: tuple[Host, ...], *steps: Step, but: int = 0) -> tuple[int, WorkItem]:
    """Pause a worker process (`but` one) while it holds an item of these steps; return both.

    What it holds is looked up again once it stands still: it may have ended the item in between.
    """
    deadline = time.monotonic() + _CATCH_SECONDS
    while time.monotonic() < deadline:
        for pid in [pid for host in hosts for pid in host.worker_processes() if pid != but]:
            if not _holding(look, pid, steps):
                continue
            os.kill(pid, signal.SIGSTOP)
            time.sleep(0.05)
            held = _holding(look, pid, steps)
            if held:
                return pid, held[0]
            os.kill(pid, signal.SIGCONT)
        time.sleep(0.005)
    raise AssertionError("no worker was caught at work")


def thaw(pid: int) -> None:
    """Let a paused process go on."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def _holding(look: Look, pid: int, steps: tuple[Step, ...]) -> list[WorkItem]:
    return [item for item in look.claimed(*steps) if item.worker.split("/")[1] == str(pid)]


def alive(pids: list[int]) -> list[int]:
    """Return those processes that still run; one that nobody has asked after is dead."""
    return [pid for pid in pids if _state(pid) not in ("", "Z", "X")]


def _state(pid: int) -> str:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return status.rpartition(")")[2].split()[0]


def seconds_until(what: Callable[[], bool], most: float) -> float:
    """Wait until something is so and return how long it took."""
    started = time.monotonic()
    wait_until(what, most)
    return time.monotonic() - started
