"""The two kinds of page of the campaign: papers with a secrecy stamp in its place, and papers without one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np

from bench.legibility.conditions.fields import Rng
from bench.legibility.style import SetName
from bench.paper import Pixels
from bench.secrecy import phrases
from bench.secrecy.papers import FACES, ordinary
from bench.secrecy.pressing import INKS, Impression, Stamp, drawn_stamp, impression, press
from bench.secrecy.scans import Scanner, drawn_scanner, scanned
from dossier.scan import Encoding, PageScan

Harshness = Literal["asked", "harsh"]
Kind = Literal["asked", "harsh", "ordinary"]
KINDS: Final[tuple[Kind, ...]] = ("asked", "harsh", "ordinary")
BOX: Final = (52.0, 58.0)
"""Middle of box 10a in millimetres from the left and upper edge, as the layout of administrative papers has it."""
REACH: Final = 30.0
"""How far the middle of a stamp may be from it, in millimetres each way."""
_MM: Final = 25.4
_MOST_OTHERS: Final = 0.4


@dataclass(frozen=True, slots=True)
class Page:
    """A scanned page.

    Attributes:
        pixels: RGB, or gray.
        dpi: Dots per inch.
        scanner: How it was scanned.
        stamp: The secrecy stamp on it; None for an ordinary page.
        printed: Share of the stamp's rectangle that was printed on before.
        place: Middle of the stamp in inches before the page was laid on the glass.
    """

    pixels: Pixels
    dpi: int
    scanner: Scanner
    stamp: Stamp | None
    printed: float
    place: tuple[float, float]

    def coded(self) -> tuple[bytes, PageScan]:
        """Return the page as a file without further loss, and what it is."""
        colour = self.pixels.ndim > 2  # noqa: PLR2004 - colour
        bgr = np.ascontiguousarray(self.pixels[:, :, ::-1]) if colour else self.pixels
        data = cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
        height, width = self.pixels.shape[:2]
        return data, PageScan(Encoding.PNG, width, height, self.dpi, self.dpi, 3 if colour else 1)


def page_of(kind: Kind, seed: int, number: int, set_name: SetName) -> Page:
    """Return a page of the campaign, the same for the same numbers."""
    return ordinary_page(seed, number, set_name) if kind == "ordinary" else stamped_page(seed, number, set_name, kind)


def stamped_page(seed: int, number: int, set_name: SetName, harshness: Harshness) -> Page:
    """Return a page with a secrecy stamp, the same for the same numbers.

    "asked" is what the issue asks for: fresh ink of any colour, any font, frame and skew, anywhere within the reach
    of the box, as it comes on blank paper or on print; colour and gray scans. "harsh" adds weak and uneven ink and
    scans in black and white.
    """
    rng = np.random.default_rng((seed, number, 1))
    kinds, shares = (("colour", "gray"), (0.6, 0.4)) if harshness == "asked" else (("colour", "gray", "bilevel"), None)
    dpi = 200 if rng.random() < 0.7 else 300  # noqa: PLR2004 - most offices scan at 200
    rgb = with_other_stamps(np.array(ordinary(rng, set_name, dpi)), dpi, set_name, rng)
    mark = phrases.MARKS[number % len(phrases.MARKS)]
    stamp = drawn_stamp(mark, bold_fonts(set_name), rng, fresh=harshness == "asked")
    made = impression(stamp, dpi, rng)
    place = within_reach(rng)
    printed = press(rgb, made.ink, (place[0] * dpi, place[1] * dpi), INKS[stamp.ink], rng)
    scanner = drawn_scanner(rng, str(rng.choice(kinds, p=shares)))
    return Page(scanned(rgb, dpi, scanner, rng), dpi, scanner, stamp, printed, place)


def ordinary_page(seed: int, number: int, set_name: SetName) -> Page:
    """Return a page with trap phrases, other stamps and pictures, but without a secrecy stamp."""
    rng = np.random.default_rng((seed, number, 2))
    dpi = 200 if rng.random() < 0.7 else 300  # noqa: PLR2004 - most offices scan at 200
    rgb = with_other_stamps(np.array(ordinary(rng, set_name, dpi)), dpi, set_name, rng)
    scanner = drawn_scanner(rng, str(rng.choice(("colour", "gray", "bilevel"), p=(0.5, 0.3, 0.2))))
    return Page(scanned(rgb, dpi, scanner, rng), dpi, scanner, None, 0.0, (0.0, 0.0))


def with_other_stamps(rgb: Pixels, dpi: int, set_name: SetName, rng: Rng) -> Pixels:
    """Return a page with up to three stamps that are not about secrecy, some of them where a secrecy stamp stands."""
    while rng.random() < _MOST_OTHERS:
        text = phrases.OTHER_STAMPS[int(rng.integers(len(phrases.OTHER_STAMPS)))]
        stamp = drawn_stamp(text, bold_fonts(set_name), rng, fresh=bool(rng.random() < 0.7))  # noqa: PLR2004 - most
        made: Impression = impression(stamp, dpi, rng)
        place = within_reach(rng) if rng.random() < 0.6 else (rng.uniform(0.5, 6.5), rng.uniform(0.4, 5.5))  # noqa: PLR2004
        press(rgb, made.ink, (place[0] * dpi, place[1] * dpi), INKS[stamp.ink], rng)
    return rgb


def within_reach(rng: Rng) -> tuple[float, float]:
    """Return a place within the reach of box 10a, in inches."""
    x, y = (middle + float(rng.uniform(-REACH, REACH)) for middle in BOX)
    return x / _MM, y / _MM


def bold_fonts(set_name: SetName) -> tuple[Path, ...]:
    """Return the files of the bold cuts of a set, the one most like Times three times."""
    faces = FACES[set_name]
    return tuple(face.bold for face in (faces[0], faces[0], *faces))
