"""Train the text model of kinds on papers of the `train` and `dev` sets (needs requirements/train.txt).

    python -m bench.papers.training --per-template 6

The layouts of `dev` whose names end in `_7` are held back: only they and the frozen set measure words.

The same papers give the same model: the solver is deterministic and starts from zero.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bench.papers.corpus import Read
from bench.papers.scans import Item
from bench.papers.template import Template, templates
from bench.papers.typed import typed_all
from classify.cases import cases_in
from classify.paper import layouts_of
from classify.phrases import phrases
from classify.rules import load_rules
from dossier.page import PageReading

_MODEL: Final = Path(__file__).parent.parent.parent / "classify" / "data" / "kinds.npz"
_LEAST_PAPERS: Final = 6
_SLIPS: Final = (0.0, 0.04)
_LEAST_LAYOUTS: Final = 2
_MOST_PHRASES: Final = 8500
_HELD_BACK: Final = "_7"
# Titled "GIẤY CHỨNG TỬ", which is a kind of its own here; its author counted copies of that as extracts.
_DISPUTED: Final = frozenset({"trich_luc_khai_tu_6"})
_STRENGTH: Final = 30.0


class Told(NamedTuple):
    """A paper of a known kind: whose wording it has, and its pages."""

    kind: str
    layout: str
    pages: tuple[PageReading, ...]


def main() -> int:
    """Train, write the model, say how it does on its own papers."""
    parser = argparse.ArgumentParser(prog="python -m bench.papers.training")
    parser.add_argument("--per-template", type=int, default=6)
    parser.add_argument("--sets", nargs="+", choices=("train", "dev"), default=("train", "dev"))
    parser.add_argument("--cases", type=Path, help="confirmed papers of an office too (`hososo learn export`)")
    parser.add_argument("--to", type=Path, default=_MODEL)
    given = parser.parse_args()
    layouts = [template for name in given.sets for template in templates(name) if _of_training(template)]
    items = [Item(template, seed) for template in layouts for seed in range(given.per_template)]
    papers = [_told(paper) for slips in _SLIPS for paper in typed_all(items, slips)]
    of_office = [Told(case.kind, case.name, case.pages) for case in cases_in(given.cases)] if given.cases else []
    told = trained(papers, given.to, of_office)
    sys.stdout.write(f"{told}\n")
    return 0


def _of_training(template: Template) -> bool:
    if template.set_name == "train":
        return True
    return not template.name.endswith(_HELD_BACK) and template.name not in _DISPUTED


def _told(paper: Read) -> Told:
    return Told(paper.paper.kind, f"{paper.item.set_name}/{paper.item.template.name}", paper.pages)


def trained(generated: Sequence[Told], to: Path, of_office: Sequence[Told] = ()) -> str:
    """Train on papers, write the model to a file, return a line about it.

    Papers of an office weigh phrases and bring in none: a model must not know its people by name.
    """
    rules, papers = load_rules(), [*generated, *of_office]
    found = [set(phrases(layouts_of(paper.pages, rules))) for paper in papers]
    known = _kept(found[: len(generated)], generated)
    places = {phrase: place for place, phrase in enumerate(known)}
    count = Counter(phrase for each in found for phrase in each if phrase in places)
    rarity = np.asarray([np.log((1 + len(found)) / (1 + count[phrase])) + 1 for phrase in known], np.float32)
    matrix = _matrix([{places[phrase] for phrase in each if phrase in places} for each in found], rarity)
    kinds = np.asarray([paper.kind for paper in papers])
    solver = LogisticRegression(C=_STRENGTH, max_iter=400)
    solver.fit(matrix, kinds)
    right = float((solver.predict(matrix) == kinds).mean())
    to.parent.mkdir(exist_ok=True)
    digest = hashlib.sha256("\n".join(known).encode() + solver.coef_.astype(np.float16).tobytes()).hexdigest()
    with to.open("wb") as stream:
        np.savez_compressed(
            stream,
            version=np.asarray(f"kinds-{digest[:12]}"),
            kinds=np.asarray([str(kind) for kind in solver.classes_]),
            phrases=np.asarray(known),
            rarity=rarity.astype(np.float16),
            weights=solver.coef_.T.astype(np.float16),
            bias=solver.intercept_.astype(np.float32),
        )
    return (
        f"{len(papers)} papers, {len(known)} phrases, {len(solver.classes_)} kinds, {100 * right:.1f} % right of these"
    )


def _kept(found: Sequence[set[str]], papers: Sequence[Told]) -> list[str]:
    """Return the phrases that most layouts share, whatever their kind: wording that only one author has helps nobody.

    Of a kind with one layout its own phrases count as if two had them.
    """
    layouts_of: dict[str, set[str]] = {}
    for paper in papers:
        layouts_of.setdefault(paper.kind, set()).add(paper.layout)
    count: Counter[str] = Counter()
    layouts: dict[str, set[str]] = {}
    for each, paper in zip(found, papers, strict=True):
        alone = len(layouts_of[paper.kind]) == 1
        for phrase in each:
            count[phrase] += 1
            layouts.setdefault(phrase, set()).update(
                (paper.layout, f"{paper.layout} alone") if alone else (paper.layout,)
            )
    kept = [p for p, n in count.items() if n >= _LEAST_PAPERS and len(layouts[p]) >= _LEAST_LAYOUTS]
    kept.sort(key=lambda phrase: (-len(layouts[phrase]), -count[phrase], phrase))
    return sorted(kept[:_MOST_PHRASES])


def _matrix(rows: Sequence[set[int]], rarity: np.ndarray) -> csr_matrix:
    indices, values, ends = [], [], [0]
    for row in rows:
        own = np.asarray(sorted(row), np.int64)
        weight = rarity[own] / max(1e-9, float(np.linalg.norm(rarity[own])))
        indices.append(own)
        values.append(weight)
        ends.append(ends[-1] + len(own))
    return csr_matrix((np.concatenate(values), np.concatenate(indices), ends), shape=(len(rows), len(rarity)))


if __name__ == "__main__":
    sys.exit(main())
