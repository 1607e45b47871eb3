"""What digitising costs beside the bare engine, how much memory it takes and how it scales: one command, one run.

    python -m bench.whole [--pages 40] [--long 1000]

Draws A4 colour scans at 300 dpi (two-page documents, JPEG), takes them through the product, prints a table that says
of each figure what it is and whether it meets its target. Linux; development keys; everything in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2

from bench.command import IdleRun, WholeRun, digitise, idle, init
from bench.office import PAGES_PER_DOCUMENT, make_dossiers
from bench.steady import TO_ARCHIVE, TO_PDF, BareEngine, Cost, run_steps
from hososo.home import Home
from hososo.logs import log_to
from hososo.settings import load_settings
from hososo.wiring import services

MOST_TO_READ: Final = 0.90
MOST_TO_PDF: Final = 1.05
MOST_TO_ARCHIVE: Final = 1.30
MOST_READER: Final = 300.0
MOST_MEMORY: Final = 500.0
_WARM_UP: Final = 2


@dataclass(frozen=True, slots=True)
class Figures:
    """All that one run measured; `long` is what `bench.thousand` printed, None when it was left out."""

    steady: Cost
    one: WholeRun
    two: WholeRun
    idle: IdleRun
    long: dict[str, Any] | None


def measure(folder: Path, pages: int, long_pages: int) -> Figures:
    """Run everything once, in a folder that holds some 400 MB for a thousand pages."""
    documents = -(-pages // PAGES_PER_DOCUMENT)
    _say(f"drawing {(documents + _WARM_UP) * PAGES_PER_DOCUMENT} scans")
    folders = make_dossiers(folder / "in", documents + _WARM_UP)
    _say("the steps beside the bare engine")
    steady = _steady(folder / "steady", folders)
    scans = len(folders) * PAGES_PER_DOCUMENT
    _say("hososo digitise with one worker, then with two")
    _first_start(folder / "first", folders[0])
    one = digitise(folder / "one", folder / "in", scans, 1)
    two = digitise(folder / "two", folder / "in", scans, 2)
    resting = idle(folder / "one")
    return Figures(steady, one, two, resting, _long(folder / "long", long_pages) if long_pages else None)


def table(figures: Figures) -> Iterator[str]:
    """Yield the lines of the report."""
    yield from _cpu(figures.steady)
    yield from _whole(figures)
    yield from _memory(figures)


def _steady(home: Path, folders: list[Path]) -> Cost:
    init(home)
    log_to(Home(home).log)
    bare = BareEngine()
    with services(load_settings(home)) as ready:
        run_steps(ready, folders[:_WARM_UP], bare)
        return run_steps(ready, folders[_WARM_UP:], bare)


def _first_start(home: Path, folder: Path) -> None:
    """Start everything once: byte code is written and files are read into memory, as on any day but the first."""
    digitise(home, folder, PAGES_PER_DOCUMENT, 1)


def _long(folder: Path, pages: int) -> dict[str, Any]:
    _say(f"a document of {pages} pages")
    # In a process of its own: what drawing takes must not stand in the account of what is measured.
    subprocess.run([sys.executable, "-c", _DRAW, str(folder / "in"), str(pages)], check=True)
    init(folder / "home")
    (source,) = (folder / "in").iterdir()
    done = subprocess.run(
        [sys.executable, "-m", "bench.thousand", str(source), str(folder / "home")], check=True, stdout=subprocess.PIPE
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result | {"pages": pages}


_DRAW = """
import sys; from pathlib import Path; from bench.thousand import make_source
make_source(Path(sys.argv[1]), int(sys.argv[2]))
"""


def _cpu(cost: Cost) -> Iterator[str]:
    bare, same = cost.per_page("bare"), cost.per_page("bare_same_pixels")
    reading, to_pdf, to_archive = cost.per_page("read"), cost.per_page(*TO_PDF), cost.per_page(*TO_ARCHIVE)
    yield f"CPU seconds a page (user + system, all processes), warm, {cost.pages} pages, A4 colour 300 dpi:"
    yield f"  a  bare engine on prepared images at 300 dpi           {bare:7.3f}"
    yield f"  a' bare engine on the very pixels that we hand to it   {same:7.3f}"
    yield f"  r  reading alone, from JPEG to words                   {reading:7.3f}"
    yield f"  b  from JPEG scans to unsigned PDF/A, 2-page documents {to_pdf:7.3f}"
    yield f"  c  to the signed, checked, indexed archive             {to_archive:7.3f}"
    yield _judged("  r/a ", reading / bare, MOST_TO_READ, "")
    yield _judged("  b/a ", to_pdf / bare, MOST_TO_PDF, "")
    yield _judged("  c/a ", to_archive / bare, MOST_TO_ARCHIVE, "")
    yield f"  b/a' {to_pdf / same:.4g}, c/a' {to_archive / same:.4g}   no target: good scans are read at 200 dpi"
    yield "  of c, ms a page: " + ", ".join(f"{name} {1000 * cost.per_page(name):.1f}" for name in TO_ARCHIVE)


def _whole(figures: Figures) -> Iterator[str]:
    one, two = figures.one, figures.two
    steady = figures.steady.per_page(*TO_ARCHIVE) * one.pages
    load = os.getloadavg()[0]
    yield ""
    yield f"The whole command with start-up, {one.pages} pages ({os.cpu_count()} cores, load {load:.1f}):"
    for run in (one, two):
        yield (
            f"  {run.workers} worker(s): {run.cpu / run.pages:.3f} CPU s a page, {run.wall:.1f} s by the clock, "
            f"{run.pages_a_minute:.1f} pages a minute"
        )
    yield f"  two workers against one: {one.wall / two.wall:.2f} times as fast"
    yield f"  start-up and runner: {one.cpu - steady:.1f} CPU s (whole command less {one.pages} pages of c)"
    yield f"  idle worker: {figures.idle.cpu_an_hour:.1f} CPU s an hour; stops in {figures.idle.stop_seconds:.2f} s"


def _memory(figures: Figures) -> Iterator[str]:
    yield ""
    yield "Peak memory in MiB, A4 colour 300 dpi:"
    peaks = figures.one.peaks
    names = [name for name in sorted(peaks) if name == "worker" or name.endswith(("child", "verify_"))]
    yield "  VmHWM of each process: " + ", ".join(f"{name} {peaks[name]:.0f}" for name in names)
    yield _judged("  the reader", peaks["ocr.child"], MOST_READER, " MiB")
    yield _judged("  worker with its children at one moment (PSS)", figures.one.together, MOST_MEMORY, " MiB")
    yield f"  sum of their VmHWM, shared pages counted each time: {sum(peaks[name] for name in names):.0f} MiB"
    if figures.long is None:
        return
    own = figures.long["peaks"]
    yield f"One document of {figures.long['pages']} pages, gray 200 dpi, readings stored, all else real:"
    yield "  VmHWM of each process: " + ", ".join(f"{name} {peak:.0f}" for name, peak in sorted(own.items()))
    yield _judged("  largest process", max(own.values()), MOST_MEMORY, " MiB")
    came = f"{figures.long['documents']} document, {figures.long['findings']} findings by verify"
    yield f"  {came}, {figures.long['wall']:.0f} s by the clock"


def _judged(name: str, value: float, most: float, unit: str) -> str:
    verdict = "met" if value <= most else "MISSED"
    return f"{name} {value:.4g}{unit}   target <= {most:g}{unit}: {verdict}"


def _say(what: str) -> None:
    sys.stderr.write(f"bench: {what} ...\n")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--pages", type=int, default=40, help="pages to measure, 40 or more for figures to quote")
    options.add_argument("--long", type=int, default=1000, help="pages of the long document, 0 to leave it out")
    chosen = options.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="hososo-bench-") as name:
        figures = measure(Path(name), max(PAGES_PER_DOCUMENT, chosen.pages), chosen.long)
    for line in table(figures):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
