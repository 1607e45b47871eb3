"""Fit how sure values are (`classify/data/confidence.json`) on papers of `train` and `dev`.

    python -m bench.papers.fitting --per-kind 12        # what was read before is taken from the disk
    python -m bench.papers.fitting --kept               # only what was read before
    python -m bench.papers.fitting --roles '_[1357]$=odd.npz' '_[246]$=even.npz'

Roles (`bench.papers.training_roles`) know the papers they were trained on too well: with `--roles` the papers of
templates whose name matches are judged with other weights of roles, trained without these.

Said beside it: the error on papers whose template the fit did not see, in turns of five.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.papers.comparing import GROUPS
from bench.papers.corpus import Read, kept, read_all
from bench.papers.scans import Item, hands
from bench.papers.scoring import judged
from bench.papers.template import templates
from bench.papers.typed import typed_all
from classify.calibrating import Judged, as_json, fitted
from classify.cases import cases_in
from classify.confidence import Confidence
from classify.judgement import judged as judged_cases
from classify.judgement import reliability
from classify.rules import Rules, load_rules
from hososo.recogniser import copy_of

_DATA: Final = Path(__file__).parent.parent.parent / "classify" / "data" / "confidence.json"
_TURNS: Final = 5
_SLIPS: Final = 0.01


def main() -> int:
    """Fit, write the weights, say how they do on papers that they were not fitted on."""
    parser = argparse.ArgumentParser(prog="python -m bench.papers.fitting")
    parser.add_argument("--per-kind", type=int, default=12)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--kept", action="store_true", help="only papers whose reading lies on the disk")
    parser.add_argument("--typed", action="store_true", help="words from the markup with slips: no reading needed")
    parser.add_argument("--cases", type=Path, help="confirmed papers of an office too (`hososo learn export`)")
    parser.add_argument("--roles", nargs="*", default=[], help="PATTERN=FILE: weights of roles for templates so named")
    parser.add_argument("--to", type=Path, default=_DATA)
    given = parser.parse_args()
    with TemporaryDirectory() as place:
        found = list(_judged(_papers(given), _recognisers(given.roles, Path(place))))
    if not found:
        parser.error("no paper was read by this code: leave --kept out, or read them first")
    of_office = list(judged_cases(cases_in(given.cases), load_rules())) if given.cases else []
    model = fitted([one for _, one in found] + of_office, GROUPS, None)
    given.to.write_text(as_json(model), encoding="utf-8")
    sys.stdout.write("\n".join(_told(found, model)) + "\n")
    return 0


def _papers(given: argparse.Namespace) -> Iterator[Read]:
    items = [item for name in ("train", "dev") for item in hands(templates(name), given.per_kind)]
    if given.typed:
        return typed_all(items, _SLIPS)
    return read_all([item for item in items if kept(item)] if given.kept else items, given.jobs)


def _recognisers(roles: Sequence[str], place: Path) -> list[tuple[str, Rules]]:
    """Return for name patterns of templates the rules with their own weights of roles; the packaged ones match last."""
    found: list[tuple[str, Rules]] = []
    packaged = load_rules()
    for number, one in enumerate(roles):
        pattern, _, file = one.partition("=")
        folder = place / str(number)
        copy_of(packaged, folder)
        shutil.copyfile(file, folder / "data" / "roles.npz")
        found.append((pattern, load_rules(folder)))
    return [*found, ("", packaged)]


def _judged(papers: Iterator[Read], recognisers: Sequence[tuple[str, Rules]]) -> Iterator[tuple[Item, Judged]]:
    for paper in papers:
        rules = next(rules for pattern, rules in recognisers if re.search(pattern, paper.item.template.name))
        yield from ((paper.item, one) for one in judged(paper, rules))


def _told(found: Sequence[tuple[Item, Judged]], model: Confidence) -> Iterator[str]:
    names = sorted({item.template.name for item, _ in found})
    own = reliability((model.sure(one.said), one.right) for _, one in found)
    unseen: list[tuple[float, bool]] = []
    for turn in range(_TURNS):
        out = set(names[turn::_TURNS])
        part = fitted([one for item, one in found if item.template.name not in out], GROUPS, None)
        unseen += [(part.sure(one.said), one.right) for item, one in found if item.template.name in out]
    error, curve = reliability(unseen)
    yield f"{model.version}: {len(found)} values of {len(names)} templates; error on its own papers {own[0]:.1f} %"
    yield f"error on templates it was not fitted on {error:.1f} %:"
    yield "| confidence said | share right | values |"
    yield "|---|---|---|"
    yield from (f"| {mean:.1f} | {right:.1f} % | {count} |" for mean, right, count in curve)


if __name__ == "__main__":
    sys.exit(main())
