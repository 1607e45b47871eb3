"""Fit the weights of confidence: logistic regressions by group of fields, drawn towards weights that were there before.

Plain arithmetic without a training library, so that an office can fit its own confirmed papers where they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.confidence import Confidence, Weights, from_object
from classify.evidence import Evidence

Floats = NDArray[np.float64]
_OTHER = "other"
_STEPS = 60
_ENOUGH = 1e-7
# How strongly weights are drawn to where they start: the first fit to these, a later one to what it finds.
_USUAL = {
    "read": 1.0,
    "read_badly": -4.0,
    "hardly_read": -4.0,
    "least_badly": -2.0,
    "repaired": -2.0,
    "agrees": 1.0,
    "contradicts": -3.0,
}
_PULL_BIAS, _PULL_MARK, _PULL_RULE = 0.05, 2.0, 3.0
_PULL_KNOWN = 8.0
_PULL_PLACE, _PULL_KNOWN_PLACE, _PLACED = 4.0, 20.0, 0.95


@dataclass(frozen=True, slots=True)
class Judged:
    """A value that was read, by its evidence; whether it was the true one, and at least stood in the right place."""

    said: Evidence
    right: bool
    placed: bool


def fitted(judged: Sequence[Judged], groups: Mapping[str, tuple[str, ...]], before: Confidence | None) -> Confidence:
    """Return weights fitted to judged values.

    Args:
        judged: Of as many papers as there are.
        groups: Which fields are fitted together; fields of no group are fitted as `other`.
        before: Weights to start from and to stay near to, None to start from nothing.
    """
    home = {field: name for name, fields in groups.items() for field in fields}
    by_group: dict[str, list[Judged]] = {}
    for one in judged:
        by_group.setdefault(home.get(one.said.field, _OTHER), []).append(one)
    table = {
        name: _as_object(_weights(tuple(groups.get(name, ())), by_group[name], _present(before, name)))
        for name in sorted(by_group)
    }
    if before is not None:
        table |= {name: _as_object(weights) for name, weights in before.groups.items() if name not in table}
    places = _places(judged, before.places if before is not None else {})
    digest = hashlib.sha256(json.dumps([table, places], sort_keys=True).encode()).hexdigest()
    return from_object({"version": f"sure-{digest[:12]}", "places": places, "groups": table})


def as_json(model: Confidence) -> str:
    """Return weights as `data/confidence.json` has them."""
    groups = {name: _as_object(weights) for name, weights in sorted(model.groups.items())}
    table = {"version": model.version, "places": dict(model.places), "groups": groups}
    return json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _places(judged: Sequence[Judged], before: Mapping[str, float]) -> dict[str, float]:
    """Return how often rules find the right place; few papers say little, and what was known before counts as some."""
    found = dict(before) | _hits([(one.said.rule, one.placed, _PLACED) for one in judged], before)
    of_kinds = [(one.said.on_kind, one.placed, found[one.said.rule]) for one in judged]
    return dict(sorted((found | _hits(of_kinds, before)).items()))


def _hits(said: Sequence[tuple[str, bool, float]], before: Mapping[str, float]) -> dict[str, float]:
    counts: dict[str, list[float]] = {}
    for key, placed, usual in said:
        weight = _PULL_KNOWN_PLACE if key in before else _PULL_PLACE
        row = counts.setdefault(key, [weight * before.get(key, usual), weight])
        row[0] += placed
        row[1] += 1
    return {key: round(hits / of, 4) for key, (hits, of) in counts.items()}


def _present(before: Confidence | None, name: str) -> Weights | None:
    return before.groups.get(name) if before is not None else None


def _weights(fields: tuple[str, ...], judged: Sequence[Judged], before: Weights | None) -> Weights:
    marks = sorted(judged[0].said.marks)
    seen = {rule for one in judged for rule in (one.said.rule, one.said.on_kind)}
    rules = sorted(seen | set(before.rules if before else ()))
    places = {rule: 1 + len(marks) + place for place, rule in enumerate(rules)}
    rows = np.zeros((len(judged), 1 + len(marks) + len(rules)))
    rows[:, 0] = 1.0
    for number, one in enumerate(judged):
        rows[number, 1 : 1 + len(marks)] = [one.said.marks[mark] for mark in marks]
        rows[number, [places[one.said.rule], places[one.said.on_kind]]] = 1.0
    right = np.asarray([one.right for one in judged], np.float64)
    start = np.zeros(rows.shape[1])
    start[1 : 1 + len(marks)] = [_USUAL.get(mark, 0.0) for mark in marks]
    if before is not None:
        start[:] = [before.bias, *(before.marks.get(m, 0.0) for m in marks), *(before.rules.get(r, 0.0) for r in rules)]
    pull = np.asarray([_PULL_BIAS, *[_PULL_MARK] * len(marks), *[_PULL_RULE] * len(rules)])
    found = _solved(rows, right, start, pull if before is None else np.full(len(pull), _PULL_KNOWN))
    given = [round(float(weight), 4) for weight in found]
    return Weights(
        fields or tuple(sorted({one.said.field for one in judged})),
        given[0],
        dict(zip(marks, given[1:], strict=False)),
        dict(zip(rules, given[1 + len(marks) :], strict=True)),
    )


def _solved(rows: Floats, right: Floats, start: Floats, pull: Floats) -> Floats:
    """Return the weights by Newton's steps; the pull makes the curve bend everywhere, so they end."""
    found = start.copy()
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (share - right) + pull * (found - start)
        bend = (rows * (share * (1 - share))[:, None]).T @ rows + np.diag(pull)
        step = np.linalg.solve(bend, slope)
        longest = float(np.abs(step).max())
        found -= step * min(1.0, 2.0 / max(longest, 1e-12))
        if longest < _ENOUGH:
            break
    return found


def _as_object(weights: Weights) -> dict[str, Any]:
    return {
        "fields": list(weights.fields),
        "bias": weights.bias,
        "marks": dict(weights.marks),
        "rules": dict(weights.rules),
    }
