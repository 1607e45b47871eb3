"""Are secrecy stamps seen, and only they? Drawn papers through the whole reading, as the product reads them.

    python -m bench.secrecy [--set dev|frozen] [--seed N] [--asked N] [--harsh N] [--ordinary N] [--jobs N]
                            [--keep FOLDER]

Faces and texts of the frozen set are in no page that anything was developed or trained on; the seed makes the pages.
"asked" are stamps as the issue asks for them: fresh ink of any colour, font, frame and skew, anywhere within 30 mm of
box 10a, on blank paper or on print, in colour and gray scans. "harsh" adds weak ink and black and white scans. Ordinary
pages bear trap phrases, other stamps, tables, maps and pictures. A stamped page is missed where it is read like any
other: it neither stops nor waits unread until a person has looked. Prints tables; ends with status 1 when a stamp as
the issue asks for is missed or more than 0.5 % of the ordinary pages are stopped. `--keep` writes what went wrong as
PNG.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from bench.legibility.style import SetName
from bench.secrecy.pages import KINDS, Kind, Page, page_of
from dossier.page import MAY_BE_SECRET
from ocr.engines.choice import start_engine
from ocr.engines.port import OcrEngine
from ocr.page import read_page

MOST_FALSE: Final = 0.005
_CLEAR: Final = 0.02
_FULL: Final = 0.1
_engine: list[OcrEngine] = []


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page: its number, the mark that stopped it, whether a person is asked, seconds of CPU."""

    number: int
    page: Page
    stopped: str
    asked: bool
    seconds: float

    @property
    def wrong(self) -> bool:
        """Whether a stamped page is read like any other, or an ordinary one stops."""
        return not (self.stopped or self.asked) if self.page.stamp else bool(self.stopped)


def outcome(kind: Kind, seed: int, set_name: SetName, number: int) -> Outcome:
    """Draw a page and read it; the pixels come with it where it went wrong."""
    started = time.process_time()
    if not _engine:
        cv2.setNumThreads(1)
        _engine.append(start_engine("tesserocr"))
    page = page_of(kind, seed, number, set_name)
    reading = read_page(_engine[0], *page.coded())
    seconds = time.process_time() - started
    found = Outcome(number, page, reading.secret, MAY_BE_SECRET in reading.reasons, seconds)
    return found if found.wrong else replace(found, page=replace(page, pixels=np.empty((0, 0), np.uint8)))


def _groups(page: Page) -> Iterator[str]:
    """Yield the rows of the table that a stamped page counts in."""
    stamp = page.stamp
    if stamp is None:
        yield f"scan {page.scanner.kind}"
        return
    yield "all"
    yield f"mark {stamp.text}"
    yield f"ink {stamp.ink}"
    yield f"scan {page.scanner.kind}"
    yield f"frame {stamp.frame}"
    yield "on blank paper" if page.printed < _CLEAR else "on some print" if page.printed < _FULL else "on dense print"
    yield "letters below 3.5 mm" if stamp.capital_mm < 3.5 else "letters from 3.5 mm"  # noqa: PLR2004 - of the campaign


def _told(name: Kind, found: list[Outcome]) -> None:
    rows: dict[str, list[Outcome]] = defaultdict(list)
    for each in found:
        for group in dict.fromkeys(("all", *_groups(each.page))):
            rows[group].append(each)
    last = "stopped" if name == "ordinary" else "missed"
    first = "read" if name == "ordinary" else "stopped"
    sys.stdout.write(
        f"\n| {name} | pages | {first} | a person is asked | {last} | share |\n|---|---|---|---|---|---|\n"
    )
    for group in sorted(rows):
        wrong = sum(each.wrong for each in rows[group])
        asked = sum(each.asked and not each.stopped for each in rows[group])
        count = len(rows[group])
        sys.stdout.write(f"| {group} | {count} | {count - wrong - asked} | {asked} | {wrong} | {wrong / count:.1%} |\n")
    sys.stdout.flush()


def _kept(folder: Path | None, name: str, outcome: Outcome) -> None:
    """Write the part of a page that went wrong."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    pixels, dpi = outcome.page.pixels, outcome.page.dpi
    part = pixels[: round(5.5 * dpi), : round(5.2 * dpi)]
    bgr = np.ascontiguousarray(part[:, :, ::-1]) if part.ndim > 2 else part  # noqa: PLR2004 - colour
    cv2.imwrite(str(folder / f"{name}-{outcome.number:04d}.png"), bgr)


def _run(pool: ProcessPoolExecutor, name: Kind, chosen: argparse.Namespace) -> list[Outcome]:
    found = []
    made = partial(outcome, name, chosen.seed, chosen.set_name)
    for each in pool.map(made, range(getattr(chosen, name)), chunksize=4):
        found.append(each)
        if each.wrong:
            _kept(chosen.keep, name, each)
            sys.stderr.write(f"{name} {each.number}: {_said(each)}\n")
    if found:
        _told(name, found)
        seconds = sum(each.seconds for each in found) / len(found)
        sys.stdout.write(f"\n{seconds:.2f} s a page, drawing included\n")
    return found


def _said(outcome: Outcome) -> str:
    stamp, scanner = outcome.page.stamp, outcome.page.scanner
    if stamp is None:
        return f"{scanner.kind} stopped as {outcome.stopped}"
    at = f"{outcome.page.place[0]:.2f},{outcome.page.place[1]:.2f}"
    where = f"{scanner.kind} {outcome.page.dpi} dpi, on print {outcome.page.printed:.2f} at {at}"
    return f"{stamp.text} {stamp.ink} {stamp.frame} {stamp.capital_mm:.1f} mm ink {stamp.strength:.2f} {where}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.secrecy")
    parser.add_argument("--set", dest="set_name", choices=("dev", "frozen"), default="frozen")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--asked", type=int, default=500)
    parser.add_argument("--harsh", type=int, default=500)
    parser.add_argument("--ordinary", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    with ProcessPoolExecutor(chosen.jobs) as pool:
        found = {name: _run(pool, name, chosen) for name in KINDS}
    missed = any(each.wrong for each in found["asked"])
    stopped = sum(each.wrong for each in found["ordinary"])
    sys.exit(1 if missed or stopped > MOST_FALSE * len(found["ordinary"]) else 0)


if __name__ == "__main__":
    main()
