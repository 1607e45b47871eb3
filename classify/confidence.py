"""How sure a value is, as a share that comes true: evidence weighed by what was right and wrong on papers with truth.

One logistic regression for each group of fields, with an offset for each rule; `data/confidence.json`, made by
`make fit-confidence`. Nothing that was only read is as sure as what an independent source has too.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from classify.evidence import Evidence

MOST = 98.9
"""The most that a value gets for being read well."""
_UNSEEN = 0.9


@dataclass(frozen=True, slots=True)
class Weights:
    """What one group of fields weighs: a bias, a weight for each mark of evidence, offsets for rules.

    Offsets are for rules on all kinds (`rule`) and on one (`kind/rule`).
    """

    fields: tuple[str, ...]
    bias: float
    marks: Mapping[str, float]
    rules: Mapping[str, float]

    def fitted(self, said: Evidence) -> bool:
        """Return whether the weights were made with values of this rule among others."""
        return said.rule in self.rules or said.on_kind in self.rules

    def chance(self, said: Evidence) -> float:
        """Return how likely a value is right, 0 to 1."""
        score = self.bias + self.rules.get(said.rule, 0.0) + self.rules.get(said.on_kind, 0.0)
        score += sum(weight * said.marks.get(mark, 0.0) for mark, weight in self.marks.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@dataclass(frozen=True, slots=True)
class Confidence:
    """The weights of all groups; fields of no group get those of `other`.

    `places` has how often a rule finds the right place, for rules (`rule`) and for rules on a kind (`kind/rule`).
    """

    version: str
    places: Mapping[str, float]
    groups: Mapping[str, Weights]
    by_field: Mapping[str, Weights]

    def sure(self, said: Evidence) -> float:
        """Return the confidence of a value, 0 to `MOST`; what no weights are known for keeps its rule's at most."""
        weights = self.by_field.get(said.field) or self.groups.get("other")
        share = 100 * weights.chance(said) if weights else said.prior
        if weights and not weights.fitted(said):
            share = min(share, said.prior)
        return round(max(0.0, min(MOST, share)), 1)

    def placed(self, said: Evidence) -> float:
        """Return how often the rule finds the right place on papers of this kind, 0 to 1.

        That it does so on other kinds says little: where nobody has seen it on this one it is never trusted.
        """
        return self.places.get(said.on_kind, min(_UNSEEN, self.places.get(said.rule, _UNSEEN)))


@cache
def load_confidence(folder: Path) -> Confidence:
    """Return the weights of a folder (`Rules.folder`), read once per process."""
    return from_object(json.loads((folder / "data" / "confidence.json").read_text(encoding="utf-8")))


def from_object(table: Mapping[str, Any]) -> Confidence:
    """Return weights from their JSON."""
    groups = {
        name: Weights(tuple(one["fields"]), float(one["bias"]), dict(one["marks"]), dict(one["rules"]))
        for name, one in table["groups"].items()
    }
    by_field = {field: weights for weights in groups.values() for field in weights.fields}
    return Confidence(str(table["version"]), dict(table.get("places", {})), groups, by_field)
