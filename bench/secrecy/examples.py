"""What the network learns from: where secrecy stamps stand, on drawn papers to develop on, with and without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from bench.legibility.conditions.fields import Rng
from bench.legibility.style import SetName
from bench.paper import Pixels
from bench.secrecy import phrases
from bench.secrecy.pages import bold_fonts, with_other_stamps
from bench.secrecy.papers import ordinary
from bench.secrecy.pressing import INKS, drawn_stamp, impression, press
from bench.secrecy.scans import KINDS, drawn_scanner, scanned
from ocr.glance import GLANCE_DPI, glance_of

ZONE: Final = (0.62, 0.5)
"""Shares of the page's width and height that examples show."""
_SET: Final[SetName] = "dev"

Place = tuple[float, float, float, int]
"""Middle of the word MẬT and height of its capitals in pixels of the example, and which mark it ends."""


@dataclass(frozen=True, slots=True)
class Example:
    """The upper left of a scanned page at a glance, and the secrecy stamps on it."""

    pixels: Pixels
    places: tuple[Place, ...]


def examples(seed: int, count: int) -> Iterator[Example]:
    """Yield for each of so many papers one example without a secrecy stamp and two with some."""
    for number in range(count):
        rng = np.random.default_rng((seed, number, 3))
        dpi = 200 if rng.random() < 0.8 else 300  # noqa: PLR2004 - most offices scan at 200
        page = np.asarray(ordinary(rng, _SET, dpi))
        zone = np.array(page[: round(ZONE[1] * len(page)), : round(ZONE[0] * page.shape[1])])
        for stamps in (0, 1 + int(rng.integers(2)), 1 + int(rng.integers(3))):
            yield _example(zone.copy(), dpi, stamps, rng)


def _example(rgb: Pixels, dpi: int, stamps: int, rng: Rng) -> Example:
    rgb = with_other_stamps(rgb, dpi, _SET, rng)
    found = []
    for number in range(stamps):
        fresh = bool(rng.random() < 0.6)  # noqa: PLR2004 - most
        kind = int(rng.integers(len(phrases.MARKS)))
        stamp = drawn_stamp(phrases.MARKS[kind], bold_fonts(_SET), rng, fresh=fresh)
        made = impression(stamp, dpi, rng)
        height, width = rgb.shape[:2]
        x = float(rng.uniform(0.4 * dpi, width - 0.8 * dpi))
        y = float(rng.uniform(0.35, 0.95) * height / stamps + number * height / stamps)
        press(rgb, made.ink, (x, y), INKS[stamp.ink], rng)
        left, top = round(x - made.ink.shape[1] / 2), round(y - made.ink.shape[0] / 2)
        word_x, word_y, capital = made.last_word
        found.append((left + word_x, top + word_y, capital, kind))
    scanner = drawn_scanner(rng, KINDS[int(rng.choice(3, p=(0.45, 0.35, 0.2)))])
    pixels = scanned(rgb, dpi, scanner, rng)
    bgr = pixels[:, :, ::-1] if pixels.ndim > 2 else np.repeat(pixels[:, :, None], 3, axis=2)  # noqa: PLR2004 - colour
    small = glance_of(np.ascontiguousarray(bgr), (dpi, dpi))
    places = [_laid(place, scanner.skew, rgb.shape, GLANCE_DPI / dpi) for place in found]
    return Example(small, tuple(places))


def _laid(place: Place, degrees: float, shape: tuple[int, ...], factor: float) -> Place:
    """Return where a place is after the page was laid crooked on the glass and made small."""
    x, y, capital, kind = place
    middle_x, middle_y = (shape[1] - 1) / 2, (shape[0] - 1) / 2
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    across, down = x - middle_x, y - middle_y
    turned_x, turned_y = middle_x + cos * across - sin * down, middle_y + sin * across + cos * down
    return float(turned_x) * factor, float(turned_y) * factor, capital * factor, kind
