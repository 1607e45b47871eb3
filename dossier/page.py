"""A page: the scan as received, the words read from it and the verdict on the reading."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

STANDS: Final = "page_stands"
"""The reason that a page carries once a person has looked and lets it stand."""
ASKED_AGAIN: Final = "asked_"
"""How the reasons of pages begin that a person wants scanned again."""
ELSEWHERE: Final = "other_dossier"
"""The reason that a page carries that seems to be another dossier's, until a person has looked."""
MAY_BE_SECRET: Final = "may_be_secret"  # noqa: S105 - the name of a reason, not a password
"""The first reason of a page that nobody reads before a person has said that its paper is no state secret."""
UNSURE_CUT: Final = "split_unsure"
"""The reason that a page carries where it is not sure whether a document begins there, until a person has looked."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, origin top left, right and bottom exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.bottom - self.top

    def moved(self, across: int, down: int) -> Box:
        """Return the box at another place."""
        return Box(self.left + across, self.top + down, self.right + across, self.bottom + down)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as read: NFC text, its box in the reading frame, confidence 0 to 100, line and block numbers.

    `raw` is what the engine gave at first where `text` is a mended or a second reading; empty where they are the same.
    """

    text: str
    box: Box
    confidence: float
    line: int
    block: int
    raw: str = ""


@dataclass(frozen=True, slots=True)
class PageTransform:
    """How the reading frame lies on the scan.

    The reading frame is the upright, deskewed page at the scan's own resolution. The scan is turned by `turn`
    degrees clockwise (0, 90, 180, 270) to be upright, then by `skew` degrees counter-clockwise about the centre
    of the turned page to have level lines. The archived image is never turned: the text layer follows it.
    """

    scan_width: int
    scan_height: int
    turn: int = 0
    skew: float = 0.0
    operations: tuple[str, ...] = ()

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height in pixels of the reading frame."""
        swapped = self.turn in (90, 270)
        return (self.scan_height, self.scan_width) if swapped else (self.scan_width, self.scan_height)

    def to_scan(self, x: float, y: float) -> tuple[float, float]:
        """Return the scan pixel position of a reading frame position."""
        width, height = self.upright_size
        x, y = _rotated(x, y, width / 2, height / 2, self.skew)
        if self.turn == 90:  # noqa: PLR2004 - quarter turns read best as degrees
            return y, width - x
        if self.turn == 180:  # noqa: PLR2004
            return width - x, height - y
        if self.turn == 270:  # noqa: PLR2004
            return height - y, x
        return x, y

    def upright_box(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """Return a rectangle on the scan as it lies on the scan shown upright: left, top, right, bottom."""
        width, height = self.upright_size
        if self.turn == 90:  # noqa: PLR2004 - quarter turns read best as degrees
            return width - bottom, left, width - top, right
        if self.turn == 180:  # noqa: PLR2004
            return width - right, height - bottom, width - left, height - top
        if self.turn == 270:  # noqa: PLR2004
            return top, height - right, bottom, height - left
        return left, top, right, bottom

    def upright_quad(self, box: Box) -> tuple[tuple[float, float], ...]:
        """Return the box's corners on the scan as it is shown upright: turned by quarters, its slant left in it."""
        width, height = self.upright_size
        corners = (
            (box.left, box.top),
            (box.right, box.top),
            (box.right, box.bottom),
            (box.left, box.bottom),
        )
        return tuple(_rotated(x, y, width / 2, height / 2, self.skew) for x, y in corners)

    def quad(self, box: Box) -> tuple[tuple[float, float], ...]:
        """Return the box's corners on the scan: top left, top right, bottom right, bottom left as read."""
        return (
            self.to_scan(box.left, box.top),
            self.to_scan(box.right, box.top),
            self.to_scan(box.right, box.bottom),
            self.to_scan(box.left, box.bottom),
        )

    def scan_box(self, box: Box) -> Box:
        """Return the smallest upright rectangle on the scan that holds the box."""
        corners = self.quad(box)
        xs = [x for x, _ in corners]
        ys = [y for _, y in corners]
        return Box(math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys)))


def lines_of(words: Iterable[Word]) -> list[tuple[Word, ...]]:
    """Return words grouped by their line numbers, lines and words in the order in which they come."""
    grouped: dict[int, list[Word]] = {}
    for word in words:
        grouped.setdefault(word.line, []).append(word)
    return [tuple(line) for line in grouped.values()]


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of one page in reading order, and what read them (engine and model with version or digest)."""

    words: tuple[Word, ...]
    engine: str
    model: str
    language: str = "vie"

    def lines(self) -> list[tuple[Word, ...]]:
        """Return the words grouped by line, in reading order."""
        return lines_of(self.words)

    def plain(self) -> str:
        """Return the text, one line per read line, an empty line between blocks."""
        out: list[str] = []
        block: int | None = None
        for line in self.lines():
            if block is not None and line[0].block != block:
                out.append("")
            block = line[0].block
            out.append(" ".join(word.text for word in line))
        return "\n".join(out)


class Verdict(StrEnum):
    """What may be done with a page as read."""

    GOOD = "good"
    LOOK = "look"  # usable, a person should look at it
    RESCAN = "rescan"  # the reading cannot be trusted
    BLANK = "blank"  # nothing on it; kept, never dropped


@dataclass(frozen=True, slots=True)
class PageCode:
    """A QR or bar code on a page.

    Attributes:
        kind: `qr`, `code128` or `code39`.
        text: What it says; of an identity card that is personal data.
        box: Where it is, in pixels of the scan.
    """

    kind: str
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageCodes:
    """All codes on a page.

    Attributes:
        found: Those that were read.
        unread: A large QR code is there that could not be read, and none that could.
        patch: A patch code is there, or its name as a bar code: a plain separator.
    """

    found: tuple[PageCode, ...] = ()
    unread: bool = False
    patch: bool = False

    def scaled(self, factor: float) -> PageCodes:
        """Return the codes with their boxes in a picture so many times as large."""
        if factor == 1.0:
            return self
        return replace(self, found=tuple(replace(code, box=_scaled(code.box, factor)) for code in self.found))


@dataclass(frozen=True, slots=True)
class PageReading:
    """All that reading one page gives.

    `reasons` are stable lower-case names that explain the verdict (for example `upside_down`, `few_words_for_ink`).
    `measures` are numbers behind it (ink share, mean confidence, words per ink). `secret` names the state-secret
    marking that was found in the place a stamp stands, or is empty. `codes` are QR and bar codes, their boxes in pixels
    of the scan. Where `secret` is set, and where `MAY_BE_SECRET` is the first of the reasons (the others say where on
    the sheet), there are neither words nor codes.
    """

    text: PageText
    transform: PageTransform
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    measures: tuple[tuple[str, float], ...] = ()
    secret: str = ""
    codes: tuple[PageCode, ...] = ()

    @property
    def may_be_secret(self) -> bool:
        """Whether a person has to say first that the paper is no state secret."""
        return MAY_BE_SECRET in self.reasons


def _scaled(box: Box, factor: float) -> Box:
    return Box(*(round(side * factor) for side in (box.left, box.top, box.right, box.bottom)))


def _rotated(x: float, y: float, cx: float, cy: float, degrees: float) -> tuple[float, float]:
    """Undo a counter-clockwise turn by `degrees` (image axes, y down) about a centre."""
    if degrees == 0.0:
        return x, y
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    dx, dy = x - cx, y - cy
    return cx + dx * cos - dy * sin, cy + dx * sin + dy * cos
