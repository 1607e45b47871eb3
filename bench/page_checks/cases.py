"""The labelled set: what a page is, what must be told of it, and what may be told besides."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from bench.legibility.conditions.fields import Rng
from bench.legibility.style import SetName
from bench.page_checks import glass, sheets
from bench.page_checks.damage import CORNERS, SIDES, without_corner, without_side
from bench.page_checks.glass import Bed, a_bed, laid, scanned
from bench.page_checks.sheets import DPI
from bench.paper import Pixels, jpeg
from dossier.scan import Encoding, PageScan

Sheet = Callable[[Rng, SetName], Pixels]


@dataclass(frozen=True, slots=True)
class Case:
    """One page.

    Attributes:
        kind: What it is.
        data: Its bytes.
        scan: What they are.
        wanted: Names of reasons one of which must be told; empty for a good page.
        allowed: Names of others that may be told: what is wrong as well, more or less.
    """

    kind: str
    data: bytes
    scan: PageScan
    wanted: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Draft:
    """A page in the making: pixels as scanned, its labels, how it is coded."""

    page: Pixels
    wanted: frozenset[str] = frozenset()
    allowed: frozenset[str] = field(default=frozenset())
    dpi: int = DPI
    is_gray: bool = False
    is_bitonal: bool = False


Make = Callable[[Rng, SetName], Draft]
CORNER: Final = frozenset({f"corner_{name}" for name in CORNERS})
CUT: Final = frozenset({f"cut_{name}" for name in SIDES})
TONE: Final = frozenset({"too_dark", "too_pale", "blown"})


def _good(sheet: Sheet) -> Make:
    def make(rng: Rng, name: SetName) -> Draft:
        return Draft(scanned(laid(sheet(rng, name), a_bed(rng), DPI), rng))

    return make


def _corner(*, torn: bool) -> Make:
    def make(rng: Rng, name: SetName) -> Draft:
        corner = CORNERS[int(rng.integers(4))]
        sheet, missing = without_corner(_some(rng, name), rng, DPI, corner, torn=torn)
        page = scanned(laid(sheet, a_bed(rng), DPI, missing), rng)
        return Draft(page, frozenset({f"corner_{corner}"}), CUT)

    return make


def _side(side: str) -> Make:
    def make(rng: Rng, name: SetName) -> Draft:
        page = laid(sheets.plain(rng, name), Bed((255, 255, 255), 0.0, float(rng.normal(0, 0.4))), DPI)
        cut = without_side(scanned(page, rng), rng, side)
        return Draft(cut, frozenset({f"cut_{side}"}), CUT)

    return make


def _skewed(rng: Rng, name: SetName) -> Draft:
    lean = float(rng.uniform(5, 13)) * float(rng.choice((-1, 1)))
    bed = Bed(glass.BEDS[int(rng.integers(len(glass.BEDS)))], float(rng.choice((0.0, 0.3, 0.8))), lean)
    return Draft(scanned(laid(_some(rng, name), bed, DPI), rng), frozenset({"skewed"}), CUT | CORNER)


def _blurred(rng: Rng, name: SetName) -> Draft:
    page = laid(_some(rng, name), a_bed(rng), DPI)
    return Draft(scanned(page, rng, soft=float(rng.uniform(2.8, 6))), frozenset({"blurred"}), TONE)


def _smeared(rng: Rng, name: SetName) -> Draft:
    page = laid(_some(rng, name), a_bed(rng), DPI)
    page = glass.smeared(page, int(rng.integers(11, 24)), across=bool(rng.random() < 0.5))  # noqa: PLR2004 - half
    return Draft(scanned(page, rng), frozenset({"blurred"}), TONE)


def _enlarged(rng: Rng, name: SetName) -> Draft:
    page = glass.enlarged(laid(_some(rng, name), a_bed(rng), DPI), DPI, int(rng.integers(70, 100)))
    return Draft(scanned(page, rng, soft=0.3), frozenset({"blurred"}))


def _dark(rng: Rng, name: SetName) -> Draft:
    page = glass.dimmed(laid(_some(rng, name), a_bed(rng), DPI), float(rng.uniform(0.12, 0.36)))
    return Draft(scanned(page, rng), frozenset({"too_dark"}))


def _pale(rng: Rng, name: SetName) -> Draft:
    page = glass.washed(sheets.text(rng, name), float(rng.uniform(0.08, 0.2)), float(rng.uniform(215, 250)))
    return Draft(scanned(page, rng), frozenset({"too_pale", "blown"}))


def _blown(rng: Rng, name: SetName) -> Draft:
    page = glass.flared(sheets.plain(rng, name), float(rng.uniform(165, 215)))
    bright = cv2.add(scanned(page, rng), np.full(page.shape, 25, np.uint8))
    return Draft(np.asarray(bright, np.uint8), frozenset({"blown", "too_pale"}))


def _coarse(rng: Rng, name: SetName) -> Draft:
    dpi = int(rng.choice((72, 96, 100, 150, 180)))
    page = scanned(laid(_some(rng, name), a_bed(rng), DPI), rng)
    small = cv2.resize(page, None, fx=dpi / DPI, fy=dpi / DPI, interpolation=cv2.INTER_AREA)
    return Draft(np.asarray(small, np.uint8), frozenset({"low_resolution"}), frozenset({"blurred"}), dpi=dpi)


def _gray(rng: Rng, name: SetName) -> Draft:
    page = scanned(laid(_some(rng, name), a_bed(rng), DPI), rng)
    return Draft(page, frozenset({"not_colour"}), is_gray=True)


def _bitonal(rng: Rng, name: SetName) -> Draft:
    page = scanned(laid(_some(rng, name), a_bed(rng), DPI), rng)
    return Draft(page, frozenset({"not_colour"}), is_bitonal=True)


def _empty(sheet: Sheet) -> Make:
    def make(rng: Rng, name: SetName) -> Draft:
        page = scanned(laid(sheet(rng, name), a_bed(rng, margin=0.0, lean=0.0), DPI), rng)
        return Draft(page, frozenset({"blank"}))

    return make


def _turned(turns: int, wanted: str) -> Make:
    def make(rng: Rng, name: SetName) -> Draft:
        page = scanned(laid(_some(rng, name), a_bed(rng), DPI), rng)
        turns_now = turns if turns == 2 else int(rng.choice((1, 3)))  # noqa: PLR2004 - half a turn
        return Draft(np.ascontiguousarray(np.rot90(page, turns_now)), frozenset({wanted}))

    return make


_SOME: Final = (sheets.plain, sheets.plain, sheets.sealed, sheets.yellowed, sheets.written, sheets.stock)


def _some(rng: Rng, name: SetName) -> Pixels:
    return _SOME[int(rng.integers(len(_SOME)))](rng, name)


GOOD: Final[dict[str, Make]] = {
    "ordinary": _good(sheets.plain),
    "sealed, signed": _good(sheets.sealed),
    "old, yellow": _good(sheets.yellowed),
    "carbon copy": _good(sheets.carbon),
    "weak toner": _good(sheets.faded),
    "needle printer": _good(sheets.needles),
    "holes, staple": _good(sheets.punched),
    "seal over the edge": _good(sheets.seamed),
    "A5": _good(sheets.half_size),
    "A5 on A4": _good(sheets.half_on_whole),
    "A3": _good(sheets.twice_size),
    "identity card on A4": _good(sheets.card),
    "map, framed": _good(sheets.drawing),
    "landscape": _good(sheets.lying),
    "back with a note": _good(sheets.back),
    "pen, form": _good(sheets.written),
    "dark photograph": _good(sheets.pictured),
    "coloured paper": _good(sheets.stock),
    "cover": _good(sheets.cover),
    "book's fold": _good(sheets.shaded),
    "dirty glass": _good(sheets.dirty),
    "creased": _good(sheets.creased),
}
BAD: Final[dict[str, Make]] = {
    "corner folded": _corner(torn=False),
    "corner torn": _corner(torn=True),
    **{f"cut {side}": _side(side) for side in SIDES},
    "askew": _skewed,
    "out of focus": _blurred,
    "moved": _smeared,
    "enlarged from 70-100 dpi": _enlarged,
    "dark": _dark,
    "pale": _pale,
    "too much light": _blown,
    "under 200 dpi": _coarse,
    "gray": _gray,
    "black and white": _bitonal,
    "empty": _empty(sheets.empty),
    "empty back": _empty(sheets.pale_back),
    "upside down": _turned(2, "upside_down"),
    "sideways": _turned(1, "sideways"),
}


def cases(count: int, seed: int, name: SetName, only: str = "") -> Iterator[Case]:
    """Yield so many pages of every kind, the same for the same seed."""
    for kind, make in {**GOOD, **BAD}.items():
        if only and only not in kind:
            continue
        for number in range(count):
            key = hashlib.sha256(f"{seed}|{kind}|{number}".encode()).digest()
            rng = np.random.default_rng(int.from_bytes(key[:8], "big"))
            yield coded(kind, make(rng, name), int(rng.integers(70, 93)))


def coded(kind: str, draft: Draft, quality: int) -> Case:
    """Return a page as its scanner writes it."""
    height, width = draft.page.shape[:2]
    gray = np.asarray(cv2.cvtColor(draft.page, cv2.COLOR_RGB2GRAY), np.uint8)
    if draft.is_bitonal:
        black = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
        data = cv2.imencode(".png", black, [cv2.IMWRITE_PNG_COMPRESSION, 3])[1].tobytes()
        scan = PageScan(Encoding.PNG, width, height, draft.dpi, draft.dpi, 1)
    else:
        data = jpeg(gray if draft.is_gray else draft.page, quality)
        scan = PageScan(Encoding.JPEG, width, height, draft.dpi, draft.dpi, 1 if draft.is_gray else 3)
    return Case(kind, data, scan, draft.wanted, draft.allowed)
