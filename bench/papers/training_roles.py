"""Train whose the names, days and numbers of papers are (`classify/data/roles.npz`; needs requirements/train.txt).

    python -m bench.papers.training_roles --per-template 5

Papers of `train` and `dev`, words typed with and without slips; of some the kind is not told, as it may not be known.
The same papers give the same weights. In five turns each template's values are guessed by weights that saw none of it.
On these guesses it is fitted when the likeliest value is the one (`classify/foremost.py`); said beside it: what of the
values it finds so, and how much of what it says is not true.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bench.papers.scans import Item
from bench.papers.template import Template, templates
from bench.papers.typed import typed_all
from classify.foremost import ANY, Foremost, evidence
from classify.paper import layouts_of
from classify.roles import GROUPS, group_of, told
from classify.rules import UNKNOWN, load_rules
from classify.sameness import alike, same_value
from classify.stream import stream

_MODEL: Final = Path(__file__).parent.parent.parent / "classify" / "data" / "roles.npz"
_SLIPS: Final = (0.0, 0.02)
_STRENGTH: Final = 1.0
_LEAST_TEMPLATES: Final = 3
_LEAST_VALUES: Final = 10
_UNTOLD: Final = 4  # of one paper in so many with slips the kind is not told
_LIGHT: Final = 0.02
_TURNS: Final = 5
Floats = NDArray[np.float32]
Habits = Mapping[str, Mapping[str, float]]


class Row(NamedTuple):
    """A candidate: its template and paper, group, value, features, the fields it is the value of, the kind told."""

    template: str
    paper: int
    group: str
    value: str
    features: tuple[str, ...]
    fields: frozenset[str]
    kind: str


class Guess(NamedTuple):
    """The likeliest of several values for a field: what is said of it, whether there is one, and it is it."""

    template: str
    field: str
    said: tuple[float, float, float]
    true: bool
    right: bool


class Trained(NamedTuple):
    """Weights of one group."""

    known: dict[str, int]
    fields: tuple[str, ...]
    weights: Floats
    bias: Floats


def main() -> int:
    """Train, write the weights, say how they do on templates that they were not trained on."""
    parser = argparse.ArgumentParser(prog="python -m bench.papers.training_roles")
    parser.add_argument("--per-template", type=int, default=5)
    parser.add_argument("--without", default="", help="templates whose name matches this are left out")
    parser.add_argument("--turns", action="store_true", help="say how it does on templates left out in turns")
    parser.add_argument("--to", type=Path, default=_MODEL)
    given = parser.parse_args()
    every = [template for name in ("train", "dev") for template in templates(name)]
    chosen = [one for one in every if not given.without or not re.search(given.without, one.name)]
    rows = list(_rows(chosen, given.per_template))
    groups = {group: trained(rows, group) for group in GROUPS}
    turns = list(_turns(rows))
    _write(groups, foremost(turns, rows), given.to)
    sys.stdout.write(f"{len(rows)} candidates of {len(chosen)} templates, {given.to.stat().st_size} bytes\n")
    if given.turns:
        sys.stdout.write("\n".join(_told(turns)) + "\n")
    return 0


def _rows(chosen: Sequence[Template], per_template: int) -> Iterator[Row]:
    rules = load_rules()
    items = [Item(template, seed) for template in chosen for seed in range(per_template)]
    number = 0
    for slips in _SLIPS:
        for read in typed_all(items, slips):
            number += 1
            layouts = layouts_of(read.pages, rules)
            kind = UNKNOWN if slips and number % _UNTOLD == 0 else read.paper.kind
            for one, features in told(stream(layouts, rules.labels), layouts, kind):
                group = group_of(one.sort)
                fields = _fields_of(one.value, group, read.paper.fields)
                template = f"{read.item.set_name}/{read.item.template.name}"
                yield Row(template, number, group, one.value, tuple(features), fields, kind)


def _fields_of(value: str, group: str, truth: dict[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(
        field for field in GROUPS[group] for true in truth.get(field, ()) if _same(field, group, true, value)
    )


def _same(field: str, group: str, true: str, value: str) -> bool:
    return same_value(field, true[:10] if group == "day" else true, value)


def trained(rows: Iterable[Row], group: str) -> Trained:
    """Return the weights of a group of fields: features of several templates, light weights left out."""
    own = [row for row in rows if row.group == group]
    seen: dict[str, set[str]] = defaultdict(set)
    for row in own:
        for feature in row.features:
            seen[feature].add(row.template)
    kept = sorted(feature for feature, where in seen.items() if len(where) >= _LEAST_TEMPLATES)
    known = {feature: place for place, feature in enumerate(kept)}
    matrix = _matrix(own, known)
    fields = tuple(field for field in GROUPS[group] if sum(field in row.fields for row in own) >= _LEAST_VALUES)
    weights, bias = np.zeros((len(known), len(fields)), np.float32), np.zeros(len(fields), np.float32)
    for column, field in enumerate(fields):
        solver = LogisticRegression(C=_STRENGTH, max_iter=300, solver="liblinear", random_state=1)
        solver.fit(matrix, np.asarray([field in row.fields for row in own]))
        weights[:, column], bias[column] = solver.coef_[0], solver.intercept_[0]
    weights[np.abs(weights) < _LIGHT] = 0.0
    told_by = np.flatnonzero(np.abs(weights).sum(axis=1))
    return Trained({kept[row]: place for place, row in enumerate(told_by)}, fields, weights[told_by], bias)


def _matrix(rows: Sequence[Row], known: dict[str, int]) -> csr_matrix:
    indices: list[int] = []
    ends = [0]
    for row in rows:
        indices += [known[feature] for feature in row.features if feature in known]
        ends.append(len(indices))
    return csr_matrix((np.ones(len(indices), np.float32), indices, ends), shape=(len(rows), len(known)))


def _turns(rows: Sequence[Row]) -> Iterator[Guess]:
    """Yield the likeliest value of each paper and field, by weights that were trained without its template."""
    names = sorted({row.template for row in rows})
    for turn in range(_TURNS):
        out = set(names[turn::_TURNS])
        inner, outer = [row for row in rows if row.template not in out], [row for row in rows if row.template in out]
        habits = habits_of(inner)
        for group in GROUPS:
            yield from _guesses(trained(inner, group), [row for row in outer if row.group == group], habits)


def _guesses(model: Trained, rows: Sequence[Row], habits: Habits) -> Iterator[Guess]:
    scores = _matrix(rows, model.known) @ model.weights + model.bias
    papers: dict[int, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        papers[row.paper].append(place)
    for own in papers.values():
        habit = habits.get(rows[own[0]].kind, habits[ANY])
        for column, field in enumerate(model.fields):
            best = max(own, key=lambda place: scores[place, column])
            others = [scores[one, column] for one in own if not alike(rows[one].value, rows[best].value)]
            if others:
                said = evidence(float(scores[best, column]), float(max(others)), habit[field])
                true = any(field in rows[place].fields for place in own)
                yield Guess(rows[best].template, field, said, true, field in rows[best].fields)


def habits_of(rows: Iterable[Row]) -> Habits:
    """Return for each kind, and for any, the log odds of its papers having each field."""
    papers: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        papers[row.kind][row.paper] |= row.fields
        papers[ANY][row.paper] |= row.fields
    fields = [field for own in GROUPS.values() for field in own]
    return {kind: {field: _odds(field, list(own.values())) for field in fields} for kind, own in papers.items()}


def _odds(field: str, papers: Sequence[set[str]]) -> float:
    have = sum(field in own for own in papers)
    return math.log((have + 0.5) / (len(papers) - have + 0.5))


def foremost(turns: Sequence[Guess], rows: Sequence[Row]) -> Foremost:
    """Return the weights of the likeliest values, fitted on guesses about templates that were not trained on.

    Numbers have none: whose they are their labels say surely, and second persons' are seldom asked for.
    """
    weights = {}
    for field in sorted({one.field for one in turns} - set(GROUPS["number"])):
        own = [one for one in turns if one.field == field]
        solver = LogisticRegression(C=_STRENGTH, max_iter=500)
        solver.fit(np.asarray([one.said for one in own]), np.asarray([one.right for one in own]))
        weights[field] = (float(solver.intercept_[0]), *map(float, solver.coef_[0]))
    return Foremost(weights, habits_of(rows))


def _write(groups: dict[str, Trained], first: Foremost, to: Path) -> None:
    digest, arrays = hashlib.sha256(), {}
    for name, one in groups.items():
        weights = one.weights.astype(np.float16)
        digest.update("\n".join(one.known).encode() + weights.tobytes() + one.bias.tobytes())
        arrays |= {f"{name}_fields": np.asarray(one.fields), f"{name}_features": np.asarray("\n".join(one.known))}
        arrays |= {f"{name}_weights": weights, f"{name}_bias": one.bias}
    fields, kinds = sorted(first.weights), sorted(first.habits)
    own = np.asarray([first.weights[field] for field in fields], np.float32)
    habits = np.asarray([[first.habits[kind][field] for field in fields] for kind in kinds], np.float32)
    digest.update("\n".join((*fields, *kinds)).encode() + own.tobytes() + habits.tobytes())
    arrays |= {"foremost_fields": np.asarray(fields), "foremost_kinds": np.asarray(kinds)}
    arrays |= {"foremost_weights": own, "foremost_habits": habits}
    with to.open("wb") as stream_:
        np.savez_compressed(stream_, version=np.asarray(f"roles-{digest.hexdigest()[:12]}"), **arrays)


def _told(turns: Sequence[Guess]) -> Iterator[str]:
    """Yield a table of what was found of templates left out: by the chance of each alone, and among all of the paper.

    The weights of the second are those of half the templates for the other half.
    """
    halves = [[one for one in turns if zlib.crc32(one.template.encode()) % 2 == half] for half in (0, 1)]
    models = [foremost(half, ()) for half in halves]
    count: dict[str, Counter[str]] = defaultdict(Counter)
    for half, model in zip(halves, reversed(models), strict=True):
        for one in half:
            own = count[one.field]
            own["true"] += one.true
            among = model.odds(one.field, one.said) if one.field in model.weights else one.said[0]
            for way, said in (("alone", one.said[0] >= 0), ("among", among >= 0)):
                own[way] += said and one.right
                own[f"{way} false"] += said and not one.right
    yield "| field | values | found alone | not true | found among all | not true |"
    yield "|---|---|---|---|---|---|"
    for field, own in count.items():
        found = [f"{100 * own[way] / max(1, own['true']):.1f} % | {own[f'{way} false']}" for way in ("alone", "among")]
        yield f"| {field} | {own['true']} | {' | '.join(found)} |"


if __name__ == "__main__":
    sys.exit(main())
