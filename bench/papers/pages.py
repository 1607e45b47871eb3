"""Set a filled template on pages: print at 600 dpi, pens, seals and signatures, then the resolution asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Final

import cv2
import numpy as np
from PIL import Image

from bench.legibility.fonts import DEV, FROZEN, Face
from bench.legibility.leaders import draw_leader
from bench.legibility.markup import Columns, Element, Form, Line, Paper, parsed
from bench.legibility.sheet import DRAWN_DPI, OutOfRoomError, Sheet
from bench.legibility.style import RANGES, Ranges, Style, style_of
from bench.legibility.truth import Truth
from bench.legibility.typeset import set_element
from bench.paper import Pixels
from bench.papers.hand import Hand, hand_of
from bench.papers.names import SetName
from bench.papers.sealing import Spot, pressed
from bench.papers.template import Filled

_A4: Final = (8.27, 11.69)
_A3_LYING: Final = (16.54, 11.69)
_INK: Final = (22, 22, 26)
_SIGNING_ROOM: Final = 2.8
_MOST_PAGES: Final = 8
_TIMES: Final[dict[SetName, tuple[str, ...]]] = {
    "train": ("Noto Serif", "TeX Gyre Schola"),
    "dev": ("Liberation Serif",),
    "frozen": ("TeX Gyre Termes", "FreeSerif"),
}
_TRAIN_TOO: Final = 2


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page before a scanner saw it: RGB pixels and what it says."""

    rgb: Pixels
    truth: Truth


@dataclass
class _Leaf:
    """A page in the making: the print, the pens' ink, where somebody signs."""

    size: tuple[float, float]
    image: Image.Image = field(init=False)
    pen: Image.Image = field(init=False)
    spots: list[Spot] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)

    def __post_init__(self) -> None:
        pixels = (round(self.size[0] * DRAWN_DPI), round(self.size[1] * DRAWN_DPI))
        self.image, self.pen = Image.new("L", pixels, 255), Image.new("L", pixels, 0)


def printed_pages(paper: Filled, name: SetName, seed: int, dpi: int) -> list[PrintedPage]:
    """Return the pages of a paper: the same pixels for the same seed.

    Raises:
        OutOfRoomError: One element is taller than a page, or there are more pages than eight.
    """
    dice = Random(f"pages|{name}|{paper.template}|{seed}")  # noqa: S311 - papers, not keys
    style = _style(name, dice)
    hand = hand_of(name, dice) if paper.by_hand else None
    source = [parsed(paper.template, part) for part in paper.body.split("\n===\n")]
    leaves = [leaf for part in source for leaf in _leaves(part, style, hand, dice)]
    if len(leaves) > _MOST_PAGES:
        raise OutOfRoomError
    colour = dice.choice(((30, 48, 150), (24, 40, 120), (46, 70, 180)))
    sealed = next((leaf for leaf in reversed(leaves) if any(spot.agency for spot in leaf.spots)), None)
    return [_finished(leaf, paper.seal if leaf is sealed else "", colour, dpi, dice) for leaf in leaves]


def _style(name: SetName, dice: Random) -> Style:
    ranges = _ranges(name)
    rng = np.random.default_rng(dice.randrange(1 << 32))
    usual = [face for face in ranges.faces if face.name in _TIMES[name]]
    face = dice.choice(usual if dice.random() < 0.6 else ranges.faces)  # noqa: PLR2004 - most offices write in Times
    return style_of(ranges, face, dice.choice(ranges.leaders), rng)


@cache
def _ranges(name: SetName) -> Ranges:
    ranges = RANGES["frozen" if name == "frozen" else "dev"]
    return Ranges(**{each: getattr(ranges, each) for each in ranges.__slots__} | {"faces": _faces(name)})


def _faces(name: SetName) -> tuple[Face, ...]:
    if name == "frozen":
        return FROZEN
    trained = {face.name for number, face in enumerate(DEV) if number % _TRAIN_TOO == 1}
    trained = (trained | set(_TIMES["train"])) - set(_TIMES["dev"]) - {"Liberation Mono"}
    return tuple(face for face in DEV if (face.name in trained) == (name == "train") and face.name != "Liberation Mono")


def _leaves(paper: Paper, style: Style, hand: Hand | None, dice: Random) -> list[_Leaf]:
    if paper.two_up:
        return [_two_up(paper, style, hand, dice)]
    leaves: list[_Leaf] = []
    for element in paper.elements:
        if not leaves:
            leaves.append(_opened(style, 1))
        try:
            _set(element, leaves[-1], hand, dice)
        except OutOfRoomError:
            leaves.append(_opened(style, len(leaves) + 1))
            _set(element, leaves[-1], hand, dice)
    return leaves


def _opened(style: Style, number: int) -> _Leaf:
    leaf = _Leaf(_A4)
    leaf.sheets.append(_sheet(leaf, style, (0.0, _A4[0])))
    if number > 1:
        sheet = leaf.sheets[0]
        sheet.write((sheet.left + sheet.right) / 2, sheet.y - sheet.step // 2, str(number), sheet.font(), "ms")
    return leaf


def _two_up(paper: Paper, style: Style, hand: Hand | None, dice: Random) -> _Leaf:
    leaf = _Leaf(_A3_LYING)
    cut = paper.elements.index(Line("break", ""))
    for half, elements in ((0, paper.elements[:cut]), (1, paper.elements[cut + 1 :])):
        leaf.sheets.append(_sheet(leaf, style, (half * _A3_LYING[0] / 2, (half + 1) * _A3_LYING[0] / 2)))
        for element in elements:
            _set(element, leaf, hand, dice)
    return leaf


def _sheet(leaf: _Leaf, style: Style, across: tuple[float, float]) -> Sheet:
    left, right = (round(edge * DRAWN_DPI) for edge in (across[0] + style.left, across[1] - style.right))
    top, bottom = round((style.top + 0.15) * DRAWN_DPI), leaf.image.height - round(0.6 * DRAWN_DPI)
    return Sheet(leaf.image, style, left, right, top, bottom, style.points)


def _set(element: Element, leaf: _Leaf, hand: Hand | None, dice: Random) -> None:
    sheet = leaf.sheets[-1]
    if isinstance(element, Columns):
        _set_columns(element, leaf)
    elif isinstance(element, Form) and hand is not None:
        _set_by_hand(element, sheet, leaf.pen, hand, dice)
    else:
        before, said = sheet.y, len(sheet.passages)
        try:
            set_element(element, sheet)
        except OutOfRoomError:
            _wipe(sheet, before, said)
            raise


def _wipe(sheet: Sheet, before: int, said: int) -> None:
    """Take back what was set of an element that did not fit: it goes to the next page as a whole."""
    top = before + sheet.step // 3
    sheet.draw.rectangle((0, top, sheet.image.width, sheet.image.height), fill=255)
    sheet.y = before
    del sheet.passages[said:]


def _set_columns(element: Columns, leaf: _Leaf) -> None:
    """Set rows, and note where the room for signatures is; the block is kept on one page."""
    sheet = leaf.sheets[-1]
    lines = sum(_SIGNING_ROOM if "%" in row else 1.0 for row in element.rows)
    if sheet.y + lines * sheet.step > sheet.bottom:
        raise OutOfRoomError
    rows: list[tuple[str, str]] = []
    for left, right in element.rows:
        if "%" not in (left, right):
            rows.append((left, right))
            continue
        if rows:
            set_element(Columns(tuple(rows)), sheet)
            rows = []
        top, middle = sheet.y, sheet.left + sheet.width * sheet.style.split
        sheet.down(_SIGNING_ROOM)
        y = (top + sheet.y) / 2
        for mark, ends, agency in ((left, (sheet.left, middle), False), (right, (middle, sheet.right), True)):
            if mark == "%":
                leaf.spots.append(Spot((ends[0] + ends[1]) / 2, y, agency))
    if rows:
        set_element(Columns(tuple(rows)), sheet)


def _set_by_hand(element: Form, sheet: Sheet, pen: Image.Image, hand: Hand, dice: Random) -> None:
    """Set a form line whose values a pen fills in; what does not fit goes on below."""
    font = sheet.font()
    pixels = round(sheet.points / 72 * DRAWN_DPI)
    x, y = float(sheet.left), sheet.down(1.15)
    ends: list[tuple[float, float, int]] = []
    for label, value in element.pieces:
        wide = font.getlength(label + " ")
        if x + wide > sheet.right:
            x, y = float(sheet.left), sheet.down(1.15)
        sheet.write(x, y, label, font)
        x += wide
        for word in (value or "").split():
            long = hand.width(word, pixels)
            if x + long > sheet.right:
                x, y = float(sheet.left), sheet.down(1.15)
            hand.write(pen, (x, y), word, pixels, dice)
            ends.append((x, x + long, y))
            x += long
        if value is not None:
            x += font.getlength("  ")
    for start, end, at in ends:
        draw_leader(sheet.draw, sheet.style.leader, (round(start), round(end)), at, font)
    if ends and ends[-1][2] == y:
        draw_leader(sheet.draw, sheet.style.leader, (round(ends[-1][1]), sheet.right), y, font)
    sheet.said(" ".join(f"{label} {value or ''}" for label, value in element.pieces))


def _finished(leaf: _Leaf, seal: str, colour: tuple[int, int, int], dpi: int, dice: Random) -> PrintedPage:
    size = (round(leaf.size[0] * dpi), round(leaf.size[1] * dpi))
    share = 1.0 - np.asarray(_smaller(leaf.image, size), np.float32) / 255
    rgb = _inked(np.full((size[1], size[0], 3), 255, np.float32), share, _INK)
    pen = np.asarray(_smaller(leaf.pen, size), np.float32) / 255
    rgb = _inked(rgb, pen * 0.9, colour)
    page = np.asarray(np.clip(rgb + 0.5, 0, 255), np.uint8)
    page = pressed(page, leaf.spots, seal, dpi / DRAWN_DPI, dpi, dice)
    return PrintedPage(page, Truth(tuple(passage for sheet in leaf.sheets for passage in sheet.passages)))


def _smaller(image: Image.Image, size: tuple[int, int]) -> cv2.typing.MatLike:
    return cv2.resize(np.asarray(image), size, interpolation=cv2.INTER_AREA)


def _inked(rgb: cv2.typing.MatLike, share: cv2.typing.MatLike, colour: tuple[int, int, int]) -> cv2.typing.MatLike:
    return np.asarray(rgb * (1.0 - share[:, :, None]) + np.asarray(colour, np.float32) * share[:, :, None], np.float32)
