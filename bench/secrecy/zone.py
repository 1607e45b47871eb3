"""What becomes of stamps and of ordinary papers where only box 10a stops by itself, and where all of its place does?

    python -m bench.secrecy.zone [--set dev|frozen] [--seed N] [--asked N] [--ordinary N] [--around N] [--elsewhere N]
                                 [--read]

"asked" and "ordinary" are pages of the campaign (`bench.secrecy`), "around" have their stamp in the place that it is
looked for in and too far from box 10a for a stop, "elsewhere" anywhere else. Each page is seen twice: as it is, and as
if nobody had told the size of its sheet, so that the whole place stops as it did before box 10a was in millimetres.
Seen by the networks alone, or with `--read` through the whole reading. Prints a table, and every stamp of "asked" that
is asked about now and stopped before.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Literal

import cv2

from bench.legibility.style import SetName
from bench.secrecy.asking import around_page, elsewhere_page
from bench.secrecy.pages import Page, ordinary_page, stamped_page
from dossier.page import MAY_BE_SECRET
from dossier.scan import PageScan
from ocr.decoding import decode
from ocr.doubts import doubts_of_sight
from ocr.engines.choice import start_engine
from ocr.frame import believed_dpi, tells_size
from ocr.glance import glance_of
from ocr.page import read_page
from ocr.rules import rules_on
from ocr.secrecy import mark_seen, sights_of

Fate = Literal["stopped", "asked", "read"]
FATES: Final[tuple[Fate, ...]] = ("stopped", "asked", "read")
Look = Callable[[bytes, PageScan], Fate]
_MM: Final = 25.4


def seen(data: bytes, scan: PageScan) -> Fate:
    """Return what becomes of a page by what the networks see."""
    rules = rules_on(datetime.now(UTC).date())
    glance = glance_of(decode(data, scan, rules.limits), believed_dpi(scan))
    sights = sights_of(glance, rules.secrecy, is_sized=tells_size(scan))
    if mark_seen(sights.in_box, rules.secrecy):
        return "stopped"
    asked = doubts_of_sight(sights, (glance.shape[1], glance.shape[0]), rules.secrecy)
    return "asked" if asked else "read"


def reading() -> Look:
    """Return what tells what becomes of a page that is read."""
    engine = start_engine("tesserocr")

    def read(data: bytes, scan: PageScan) -> Fate:
        found = read_page(engine, data, scan)
        return "stopped" if found.secret else "asked" if MAY_BE_SECRET in found.reasons else "read"

    return read


def fates(look: Look, page: Page) -> tuple[Fate, Fate]:
    """Return what became of a page before, and what does now."""
    data, scan = page.coded()
    now = look(data, scan)
    # All that stops in box 10a stops in the whole place.
    return ("stopped" if now == "stopped" else look(data, replace(scan, dpi_assumed=True)), now)


def _told(name: str, found: list[tuple[Fate, Fate]]) -> None:
    for when, which in (("before", 0), ("now", 1)):
        counted = Counter(each[which] for each in found)
        cells = " | ".join(f"{counted[fate]} ({counted[fate] / len(found):.1%})" for fate in FATES)
        sys.stdout.write(f"| {name} | {when} | {len(found)} | {cells} |\n")
    sys.stdout.flush()


def _turned(number: int, page: Page, before: Fate, now: Fate) -> None:
    stamp = page.stamp
    if stamp is None or before == now:
        return
    across, down = (each * _MM for each in page.place)
    sys.stdout.write(
        f"{number}: {before}, now {now}: {stamp.text} at {across:.0f}, {down:.0f} mm, capitals of "
        f"{stamp.capital_mm:.1f} mm, sheet {page.scanner.skew:+.1f} degrees\n"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.secrecy.zone")
    parser.add_argument("--set", dest="set_name", choices=("dev", "frozen"), default="dev")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read", action="store_true")
    kinds: dict[str, tuple[Callable[[int, int, SetName], Page], int]] = {
        "asked": (lambda seed, number, name: stamped_page(seed, number, name, "asked"), 120),
        "ordinary": (ordinary_page, 120),
        "around": (around_page, 60),
        "elsewhere": (elsewhere_page, 60),
    }
    for kind, (_, count) in kinds.items():
        parser.add_argument(f"--{kind}", type=int, default=count)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    look = reading() if chosen.read else seen
    sys.stdout.write(f"| pages | | number | {' | '.join(FATES)} |\n|---|---|---|---|---|---|\n")
    for kind, (made, _) in kinds.items():
        started, found = time.process_time(), []
        for number in range(getattr(chosen, kind)):
            page = made(chosen.seed, number, chosen.set_name)
            found.append(fates(look, page))
            if kind == "asked":
                _turned(number, page, *found[-1])
        if found:
            _told(kind, found)
            sys.stderr.write(f"{kind}: {(time.process_time() - started) / len(found):.2f} s a page, drawing included\n")


if __name__ == "__main__":
    main()
