"""Hold a recogniser against cases: what is right, what is wrong and asks nobody, how well it knows itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from classify.calibrating import Judged
from classify.cases import Case
from classify.extracted import ExtractedField
from classify.fields import with_evidence
from classify.kinds import classify
from classify.rules import UNKNOWN, Rules
from classify.sameness import same_value
from dossier.text import fold

_BINS: Final = 10
_NEAR: Final = 0.75
_SLACK, _SPREAD = 0.5, 0.1


@dataclass(frozen=True, slots=True)
class Score:
    """What one recogniser makes of cases.

    Attributes:
        papers: How many.
        kinds_right: Papers taken for what they are.
        kinds_sure_wrong: Papers taken for something else with a confidence that asks nobody.
        values: True values.
        values_right: Of these, read as they are.
        values_taken_wrong: Values that are wrong and would be taken without a person.
        error: Expected calibration error of the values read, in per cent.
    """

    papers: int
    kinds_right: int
    kinds_sure_wrong: int
    values: int
    values_right: int
    values_taken_wrong: int
    error: float

    def worse_than(self, other: Score) -> tuple[str, ...]:
        """Return the figures in which this recogniser is worse than another on the same cases."""
        less = ("kinds_right", "values_right")
        more = ("kinds_sure_wrong", "values_taken_wrong")
        worse = [name for name in less if getattr(self, name) < getattr(other, name)]
        worse += [name for name in more if getattr(self, name) > getattr(other, name)]
        chance = 100 * math.sqrt(_SPREAD / max(1, self.values))  # what the error of so few values differs by anyway
        return (*worse, *(["error"] if self.error > other.error + _SLACK + chance else []))


def score(cases: Iterable[Case], rules: Rules) -> Score:
    """Return how a recogniser does."""
    papers = right = sure_wrong = values = exact = taken_wrong = 0
    said: list[tuple[float, bool]] = []
    for case in cases:
        kind = classify(case.pages, rules)
        papers += 1
        right += kind.kind == case.kind
        sure_wrong += kind.kind not in (case.kind, UNKNOWN) and kind.confidence >= rules.bands.accept
        found = [field for field, _ in with_evidence(case.pages, kind.kind, rules) if field.name in case.values]
        verdicts = verdicts_of(found, case)
        values += sum(map(len, case.values.values()))
        exact += sum(verdicts)
        said += [(field.confidence, verdict) for field, verdict in zip(found, verdicts, strict=True)]
        taken_wrong += sum(
            not verdict and not field.must_confirm and field.confidence >= rules.bands.accept
            for field, verdict in zip(found, verdicts, strict=True)
        )
    return Score(papers, right, sure_wrong, values, exact, taken_wrong, reliability(said)[0])


def verdicts_of(found: Sequence[ExtractedField], case: Case) -> list[bool]:
    """Return of each value whether it is one of the true ones; each true one counts once."""
    left = {name: list(own) for name, own in case.values.items()}
    verdicts = []
    for field in found:
        own = left.get(field.name, [])
        hit = next((true for true in own if same_value(field.name, field.value, true)), None)
        if hit is not None:
            own.remove(hit)
        verdicts.append(hit is not None)
    return verdicts


def judged(cases: Iterable[Case], rules: Rules) -> Iterator[Judged]:
    """Yield each value that is read of cases, with its evidence and whether it is true."""
    for case in cases:
        found = [
            (field, said)
            for field, said in with_evidence(case.pages, classify(case.pages, rules).kind, rules)
            if field.name in case.values
        ]
        verdicts = verdicts_of([field for field, _ in found], case)
        for (field, said), right in zip(found, verdicts, strict=True):
            placed = right or any(near(field.value, true) for true in case.values[field.name])
            yield Judged(said, right, placed)


def near(read: str, true: str) -> bool:
    """Return whether a value may be the true one misread."""
    return SequenceMatcher(None, fold(read), fold(true), autojunk=False).ratio() >= _NEAR


def reliability(said: Iterable[tuple[float, bool]]) -> tuple[float, list[tuple[float, float, int]]]:
    """Return the expected calibration error in per cent, and for each tenth: mean confidence, share right, count."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, right in said:
        bins[min(_BINS - 1, int(confidence / 100 * _BINS))].append((confidence, right))
    curve = [
        (sum(sure for sure, _ in own) / len(own), 100 * sum(right for _, right in own) / len(own), len(own))
        for own in bins
        if own
    ]
    count = max(1, sum(of for _, _, of in curve))
    return sum(abs(mean - right) * of for mean, right, of in curve) / count, curve
