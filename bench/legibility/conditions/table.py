"""The twenty conditions, how strong they are in each set, and how their pages are coded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bench.legibility.conditions import ink, marks, mixed, scanner
from bench.legibility.conditions.fields import Rng
from bench.legibility.style import SetName, Span
from bench.paper import Pixels

Apply = Callable[[Pixels, Rng, int, float], Pixels]
PNG: Final = ((0.0, 0.0),)


@dataclass(frozen=True, slots=True)
class Condition:
    """One way in which pages come.

    Attributes:
        name: As printed.
        apply: (rgb, rng, dpi, strength) -> rgb, pure.
        dev: Strengths of the development set.
        frozen: Strengths of the frozen set: ranges beside that of the development set, never in it.
        dev_quality: JPEG qualities; 0 is PNG.
        frozen_quality: The same of the frozen set.
        new: Whether the issue names it beside those of ocr.md.
    """

    name: str
    apply: Apply
    dev: tuple[Span, ...]
    frozen: tuple[Span, ...]
    dev_quality: tuple[Span, ...] = ((86, 90),)
    frozen_quality: tuple[Span, ...] = ((80, 84), (92, 95))
    new: bool = False

    def strengths(self, name: SetName) -> tuple[Span, ...]:
        """Return the ranges of a set."""
        return self.dev if name == "dev" else self.frozen

    def qualities(self, name: SetName) -> tuple[Span, ...]:
        """Return the JPEG qualities of a set."""
        return self.dev_quality if name == "dev" else self.frozen_quality


_NONE: Final[tuple[Span, ...]] = ((0.0, 0.0),)

CONDITIONS: Final = (
    Condition("clean", scanner.clean, _NONE, _NONE, PNG, PNG),
    Condition("turned", scanner.turned, _NONE, _NONE),
    Condition("skew", scanner.skew, ((0.8, 1.9), (3.1, 4.0)), ((0.3, 0.75), (2.0, 3.0))),
    Condition("gauss", scanner.gauss, ((9, 14), (18.5, 21)), ((5, 8.5), (14.5, 18)), PNG, PNG),
    Condition("salt", scanner.salt, ((0.004, 0.009), (0.016, 0.02)), ((0.002, 0.0035), (0.01, 0.015)), PNG, PNG),
    Condition("blur", scanner.blur, ((1.1, 1.5), (1.95, 2.1)), ((0.7, 1.05), (1.55, 1.9))),
    Condition("jpeg", scanner.clean, _NONE, _NONE, ((33, 45),), ((25, 31), (47, 58))),
    Condition("uneven_light", scanner.uneven_light, ((0.35, 0.5), (0.63, 0.7)), ((0.2, 0.33), (0.52, 0.62))),
    Condition("show_through", scanner.show_through, ((0.13, 0.20), (0.29, 0.33)), ((0.07, 0.12), (0.21, 0.28))),
    Condition("seal", marks.seal, ((1.35, 1.5), (1.8, 1.95)), ((1.15, 1.3), (1.55, 1.75))),
    Condition("faded", ink.faded, ((0.26, 0.29), (0.38, 0.48)), ((0.30, 0.37), (0.49, 0.58))),
    Condition(
        "typical",
        mixed.typical,
        ((0.3, 0.7), (1.05, 1.3)),
        ((0.05, 0.28), (0.72, 1.0)),
        ((75, 75),),
        ((72, 74), (76, 79)),
    ),
    Condition(
        "bad", mixed.bad, ((0.45, 0.7), (0.97, 1.1)), ((0.25, 0.43), (0.72, 0.95)), ((50, 50),), ((46, 49), (51, 56))
    ),
    Condition(
        "thin_strokes",
        ink.thin_strokes,
        ((0.0022, 0.0028), (0.0035, 0.0037)),
        ((0.0014, 0.002), (0.003, 0.0034)),
        new=True,
    ),
    Condition("dot_matrix", ink.dot_matrix, ((132, 146), (165, 185), (207, 225)), ((148, 162), (188, 205)), new=True),
    Condition("coloured_paper", marks.coloured_paper, ((0.9, 1.3), (2.3, 2.6)), ((0.6, 0.85), (1.4, 2.2)), new=True),
    Condition(
        "carbon_copy",
        ink.carbon_copy,
        ((0.0045, 0.0055), (0.0066, 0.0072)),
        ((0.0033, 0.0043), (0.0057, 0.0065)),
        new=True,
    ),
    Condition("ballpoint", marks.ballpoint, ((7, 10), (15, 18)), ((4, 6), (11, 14)), new=True),
    Condition(
        "photographed", mixed.photographed, ((0.025, 0.04), (0.057, 0.07)), ((0.01, 0.024), (0.042, 0.055)), new=True
    ),
    Condition("guilloche", marks.guilloche, ((0.55, 0.75), (1.02, 1.1)), ((0.35, 0.53), (0.78, 1.0)), new=True),
)
BY_NAME: Final = {condition.name: condition for condition in CONDITIONS}
