"""What a deep queue costs: `python -m bench.enqueue [--items 100000]`.

Enqueues page tasks in one transaction, on SQLite and on PostgreSQL, each measurement in a process of its own so that
its peak memory is its own; then claims and finishes items, and looks as the relay looks, with the queue that deep.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench.installation import Installation
from bench.servers import database_of
from catalog import Catalogue, queue, work
from dossier.states import Step
from hososo.servers import catalogue_of
from hososo.settings import load_settings
from tests.servers.postgres import Postgres
from workers.queues import WINDOW

MOST_SECONDS: Final = 60.0
MOST_GROWTH: Final = 10.0
"""MiB that ten times as many items may take more: a list of them would take thrice that."""
LEAST_RATE: Final = 0.8
"""Of the claims a second with a tenth of the backlog: indexes grow by a level, scans would grow tenfold."""
_CLAIMS: Final = 1000
_LOOKS: Final = 200


def measure(folder: Path, items: int) -> Iterator[str]:
    """Measure on both databases and yield the lines of the report."""
    yield f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start"
    local = Installation(folder / "sqlite", {})
    local.home.mkdir()
    yield from _on("SQLite", local, items)
    with Postgres(fsync=True) as server:
        yield from _on("PostgreSQL", database_of(server, folder / "postgresql"), items)


def _on(name: str, installation: Installation, items: int) -> Iterator[str]:
    installation.run("init")
    few, many = (_figures(installation, count) for count in (items // 10, items))
    yield f"{name}:"
    yield f"  {'page tasks':>12} {'seconds':>8} {'peak MiB':>9} {'claims/s':>9} {'relay looks/s':>14}"
    for each in (few, many):
        yield (
            f"  {each['items']:>12} {each['seconds']:>8.2f} {each['peak']:>9.1f} {each['claims']:>9.0f} "
            f"{each['looks']:>14.0f}"
        )
    yield _judged("enqueueing, seconds", many["seconds"], MOST_SECONDS, many["seconds"] <= MOST_SECONDS)
    growth = many["peak"] - few["peak"]
    yield _judged("more memory for ten times as many, MiB", growth, MOST_GROWTH, growth <= MOST_GROWTH)
    rate = many["claims"] / few["claims"]
    yield _judged("claims/s against those of the smaller backlog", rate, LEAST_RATE, rate >= LEAST_RATE)


def _judged(name: str, value: float, bound: float, met: bool) -> str:  # noqa: FBT001 - a verdict
    return f"  {name}: {value:.2f}   target {bound:g}: {'met' if met else 'MISSED'}"


def _figures(installation: Installation, items: int) -> dict[str, Any]:
    sys.stderr.write(f"bench: {items} page tasks in {installation.home.name} ...\n")
    call = [sys.executable, "-m", "bench.enqueue", "--measure", str(installation.home), "--items", str(items)]
    done = subprocess.run(call, check=True, stdout=subprocess.PIPE, env=installation.environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def figures(home: Path, items: int) -> dict[str, Any]:
    """Enqueue, claim and look in this process; the queue is emptied first and left full."""
    catalogue = catalogue_of(load_settings(home))
    try:
        _empty(catalogue)
        before = _peak()
        started = time.monotonic()
        with catalogue.write() as tx:
            work.enqueue(tx, Step.READ, (f"page-{number:09}" for number in range(items)), "box", _now())
        seconds, peak = time.monotonic() - started, _peak()
        found = {"items": items, "seconds": seconds, "before": before, "peak": peak}
        return found | {"claims": _claims(catalogue), "looks": _looks(catalogue)}
    finally:
        catalogue.close()


def _claims(catalogue: Catalogue) -> float:
    """Return how many items a second one process claims and finishes, two transactions each."""
    steps = tuple(Step)
    started = time.monotonic()
    for _ in range(_CLAIMS):
        with catalogue.write() as tx:
            item = work.claim(tx, "bench/1/", steps, _now())
        if item is None:
            raise RuntimeError("the backlog ran out")
        with catalogue.write() as tx:
            work.finish(tx, item, _now())
    return _CLAIMS / (time.monotonic() - started)


def _looks(catalogue: Catalogue) -> float:
    """Return how often a second the relay can ask what is due."""
    started = time.monotonic()
    for _ in range(_LOOKS):
        with catalogue.read() as tx:
            if len(queue.due(tx, Step.READ, _now(), WINDOW)) != WINDOW:
                raise RuntimeError("the backlog ran out")
    return _LOOKS / (time.monotonic() - started)


def _empty(catalogue: Catalogue) -> None:
    with catalogue.write() as tx:
        tx.exec_driver_sql("delete from work_item")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    """Measure and print; `--measure` is the part that runs in a process of its own."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--items", type=int, default=100_000, help="page tasks to enqueue")
    options.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure:
        sys.stdout.write(json.dumps(figures(chosen.measure, chosen.items)))
        return
    with tempfile.TemporaryDirectory(prefix="hososo-enqueue-") as name:
        for line in measure(Path(name), chosen.items):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
