"""What the networks learn from: pieces of scanned pages to develop on, with and without secrecy stamps, at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from bench.legibility.conditions.fields import Rng
from bench.legibility.style import SetName
from bench.paper import Pixels
from bench.papers.pages import printed_pages
from bench.papers.template import filled, templates
from bench.secrecy import phrases
from bench.secrecy.pages import bold_fonts
from bench.secrecy.papers import ordinary
from bench.secrecy.pressing import INKS, Impression, drawn_stamp, impression, press
from bench.secrecy.scans import KINDS, drawn_scanner, scanned
from ocr.glance import GLANCE_DPI, glance_of

PIECE: Final = (2.6, 3.9)
"""Height and width of a piece in inches."""
ZONE: Final = (0.62, 0.5)
"""Shares of the page's width and height that pieces are taken from: box 10a and what is around it."""
_SHEET: Final = (1.0, 1.0)
_SET: Final[SetName] = "dev"
_PIECES: Final = 8
_WITHOUT: Final = 3
_SCANS: Final = (0.48, 0.35, 0.17)

Place = tuple[float, float, float, int]
"""Middle of the word MẬT and height of its capitals in pixels of the example, and which mark it ends."""


@dataclass(frozen=True, slots=True)
class Example:
    """A piece of a scanned page at a glance, and the secrecy stamps on it."""

    pixels: Pixels
    places: tuple[Place, ...]


def examples(seed: int, papers: Iterable[int], *, of_dossiers: bool = False) -> Iterator[Example]:
    """Yield eight pieces of each of these papers, three of them without a secrecy stamp.

    Args:
        seed: Makes other papers.
        papers: Their numbers.
        of_dossiers: Of papers as dossiers have them (`bench.papers`), whole sheets with seals and signatures, most
            pieces without a stamp; else of papers full of traps, around box 10a.
    """
    for number in papers:
        rng = np.random.default_rng((seed, number, 3))
        dpi = 200 if rng.random() < 0.8 else 300  # noqa: PLR2004 - most offices scan at 200
        page = _of_dossier(rng, dpi) if of_dossiers else np.asarray(ordinary(rng, _SET, dpi))
        without, zone = (_PIECES - _WITHOUT, _SHEET) if of_dossiers else (_WITHOUT, ZONE)
        for piece in range(_PIECES):
            stamps = 0 if piece < without else 1 + int(rng.integers(2))
            yield _example(_cut(page, dpi, zone, rng), dpi, stamps, rng)


def _of_dossier(rng: Rng, dpi: int) -> Pixels:
    known = templates("train")
    seed = int(rng.integers(1_000_000))
    pages = printed_pages(filled(known[int(rng.integers(len(known)))], seed), "train", seed, dpi)
    return pages[int(rng.integers(len(pages)))].rgb


def _cut(page: Pixels, dpi: int, zone: tuple[float, float], rng: Rng) -> Pixels:
    """Return a piece of a page, often one at its edge."""
    height, width = (round(side * dpi) for side in PIECE)
    most = (round(zone[1] * page.shape[0]), round(zone[0] * page.shape[1]))
    top, left = (
        int(np.clip(rng.uniform(-0.15, 1) * (end - side), 0, None))
        for end, side in zip(most, (height, width), strict=True)
    )
    return np.array(page[top : top + height, left : left + width])


def _example(rgb: Pixels, dpi: int, stamps: int, rng: Rng) -> Example:
    while rng.random() < (0.35 if stamps else 0.65):
        _pressed(rgb, _other_text(rng), dpi, rng)
    found = [(*_pressed(rgb, phrases.MARKS[kind], dpi, rng), kind) for kind in _kinds(stamps, rng)]
    scanner = drawn_scanner(rng, KINDS[int(rng.choice(3, p=_SCANS))])
    pixels = scanned(rgb, dpi, scanner, rng)
    gray = pixels if pixels.ndim == 2 else pixels[:, :, ::-1]  # noqa: PLR2004 - without colour
    small = glance_of(np.ascontiguousarray(gray), (dpi, dpi))
    places = [_laid(place, scanner.skew, rgb.shape, GLANCE_DPI / dpi) for place in found]
    return Example(small, tuple(places))


def _kinds(stamps: int, rng: Rng) -> list[int]:
    return [int(rng.integers(len(phrases.MARKS))) for _ in range(stamps)]


def _other_text(rng: Rng) -> str:
    """Return what another stamp says: one of an office's, one that looks like a mark, or any words in capitals."""
    chance = rng.random()
    if chance < 0.35:  # noqa: PLR2004 - of the training
        return phrases.OTHER_STAMPS[int(rng.integers(len(phrases.OTHER_STAMPS)))]
    if chance < 0.65:  # noqa: PLR2004 - of the training
        return phrases.ALIKE[int(rng.integers(len(phrases.ALIKE)))]
    words = [word.strip(",.;:%()") for word in " ".join(phrases.SENTENCES).upper().split()]
    chosen = [words[int(rng.integers(len(words)))] for _ in range(int(rng.integers(1, 4)))]
    return " ".join(chosen) if chosen[-1] != phrases.MARKS[0] else "SAO LỤC"


def _pressed(rgb: Pixels, text: str, dpi: int, rng: Rng) -> tuple[float, float, float]:
    """Press a stamp anywhere; returns where its last word stands and how high its capitals are."""
    stamp = drawn_stamp(text, bold_fonts(_SET), rng, fresh=bool(rng.random() < 0.6))  # noqa: PLR2004 - most
    made = _cut_otherwise(impression(stamp, dpi, rng), rng)
    height, width = rgb.shape[:2]
    x = float(rng.uniform(0.1, 0.95) * width)
    y = float(rng.uniform(0.06, 0.94) * height)
    press(rgb, made.ink, (x, y), INKS[stamp.ink], rng)
    left, top = round(x - made.ink.shape[1] / 2), round(y - made.ink.shape[0] / 2)
    word_x, word_y, capital = made.last_word
    return left + word_x, top + word_y, capital


def _cut_otherwise(made: Impression, rng: Rng) -> Impression:
    """Return a stamp as other makers would have cut it: narrower or wider, with thinner or fatter letters."""
    ink, (x, y, capital) = made.ink, made.last_word
    if rng.random() < 0.6:  # noqa: PLR2004 - of the training
        wide = float(rng.uniform(0.78, 1.2))
        ink = cv2.resize(ink, None, fx=wide, fy=1.0, interpolation=cv2.INTER_LINEAR)
        x *= wide
    if capital >= 24 and rng.random() < 0.4:  # noqa: PLR2004 - smaller letters would be lost
        strokes = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
        change = cv2.dilate if rng.random() < 0.6 else cv2.erode  # noqa: PLR2004 - of the training
        ink = change(ink, strokes)
    return replace(made, ink=np.asarray(ink, np.float32), last_word=(x, y, capital))


def _laid(place: tuple[float, float, float, int], degrees: float, shape: tuple[int, ...], factor: float) -> Place:
    """Return where a place is after the page was laid crooked on the glass and made small."""
    x, y, capital, kind = place
    middle_x, middle_y = (shape[1] - 1) / 2, (shape[0] - 1) / 2
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    across, down = x - middle_x, y - middle_y
    turned_x, turned_y = middle_x + cos * across - sin * down, middle_y + sin * across + cos * down
    return float(turned_x) * factor, float(turned_y) * factor, capital * factor, kind
