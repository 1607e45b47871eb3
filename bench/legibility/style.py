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
    spaces: tuple[Span, ...]
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
    spaces: float
    justified: bool


RANGES: Final[dict[SetName, Ranges]] = {
    "dev": Ranges(
        faces=DEV,
        leaders=(
            *("dots", "spaced", "ellipsis", "solid_under", "hyphens", "sparse"),
            *("dots_under", "near", "long_dashes", "close_under", "thick_line"),
        ),
        points=(10.5, 12.0, 13.0, 13.5, 14.5),
        spacing=((1.08, 1.16), (1.28, 1.42), (1.58, 1.66)),
        left=((0.72, 0.83), (1.0, 1.15), (1.37, 1.45)),
        right=((0.42, 0.48), (0.60, 0.70), (0.88, 0.95)),
        top=((0.40, 0.53), (0.80, 0.95)),
        indent=((0.15, 0.25), (0.35, 0.45), (0.58, 0.65)),
        cell=((0.024, 0.028), (0.050, 0.070), (0.094, 0.105)),
        rule=((0.0025, 0.0036), (0.008, 0.011), (0.018, 0.022)),
        split=((0.37, 0.395), (0.43, 0.46), (0.50, 0.52)),
        spaces=((0.85, 0.95), (1.1, 1.9)),
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
        spaces=((1.0, 1.0),),
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
    spaces = drawn(rng, ranges.spaces)
    return Style(face, leader, points, spacing, left, right, top, indent, cell, rule, split, spaces, ranges.justified)
