"""Train whose the names, days and numbers of papers are (`classify/data/roles.npz`; needs requirements/train.txt).

    python -m bench.papers.training_roles --per-template 5

Papers of `train` and `dev`, words typed with and without slips; of some the kind is not told, as it may not be known.
The same papers give the same weights. Said beside it, in turns of five: what of the values of templates that it was not
trained on it finds, and how much of what it says is not true.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bench.papers.scans import Item
from bench.papers.template import Template, templates
from bench.papers.typed import typed_all
from classify.paper import layouts_of
from classify.roles import GROUPS, group_of, told
from classify.rules import UNKNOWN, load_rules
from classify.sameness import same_value
from classify.stream import stream

_MODEL: Final = Path(__file__).parent.parent.parent / "classify" / "data" / "roles.npz"
_SLIPS: Final = (0.0, 0.02)
_STRENGTH: Final = 1.0
_LEAST_TEMPLATES: Final = 3
_LEAST_VALUES: Final = 10
_UNTOLD: Final = 4  # of one paper in so many with slips the kind is not told
_LIGHT: Final = 0.02
_TURNS: Final = 5
_LIKELY: Final = 0.5
Floats = NDArray[np.float32]


class Row(NamedTuple):
    """A candidate: of which template and paper, its group, value and features, and the fields it is the value of."""

    template: str
    paper: int
    group: str
    value: str
    features: tuple[str, ...]
    fields: frozenset[str]


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
    _write(groups, given.to)
    sys.stdout.write(f"{len(rows)} candidates of {len(chosen)} templates, {given.to.stat().st_size} bytes\n")
    if given.turns:
        sys.stdout.write("\n".join(_told(rows)) + "\n")
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
                yield Row(template, number, group, one.value, tuple(features), fields)


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


def _write(groups: dict[str, Trained], to: Path) -> None:
    digest, arrays = hashlib.sha256(), {}
    for name, one in groups.items():
        weights = one.weights.astype(np.float16)
        digest.update("\n".join(one.known).encode() + weights.tobytes() + one.bias.tobytes())
        arrays |= {f"{name}_fields": np.asarray(one.fields), f"{name}_features": np.asarray("\n".join(one.known))}
        arrays |= {f"{name}_weights": weights, f"{name}_bias": one.bias}
    with to.open("wb") as stream_:
        np.savez_compressed(stream_, version=np.asarray(f"roles-{digest.hexdigest()[:12]}"), **arrays)


def _told(rows: Sequence[Row]) -> Iterator[str]:
    names = sorted({row.template for row in rows})
    count: dict[str, Counter[str]] = defaultdict(Counter)
    for turn in range(_TURNS):
        out = set(names[turn::_TURNS])
        inner, outer = [row for row in rows if row.template not in out], [row for row in rows if row.template in out]
        for group in GROUPS:
            _count(trained(inner, group), [row for row in outer if row.group == group], count)
    yield "| field | values | found | said, not true |"
    yield "|---|---|---|---|"
    for field, each in count.items():
        found, true = each["found"], each["true"]
        yield f"| {field} | {true} | {100 * found / max(1, true):.1f} % | {each['said'] - found} |"


def _count(model: Trained, rows: Sequence[Row], count: dict[str, Counter[str]]) -> None:
    scores = _matrix(rows, model.known) @ model.weights + model.bias
    papers: dict[int, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        papers[row.paper].append(place)
    for own in papers.values():
        for column, field in enumerate(model.fields):
            best = max(own, key=lambda place: scores[place, column])
            said = 1 / (1 + np.exp(-scores[best, column])) >= _LIKELY
            count[field]["true"] += any(field in rows[place].fields for place in own)
            count[field]["said"] += bool(said)
            count[field]["found"] += bool(said and field in rows[best].fields)


if __name__ == "__main__":
    sys.exit(main())
