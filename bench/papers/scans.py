"""What scanners and years do to printed pages: twenty conditions for each template, sixteen of them readable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

import cv2
import numpy as np

from bench.legibility.conditions.fields import Rng, limited, noisy, softened
from bench.legibility.conditions.table import BY_NAME
from bench.legibility.style import SetName as Strengths
from bench.legibility.style import drawn
from bench.paper import Pixels, jpeg, skewed
from bench.papers.names import SetName
from bench.papers.pages import printed_pages
from bench.papers.template import Filled, Template, filled
from dossier.scan import Encoding, PageScan

READABLE: Final = (
    *("office",) * 6,
    *("skew", "skew", "uneven_light", "uneven_light", "show_through", "show_through"),
    *("clean", "jpeg", "turned", "coloured_paper"),
)
_HARD: Final = ("bad", "faded", "blur", ("photographed", "dot_matrix", "salt", "carbon_copy"))
HAND: Final = len(READABLE) + len(_HARD)
_RESOLUTIONS: Final = (300, 300, 300, 200)


@dataclass(frozen=True, slots=True)
class Item:
    """One paper of the bench; everything about it follows from these."""

    template: Template
    seed: int

    @property
    def set_name(self) -> SetName:
        """The set it belongs to."""
        return self.template.set_name

    @property
    def name(self) -> str:
        """Its name in reports and on the command line."""
        return f"{self.template.name}-{self.seed:02d}"

    @property
    def condition(self) -> str:
        """What happened to it."""
        hand = list(READABLE) + [one if isinstance(one, str) else one[self._lot() % len(one)] for one in _HARD]
        return hand[(self.seed + self._lot()) % HAND]

    @property
    def readable(self) -> bool:
        """Whether a clerk would let the scan stand."""
        return self.condition in READABLE

    @property
    def dpi(self) -> int:
        """Its resolution."""
        return _RESOLUTIONS[(self.seed * 3 + self._lot()) % len(_RESOLUTIONS)]

    def _lot(self) -> int:
        return int.from_bytes(hashlib.sha256(self.template.name.encode()).digest()[:4], "big")

    def paper(self) -> Filled:
        """Return the filled template."""
        return filled(self.template, self.seed)


def scanned_pages(item: Item) -> Iterator[tuple[bytes, PageScan]]:
    """Yield the pages of a paper as a scanner codes them, the same bytes every time."""
    cv2.setNumThreads(1)
    for number, page in enumerate(printed_pages(item.paper(), item.set_name, item.seed, item.dpi)):
        key = f"scan|{item.set_name}|{item.name}|{number}"
        rng = np.random.default_rng(int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big"))
        yield _coded(page.rgb, item, rng)


def _coded(rgb: Pixels, item: Item, rng: Rng) -> tuple[bytes, PageScan]:
    strengths: Strengths = "frozen" if item.set_name == "frozen" else "dev"
    condition = BY_NAME["typical" if item.condition == "office" else item.condition]
    strength = drawn(rng, condition.strengths(strengths))
    if item.condition == "office":
        page = _office(rgb, rng, item.dpi, strength)
    else:
        page = condition.apply(rgb, rng, item.dpi, strength)
    quality = round(drawn(rng, condition.qualities(strengths))) or _GLASS
    height, width = page.shape[:2]
    return jpeg(page, quality), PageScan(Encoding.JPEG, width, height, item.dpi, item.dpi, 3)


_GLASS: Final = 90


def _office(rgb: Pixels, rng: Rng, dpi: int, degrees: float) -> Pixels:
    """Return an ordinary colour scan: a little lean, blur and noise. Seals are on the paper already."""
    page = softened(skewed(rgb, degrees * float(rng.choice((-1.0, 1.0)))), 0.7 * dpi / 300)
    return noisy(limited(page.astype(np.float32) * 0.935 + 6), rng, 3.0)


def hands(templates: tuple[Template, ...], per_kind: int) -> list[Item]:
    """Return so many papers of each kind, spread over its templates and, in each, over the conditions."""
    kinds: dict[str, list[Template]] = {}
    for template in templates:
        kinds.setdefault(template.kind, []).append(template)
    return [Item(own[number % len(own)], number // len(own)) for own in kinds.values() for number in range(per_kind)]


def stacks(items: list[Item], seed: int) -> list[list[Item]]:
    """Return the papers shuffled into stacks of three to nine, as an unsorted box gives them."""
    dice = Random(seed)  # noqa: S311 - papers, not keys
    rest, out = list(items), []
    dice.shuffle(rest)
    while rest:
        count = dice.randint(3, 9)
        out.append(rest[:count])
        rest = rest[count:]
    return out
