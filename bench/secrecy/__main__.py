"""Are secrecy stamps seen, and only they? Drawn papers through the whole reading, as the product reads them.

    python -m bench.secrecy [--set dev|frozen] [--seed N] [--asked N] [--harsh N] [--ordinary N] [--keep FOLDER]

Faces and texts of the frozen set are in no page that anything was developed or trained on; the seed makes the pages.
"asked" are stamps as the issue asks for them: fresh ink of any colour, font, frame and skew, anywhere within 30 mm of
box 10a, on blank paper or on print, in colour and gray scans. "harsh" adds weak ink and black and white scans. Ordinary
pages bear trap phrases, other stamps, tables, maps and pictures. Prints tables; ends with status 1 when a stamp as the
issue asks for is missed or more than 0.5 % of the ordinary pages are stopped. `--keep` writes what went wrong as PNG.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from bench.secrecy.pages import Page, ordinary_page, stamped_page
from ocr.engines.choice import start_engine
from ocr.engines.port import OcrEngine
from ocr.page import read_page

MOST_FALSE: Final = 0.005
_CLEAR: Final = 0.02
_FULL: Final = 0.1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page: its number, the mark that stopped it, whether a person is asked."""

    number: int
    page: Page
    stopped: str
    asked: bool


def outcomes(engine: OcrEngine, made: Callable[[int], Page], count: int) -> Iterator[Outcome]:
    """Read so many pages."""
    for number in range(count):
        page = made(number)
        data, scan = page.coded()
        reading = read_page(engine, data, scan)
        yield Outcome(number, page, reading.secret, "may_be_secret" in reading.reasons)


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


def _told(name: str, found: list[Outcome], *, stamped: bool) -> None:
    rows: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in found:
        for group in ("all", *_groups(outcome.page)) if not stamped else _groups(outcome.page):
            rows[group].append(outcome)
    what = "missed" if stamped else "stopped"
    sys.stdout.write(f"\n| {name} | pages | {what} | share | a person is asked |\n|---|---|---|---|---|\n")
    for group in sorted(rows):
        wrong = sum(_is_wrong(each, stamped=stamped) for each in rows[group])
        asked = sum(each.asked for each in rows[group])
        sys.stdout.write(f"| {group} | {len(rows[group])} | {wrong} | {wrong / len(rows[group]):.1%} | {asked} |\n")
    sys.stdout.flush()


def _is_wrong(outcome: Outcome, *, stamped: bool) -> bool:
    return not outcome.stopped if stamped else bool(outcome.stopped)


def _kept(folder: Path | None, name: str, outcome: Outcome) -> None:
    """Write the part of a page that went wrong."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    pixels, dpi = outcome.page.pixels, outcome.page.dpi
    part = pixels[: round(5.5 * dpi), : round(5.2 * dpi)]
    bgr = np.ascontiguousarray(part[:, :, ::-1]) if part.ndim > 2 else part  # noqa: PLR2004 - colour
    cv2.imwrite(str(folder / f"{name}-{outcome.number:04d}.png"), bgr)


def _run(engine: OcrEngine, name: str, made: Callable[[int], Page], count: int, keep: Path | None) -> list[Outcome]:
    started, found = time.process_time(), []
    stamped = name != "ordinary"
    for outcome in outcomes(engine, made, count):
        found.append(outcome)
        if _is_wrong(outcome, stamped=stamped):
            _kept(keep, name, outcome)
            sys.stderr.write(f"{name} {outcome.number}: {_said(outcome)}\n")
    if found:
        _told(name, found, stamped=stamped)
        sys.stdout.write(f"\n{(time.process_time() - started) / len(found):.2f} s a page, drawing included\n")
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
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    engine = start_engine("tesserocr")
    seed, name = chosen.seed, chosen.set_name
    runs: tuple[tuple[str, Callable[[int], Page], int], ...] = (
        ("asked", lambda number: stamped_page(seed, number, name, "asked"), chosen.asked),
        ("harsh", lambda number: stamped_page(seed, number, name, "harsh"), chosen.harsh),
        ("ordinary", lambda number: ordinary_page(seed, number, name), chosen.ordinary),
    )
    found = {run: _run(engine, run, made, count, chosen.keep) for run, made, count in runs}
    missed = sum(not each.stopped for each in found["asked"])
    stopped = sum(bool(each.stopped) for each in found["ordinary"])
    sys.exit(1 if missed or stopped > MOST_FALSE * len(found["ordinary"]) else 0)


if __name__ == "__main__":
    main()
