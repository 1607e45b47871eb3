"""Are separator sheets read, and only they? Sheets through what scanners and offices do, then pages without a code.

    python -m bench.separators [--sheets N] [--pages N] [--seed N]

Sheets are those of `hososo separators`, at 300 dpi gray. Levels are those of the storage reference: 0 clean, 3 blur of
3 px, noise of 40 gray levels, 3 % salt and pepper, 6 degrees; 1 and 2 are a third and two thirds of that. Prints what
was read and milliseconds a page, in this process; ends with status 1 when at level 2 fewer than 99 % are read, or any
page without a code gives one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean
from typing import Final

import cv2
import numpy as np
import pypdfium2 as pdfium

from bench.codeless import codeless
from bench.paper import Pixels
from dossier.page import PageCodes
from dossier.separators import Separator, SheetKind, parse_separator
from ocr.codes import codes_on
from reports.printed.separators import SeparatorSheet, separators_pdf

DPI: Final = 300
KEY: Final = bytes(range(32))
LEAST: Final = 0.99
_LEVEL: Final = 2
_MADE: Final = datetime(2026, 11, 23, tzinfo=UTC)
_COMPONENTS: Final = ("", "GIAY_KHAI_SINH", "TO-KHAI", "HO_KHAU_2", "a1")

Damage = Callable[[Pixels, np.random.Generator], Pixels]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sheet as it comes out of the printer."""

    separator: Separator
    gray: Pixels


def sheets(count: int, seed: int = 1) -> list[Drawn]:
    """Return sheets for dossiers of many kinds of code, and a box now and then."""
    rng = np.random.default_rng(seed)
    said = [_separator(index, rng) for index in range(count)]
    document = pdfium.PdfDocument(separators_pdf([SeparatorSheet(one) for one in said], KEY, _MADE))
    try:
        return [
            Drawn(one, np.asarray(document[at].render(scale=DPI / 72, grayscale=True).to_pil().convert("L"), np.uint8))
            for at, one in enumerate(said)
        ]
    finally:
        document.close()


def degraded(gray: Pixels, level: int, rng: np.random.Generator) -> Pixels:
    """Return a sheet as a scan of a level of the storage reference."""
    if level == 0:
        return gray
    share = level / 3
    out = turned(gray, float(rng.uniform(-6, 6)) * share)
    out = np.asarray(cv2.GaussianBlur(out, (0, 0), 3 * share), np.uint8)
    grain = out.astype(np.float32) + rng.normal(0, 40 * share, out.shape).astype(np.float32)
    out = np.clip(grain, 0, 255).astype(np.uint8)
    chance = rng.random(out.shape, np.float32)
    out[chance < 0.015 * share] = 0
    out[chance > 1 - 0.015 * share] = 255
    return out


def turned(gray: Pixels, degrees: float) -> Pixels:
    """Return a sheet fed askew."""
    height, width = gray.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(gray, matrix, (width, height), borderValue=(255,)), np.uint8)


def torn(gray: Pixels, corners: int) -> Pixels:
    """Return a sheet without so many of its corners, as they look on a dark scanner bed."""
    out = gray.copy()
    height, width = out.shape
    reach = round(2.6 * DPI)
    places = ((0, 0), (width, 0), (0, height), (width, height))
    for x, y in places[:corners]:
        triangle = np.asarray([[x, y], [abs(x - 2 * reach), y], [x, abs(y - 2 * reach)]], np.int32)
        cv2.fillConvexPoly(out, triangle, (40,))
    return out


def stained(gray: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a sheet with blots, some of them on its codes."""
    out = gray.copy()
    height, width = out.shape
    for _ in range(12):
        place = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        cv2.circle(out, place, int(rng.integers(20, 90)), (int(rng.integers(30, 120)),), -1)
    return out


def copied(gray: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a bad copy: 100 dpi, black and white, specks."""
    small = cv2.resize(gray, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)
    _, black = cv2.threshold(small, 150, 255, cv2.THRESH_BINARY)
    out = np.asarray(cv2.resize(black, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_NEAREST), np.uint8)
    out[rng.random(out.shape, np.float32) < 0.01] = 0  # noqa: PLR2004 - a hundredth
    return out


def spoiled(gray: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a sheet on whose codes somebody has tried a felt pen: their corners are left, what they say is not."""
    out = gray.copy()
    height, width = out.shape
    side, edge = round(36 / 25.4 * DPI), round(16 / 25.4 * DPI)
    for x in (edge, width - edge - side):
        for y in (edge, height - edge - side):
            for _ in range(40):
                ends = rng.integers(side // 3, side * 19 // 20, 4)
                cv2.line(out, (x + int(ends[0]), y + int(ends[1])), (x + int(ends[2]), y + int(ends[3])), (20,), 14)
    return out


CONDITIONS: Final[dict[str, Damage]] = {
    "level 0": lambda gray, rng: degraded(gray, 0, rng),
    "level 1": lambda gray, rng: degraded(gray, 1, rng),
    "level 2": lambda gray, rng: degraded(gray, _LEVEL, rng),
    "level 3": lambda gray, rng: degraded(gray, 3, rng),
    "upside down, level 1": lambda gray, rng: degraded(np.ascontiguousarray(gray[::-1, ::-1]), 1, rng),
    "sideways, level 1": lambda gray, rng: degraded(np.ascontiguousarray(np.rot90(gray)), 1, rng),
    "one corner torn, level 2": lambda gray, rng: degraded(torn(gray, 1), _LEVEL, rng),
    "three corners torn, level 2": lambda gray, rng: degraded(torn(gray, 3), _LEVEL, rng),
    "stained, level 1": lambda gray, rng: degraded(stained(gray, rng), 1, rng),
    "bad copy of 100 dpi": copied,
    "all four codes scribbled over": spoiled,
}


@dataclass(slots=True)
class Tally:
    """What became of the sheets of one condition; `wrong` codes are ours in form and say something else."""

    read: int = 0
    hinted: int = 0
    wrong: int = 0
    count: int = 0
    milliseconds: float = 0.0


def measured(drawn: list[Drawn], damage: Damage, seed: int) -> Tally:
    """Read sheets after some damage."""
    tally = Tally()
    times = []
    for at, sheet in enumerate(drawn):
        page = damage(sheet.gray, np.random.default_rng((seed, at)))
        found, spent = _timed(page)
        times.append(spent)
        said = {one.separator for code in found.found if (one := parse_separator(code.text)) and one.confirmed_by(KEY)}
        tally.count += 1
        tally.read += sheet.separator in said
        tally.wrong += bool(said - {sheet.separator})
        tally.hinted += sheet.separator not in said and (found.unread or found.patch)
    tally.milliseconds = fmean(times)
    return tally


def false_reads(count: int, seed: int) -> Iterator[tuple[str, PageCodes, float]]:
    """Yield for each page without a code what it is, what was read of it, and milliseconds."""
    for kind, page in codeless(count, seed):
        found, spent = _timed(page)
        yield kind, found, spent


def _timed(page: Pixels) -> tuple[PageCodes, float]:
    started = time.perf_counter()
    found = codes_on(page, DPI)
    return found, (time.perf_counter() - started) * 1000


def _separator(index: int, rng: np.random.Generator) -> Separator:
    if index % 20 == 19:  # noqa: PLR2004 - one of twenty
        return Separator(SheetKind.BOX, f"Kho {rng.integers(1, 9)}/Giá {rng.integers(1, 40)}/Hộp {index}")
    agency = ("H15.50.05.13", "000.00.15.H40", "G12", "H99.27.14")[index % 4]
    code = f"{agency}-26{rng.integers(1, 13):02}{rng.integers(1, 29):02}-{rng.integers(0, 10_000):04}"
    return Separator(SheetKind.DOSSIER, code, _COMPONENTS[index % len(_COMPONENTS)])


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.separators")
    parser.add_argument("--sheets", type=int, default=200)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    drawn = sheets(options.sheets, options.seed)
    failed = False
    sys.stdout.write(f"| {options.sheets} sheets | read | not read, told | not read, not told | wrong | ms a page |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    for name, damage in CONDITIONS.items():
        tally = measured(drawn, damage, options.seed)
        silent = tally.count - tally.read - tally.hinted
        row = f"{tally.read / tally.count:.1%} | {tally.hinted} | {silent} | {tally.wrong}"
        sys.stdout.write(f"| {name} | {row} | {tally.milliseconds:.0f} |\n")
        sys.stdout.flush()
        failed |= tally.wrong > 0 or (name == f"level {_LEVEL}" and tally.read < LEAST * tally.count)
    failed |= _told_of_codeless(options.pages, options.seed)
    sys.exit(1 if failed else 0)


def _told_of_codeless(count: int, seed: int) -> bool:
    """Print what pages without a code gave; return whether it was anything."""
    rows: dict[str, list[tuple[PageCodes, float]]] = {}
    for kind, found, spent in false_reads(count, seed):
        rows.setdefault(kind, []).append((found, spent))
    sys.stdout.write("\n| pages without a code | pages | false codes | false patches | false hints | ms a page |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    wrong = 0
    for kind, each in rows.items():
        codes, patches, hints = (
            sum(bool(getattr(found, what)) for found, _ in each) for what in ("found", "patch", "unread")
        )
        wrong += codes + patches
        spent = fmean(one for _, one in each)
        sys.stdout.write(f"| {kind} | {len(each)} | {codes} | {patches} | {hints} | {spent:.0f} |\n")
    return wrong > 0


if __name__ == "__main__":
    main()
