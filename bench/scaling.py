"""What a second worker process brings: `python -m bench.scaling [--pages 40] [--rounds 2]`.

A4 colour scans at 300 dpi in dossiers of two pages go through every step, with one worker process and with two, in
turns, on fresh installations: first SQLite and folders with polling workers (the local runner), then PostgreSQL,
RabbitMQ and an S3 store on the same cores. Beside it the bare engine in one and in two processes: what this machine
itself gives for a second one.

Start-up is excluded: workers first do some papers to get warm, then the batch is delivered while the installation is
drained, and the clock runs from the end of the draining to the last change of a work item. All steps are in it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.installation import Installation
from bench.office import PAGES_PER_DOCUMENT, make_dossiers
from bench.processes import below, cpu_of
from bench.servers import OfficeServers
from catalog import chores

LOCAL_TARGET: Final = 1.85
SERVERS_TARGET: Final = 1.75
_WARM_UP: Final = 4  # dossiers
_MOST_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Round:
    """One batch with a number of worker processes: pages, seconds by the clock, CPU seconds by whom."""

    workers: int
    pages: int
    seconds: float
    worker_cpu: float
    server_cpu: float


def measure(folder: Path, pages: int, rounds: int) -> Iterator[str]:
    """Measure everything and yield the lines of the report."""
    _say("drawing scans")
    dossiers = -(-pages // PAGES_PER_DOCUMENT)
    drawn = make_dossiers(folder / "drawn", _WARM_UP + dossiers)
    boxes = (_box(folder / "warm", drawn[:_WARM_UP]), _box(folder / "batch", drawn[_WARM_UP:]))
    yield f"{dossiers * PAGES_PER_DOCUMENT} pages a round, {rounds} rounds of each, {os.cpu_count()} cores, "
    yield f"load {os.getloadavg()[0]:.1f} at the start (on a busy machine the ratios mean little):"
    yield from _bare(boxes[1])
    yield from _of("local runner (SQLite, folders)", LOCAL_TARGET, _rounds(folder / "local", boxes, rounds, _local, []))
    with OfficeServers() as servers:
        done = _rounds(folder / "servers", boxes, rounds, servers.installation, servers.pids)
        yield from _of("PostgreSQL, RabbitMQ, S3 on the same cores", SERVERS_TARGET, done)


def _local(home: Path) -> Installation:
    home.mkdir(mode=0o700, parents=True)
    return Installation(home, {})


def _rounds(
    folder: Path, boxes: tuple[Path, Path], rounds: int, make: Callable[[Path], Installation], servers: list[int]
) -> list[Round]:
    done = []
    for number in range(rounds):
        for workers in (1, 2) if number % 2 == 0 else (2, 1):  # so that a trend of the machine falls on both
            _say(f"{folder.name}: round {number + 1}, {workers} worker(s)")
            done.append(_round(make(folder / f"{number}-{workers}"), boxes, workers, servers))
    return done


def _round(installation: Installation, boxes: tuple[Path, Path], workers: int, servers: list[int]) -> Round:
    warm, batch = boxes
    installation.run("init")
    running = installation.start(workers)
    try:
        installation.run("deliver", warm)
        installation.wait_until_done(_MOST_SECONDS)
        installation.run("drain", "--wait", "60")
        installation.run("deliver", batch)
        before = _cpu([running.process.pid]), _cpu(servers)
        started = time.time()
        _open_at_once(installation)
        installation.wait_until_done(_MOST_SECONDS)
        spent = _cpu([running.process.pid]) - before[0], _cpu(servers) - before[1]
        ended = datetime.fromisoformat(installation.rows("select max(changed_at) from work_item")[0][0]).timestamp()
        pages = len(list(batch.rglob("*.jpg")))
        _check(installation, pages)
        running.stop()
    finally:
        running.kill()
    return Round(workers, pages, ended - started, *spent)


def _open_at_once(installation: Installation) -> None:
    """End the draining from here: a command's own start would be in the account."""
    with installation.catalogue() as catalogue, catalogue.write() as tx:
        chores.set_draining(tx, datetime.now(UTC), on=False)


def _check(installation: Installation, pages: int) -> None:
    found = installation.rows("select count(*) from document where state = 'archived'")[0][0] * PAGES_PER_DOCUMENT
    if found != pages + _WARM_UP * PAGES_PER_DOCUMENT:
        raise RuntimeError(f"{pages} pages went in, {found} were archived: nothing was measured")


def _cpu(roots: list[int]) -> float:
    return sum(cpu_of(pid) for root in roots for pid in (root, *below(root)))


def _box(target: Path, folders: list[Path]) -> Path:
    target.mkdir()
    for folder in folders:
        folder.rename(target / folder.name)
    return target


def _of(name: str, target: float, rounds: list[Round]) -> Iterator[str]:
    yield f"{name}:"
    speeds = {}
    for workers in (1, 2):
        own = [each for each in rounds if each.workers == workers]
        pages, seconds = sum(each.pages for each in own), sum(each.seconds for each in own)
        speeds[workers] = pages / seconds
        each_page = [sum(getattr(each, name) for each in own) / pages for name in ("worker_cpu", "server_cpu")]
        yield (
            f"  {workers} worker(s): {60 * speeds[workers]:6.1f} pages a minute, CPU s a page: workers and supervisor "
            f"{each_page[0]:.3f}, servers {each_page[1]:.3f}"
        )
    ratio = speeds[2] / speeds[1]
    verdict = "met" if ratio >= target else "MISSED"
    yield f"  two against one: {ratio:.2f} times as fast   target >= {target}: {verdict}"


_BARE = """
import sys, time; from pathlib import Path; import cv2
from bench.steady import BareEngine, Cost, prepared_page
cv2.setNumThreads(1)
pages = [prepared_page(path) for path in sorted(Path(sys.argv[1]).rglob("*.jpg"))[:8]]
engine = BareEngine(); engine.read(Cost(), pages[:1]); print("ready", flush=True); sys.stdin.readline()
engine.read(Cost(), pages)
"""


def _bare(batch: Path) -> Iterator[str]:
    _say("the bare engine in one process and in two")
    one, two = _bare_seconds(batch, 1), _bare_seconds(batch, 2)
    yield "bare engine, the same pages in each process:"
    yield f"  two processes against one: {2 * one / two:.2f} times as fast (what the machine gives)"


def _bare_seconds(batch: Path, count: int) -> float:
    """Return how long so many processes take that begin together; each says when it is ready."""
    call, environment = [sys.executable, "-c", _BARE, str(batch)], {**os.environ, "OMP_THREAD_LIMIT": "1"}
    pipe = subprocess.PIPE
    found = [subprocess.Popen(call, stdin=pipe, stdout=pipe, env=environment) for _ in range(count)]
    for each in found:
        if each.stdout is None or not each.stdout.readline():
            raise RuntimeError("the bare engine did not start")
    started = time.monotonic()
    for each in found:
        if each.stdin is not None:
            each.stdin.write(b"\n")
            each.stdin.flush()
    for each in found:
        each.wait()
    return time.monotonic() - started


def _say(what: str) -> None:
    sys.stderr.write(f"bench: {what} ...\n")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--pages", type=int, default=40, help="pages of a round, 40 or more for figures to quote")
    options.add_argument("--rounds", type=int, default=2, help="rounds with each number of workers")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="hososo-scaling-") as name:
        for line in measure(Path(name), chosen.pages, chosen.rounds):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
