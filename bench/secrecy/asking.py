"""How often is a person asked? Drawn papers, seen by the networks alone, at several thresholds.

    python -m bench.secrecy.asking [--set dev|frozen] [--seed N] [--pages N]

Ordinary pages with their trap phrases, stamps in box 10a, stamps anywhere else on the sheet, and GIẢI MẬT in box 10a.
Nothing is read: what words would stop or ask on top is in `python -m bench.secrecy`. Prints the share of the pages on
which something is seen at least so surely, in the place of the stamp and elsewhere.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import cv2
import numpy as np

from bench.legibility.style import SetName
from bench.secrecy import phrases
from bench.secrecy.pages import Page, bold_fonts, ordinary_page, stamped_page, with_other_stamps, within_reach
from bench.secrecy.papers import ordinary
from bench.secrecy.pressing import INKS, drawn_stamp, impression, press
from bench.secrecy.scans import drawn_scanner, scanned
from ocr.decoding import decode
from ocr.frame import believed_dpi
from ocr.glance import glance_of
from ocr.letters import Seen
from ocr.rules import rules_on
from ocr.secrecy import sights_of

THRESHOLDS: Final = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995)
# Inches from the upper left corner of a sheet of A4, outside the place of box 10a.
_ELSEWHERE: Final = ((0.8, 6.2, 7.4, 11.0), (5.4, 0.8, 7.4, 5.0))
# In that place, and further from box 10a than a stamp stops by itself.
_AROUND: Final = ((3.65, 0.9, 4.2, 5.1), (0.65, 3.9, 4.2, 5.1))


def elsewhere_page(seed: int, number: int, set_name: SetName) -> Page:
    """Return a page with a secrecy stamp that does not stand in its place."""
    place = _somewhere(_ELSEWHERE, np.random.default_rng((seed, number, 4)))
    return _with_stamp(seed, number, set_name, phrases.MARKS[number % len(phrases.MARKS)], place)


def around_page(seed: int, number: int, set_name: SetName) -> Page:
    """Return a page with a secrecy stamp around box 10a, too far from it for a stop."""
    place = _somewhere(_AROUND, np.random.default_rng((seed, number, 6)))
    return _with_stamp(seed, number, set_name, phrases.MARKS[number % len(phrases.MARKS)], place)


def released_page(seed: int, number: int, set_name: SetName) -> Page:
    """Return a page with GIẢI MẬT in the place of a secrecy stamp."""
    return _with_stamp(seed, number, set_name, "GIẢI MẬT", within_reach(np.random.default_rng((seed, number, 5))))


def _somewhere(parts: tuple[tuple[float, float, float, float], ...], rng: np.random.Generator) -> tuple[float, float]:
    left, top, right, bottom = parts[int(rng.integers(len(parts)))]
    return float(rng.uniform(left, right)), float(rng.uniform(top, bottom))


def _with_stamp(seed: int, number: int, set_name: SetName, text: str, place: tuple[float, float]) -> Page:
    rng = np.random.default_rng((seed, number, 3))
    dpi = 200
    rgb = with_other_stamps(np.array(ordinary(rng, set_name, dpi)), dpi, set_name, rng)
    stamp = drawn_stamp(text, bold_fonts(set_name), rng, fresh=True)
    made = impression(stamp, dpi, rng)
    printed = press(rgb, made.ink, (place[0] * dpi, place[1] * dpi), INKS[stamp.ink], rng)
    scanner = drawn_scanner(rng, str(rng.choice(("colour", "gray"))))
    return Page(scanned(rgb, dpi, scanner, rng), dpi, scanner, stamp, printed, place)


def chances(page: Page) -> tuple[float, float]:
    """Return how surely something is seen in the place of a stamp, and elsewhere on the sheet."""
    data, scan = page.coded()
    rules = rules_on(datetime.now(UTC).date())
    secrecy = replace(rules.secrecy, seen_supports=0.0, seen_asks_elsewhere=0.0)
    glance = glance_of(decode(data, scan, rules.limits), believed_dpi(scan))
    seen = sights_of(glance, secrecy, is_sized=True)
    return _surest(seen.in_place), _surest(seen.elsewhere)


def _surest(seen: tuple[Seen, ...]) -> float:
    return seen[0].chance if seen else 0.0


def _told(name: str, found: list[tuple[float, float]]) -> None:
    for where, values in zip(("in box 10a", "elsewhere"), zip(*found, strict=True), strict=True):
        shares = (sum(value >= least for value in values) / len(values) for least in THRESHOLDS)
        cells = " | ".join(f"{share:.1%}" for share in shares)
        sys.stdout.write(f"| {name}, seen {where} | {len(values)} | {cells} |\n")
    sys.stdout.flush()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.secrecy.asking")
    parser.add_argument("--set", dest="set_name", choices=("dev", "frozen"), default="frozen")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--pages", type=int, default=100, help="stamped ones of each kind; ordinary ones: three times as many"
    )
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    seed, name, count = chosen.seed, chosen.set_name, chosen.pages
    runs: tuple[tuple[str, Callable[[int], Page], int], ...] = (
        ("ordinary pages", lambda number: ordinary_page(seed, number, name), 3 * count),
        ("stamp in box 10a", lambda number: stamped_page(seed, number, name, "asked"), count),
        ("stamp elsewhere", lambda number: elsewhere_page(seed, number, name), count),
        ("GIẢI MẬT in box 10a", lambda number: released_page(seed, number, name), count),
    )
    sys.stdout.write("| pages | number | " + " | ".join(f"≥ {each}" for each in THRESHOLDS) + " |\n")
    sys.stdout.write("|" + "---|" * (len(THRESHOLDS) + 2) + "\n")
    for kind, made, many in runs:
        started = time.process_time()
        _told(kind, [chances(made(number)) for number in range(many)])
        sys.stderr.write(f"{kind}: {(time.process_time() - started) / many:.2f} s a page, drawing included\n")


if __name__ == "__main__":
    main()
