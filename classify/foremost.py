"""Whether the likeliest of what a paper has is a field's value, judged among the others and by what such papers have.

What stands around a value in a wording that nobody knew says little of anything: the right day of an appointment gets a
chance of a quarter, and every other day of the paper one of a hundredth. That it is so far before the next, and that
papers of the kind nearly always have such a day, makes it the one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_BOUND: Final = 12.0
ANY: Final = ""
"""The kind whose shares stand for kinds that are not among those trained on."""


@dataclass(frozen=True, slots=True)
class Foremost:
    """Weights of each field (bias, score, lead, habit), and the habit of each kind: log odds of having the field."""

    weights: Mapping[str, tuple[float, ...]]
    habits: Mapping[str, Mapping[str, float]]

    def chance(self, field: str, kind: str, own: float, after: float | None) -> float:
        """Return how likely the likeliest value of a paper is the field's, 0 to 1.

        Args:
            field: Name of the field; of one that has no weights the chance stays as it is.
            kind: Code of the document's kind.
            own: Its chance by what stands around it.
            after: The chance of the likeliest other value; None where there is none: then nothing is told by its lead.
        """
        habits = self.habits.get(kind) or self.habits.get(ANY)
        if field not in self.weights or habits is None or after is None:
            return own
        said = evidence(score(own), score(after), habits[field])
        return 1 / (1 + math.exp(-self.odds(field, said)))

    def odds(self, field: str, said: tuple[float, float, float]) -> float:
        """Return the log odds that evidence gives a field that has weights."""
        bias, *weights = self.weights[field]
        return bias + sum(weight * one for weight, one in zip(weights, said, strict=True))


def score(chance: float) -> float:
    """Return the log odds of a chance, bounded."""
    held = min(max(chance, 1e-9), 1 - 1e-9)
    return math.log(held / (1 - held))


def evidence(own: float, after: float, habit: float) -> tuple[float, float, float]:
    """Return what the weights are of: the score, how far it is before the next, the kind's habit."""
    own = min(max(own, -_BOUND), _BOUND)
    return own, min(own - max(after, -_BOUND), _BOUND), habit
