"""How the papers of a set are laid out. No range and no leader of one set is in the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from bench.legibility.fonts import DEV, FROZEN, Face

SetName = Literal["dev", "frozen"]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ranges:
    """What the layouts of one set are drawn from: points, multiples of the type size, inches."""

    faces: tuple[Face, ...]
    leaders: tuple[str, ...]
    points: tuple[float, ...]
    spacing: tuple[Span, ...]
    left: tuple[Span, ...]
    right: tuple[Span, ...]
    top: tuple[Span, ...]
    indent: tuple[Span, ...]
    cell: tuple[Span, ...]
    rule: tuple[Span, ...]
    split: tuple[Span, ...]
    justified: bool


@dataclass(frozen=True, slots=True)
class Style:
    """The layout of one page."""

    face: Face
    leader: str
    points: float
    spacing: float
    left: float
    right: float
    top: float
    indent: float
    cell: float
    rule: float
    split: float
    justified: bool


RANGES: Final[dict[SetName, Ranges]] = {
    "dev": Ranges(
        faces=DEV,
        leaders=("dots", "spaced", "ellipsis", "solid_under"),
        points=(12.0, 13.0, 13.5),
        spacing=((1.28, 1.42),),
        left=((1.0, 1.15),),
        right=((0.60, 0.70),),
        top=((0.80, 0.95),),
        indent=((0.35, 0.45),),
        cell=((0.050, 0.070),),
        rule=((0.008, 0.011),),
        split=((0.43, 0.46),),
        justified=False,
    ),
    "frozen": Ranges(
        faces=FROZEN,
        leaders=("dense", "underscore", "touching", "dashes", "centred", "dotted_under"),
        points=(11.0, 11.5, 12.5, 14.0),
        spacing=((1.18, 1.26), (1.45, 1.55)),
        left=((0.85, 0.97), (1.18, 1.35)),
        right=((0.50, 0.58), (0.72, 0.85)),
        top=((0.55, 0.75),),
        indent=((0.0, 0.0), (0.48, 0.55)),
        cell=((0.030, 0.045), (0.075, 0.090)),
        rule=((0.004, 0.006), (0.013, 0.017)),
        split=((0.40, 0.42), (0.47, 0.49)),
        justified=True,
    ),
}


def drawn(rng: np.random.Generator, spans: tuple[Span, ...]) -> float:
    """Return a value from one of some spans."""
    low, high = spans[int(rng.integers(len(spans)))]
    return float(rng.uniform(low, high))


def style_of(ranges: Ranges, face: Face, leader: str, rng: np.random.Generator) -> Style:
    """Return a layout out of a set's ranges."""
    spans = (ranges.spacing, ranges.left, ranges.right, ranges.top, ranges.indent, ranges.cell, ranges.rule)
    points = ranges.points[int(rng.integers(len(ranges.points)))]
    spacing, left, right, top, indent, cell, rule = (drawn(rng, each) for each in spans)
    split = drawn(rng, ranges.split)
    return Style(face, leader, points, spacing, left, right, top, indent, cell, rule, split, ranges.justified)
