"""Train what each sign of a page counts for a first page, on stacks of the `train` set.

    python -m bench.papers.training_splits

Words are typed, with and without slips, and signs are lost at random, as reading loses them. The same stacks give the
same weights: Newton's method from zero.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.papers.scans import hands
from bench.papers.stacking import StackPage, stack_items, stacked
from bench.papers.template import templates
from bench.papers.typed import typed_all
from classify.layout import page_layout
from classify.page_signs import PageSigns, page_signs
from classify.printed_number import PrintedNumber
from classify.rules import Rules, load_rules
from classify.splitting import evidence
from dossier.page import Verdict

Floats = NDArray[np.float64]
_WEIGHTS: Final = Path(__file__).parent.parent.parent / "classify" / "data" / "splitting.toml"
_SLIPS: Final = (0.0, 0.03, 0.08)
_LOST: Final = (0.0, 0.1, 0.2)
_HEADER: Final = ("motto", "motto_part", "agency", "dated", "number", "form")
_HEADER_LOST: Final = 1.5  # times as often as one sign: under a title, for a card or a page whose top is covered
_NUMBERED: Final = 0.4
_OF: Final = 0.5
_BUNDLED: Final = 0.04
_RARE: Final = 8
_RIDGE: Final = 1.0
_STEPS: Final = 30
_Row = tuple[frozenset[str], bool]


def main() -> int:
    """Train, write the weights, say how they do on their own stacks."""
    parser = argparse.ArgumentParser(prog="python -m bench.papers.training_splits")
    parser.add_argument("--per-kind", type=int, default=6)
    parser.add_argument("--to", type=Path, default=_WEIGHTS)
    given = parser.parse_args()
    rules = load_rules()
    items = hands(templates("train"), given.per_kind)
    items += stack_items("train", (given.per_kind + 1) // 2)
    rows: list[_Row] = []
    for seed, slips in enumerate(_SLIPS):
        for stack in stacked(list(typed_all(items, slips)), seed):
            rows += rows_of(stack, rules, Random(f"lost|{seed}|{len(rows)}"))  # noqa: S311 - papers, not keys
    sys.stdout.write(f"{trained(rows, given.to)}\n")
    return 0


def rows_of(stack: list[StackPage], rules: Rules, dice: Random) -> Iterator[_Row]:
    """Yield signs and truth of the pages of a stack, with the signs that reading may lose lost at some rates."""
    numbers = _numbers(stack, dice)
    seen = [
        (_numbered(page_signs(page_layout(page.reading, place, rules.layout), rules), numbers[place]), page.starts)
        for place, page in enumerate(stack)
        if page.reading.verdict is not Verdict.BLANK and page.reading.text.words
    ]
    for share in _LOST:
        symbol = ""
        for (before, began), (own, starts) in pairwise(seen):
            symbol = before.symbol or ("" if began else symbol)
            yield frozenset(evidence(_lost(own, share, dice), _lost(before, share, dice), symbol)), starts


def _numbers(stack: list[StackPage], dice: Random) -> list[PrintedNumber | None]:
    """Return page numbers as offices print them: none, from the second page on, of how many; or a whole bundle's."""
    if dice.random() < _BUNDLED:
        return [PrintedNumber(place + 1) for place in range(len(stack))]
    last = {page.item.name: page.number + 1 for page in stack}
    ways = {name: (dice.random() < _NUMBERED, dice.random() < _OF) for name in last}
    out: list[PrintedNumber | None] = []
    for page in stack:
        numbered, of = ways[page.item.name]
        number = PrintedNumber(page.number + 1, last[page.item.name] if of else 0)
        out.append(number if numbered and not page.back and (of or page.number) else None)
    return out


def _numbered(signs: PageSigns, number: PrintedNumber | None) -> PageSigns:
    return replace(signs, number=number or signs.number)


def trained(rows: list[_Row], to: Path) -> str:
    """Write the weights of signs, return a line about them."""
    count = Counter(sign for signs, _ in rows for sign in signs)
    names = sorted(sign for sign, times in count.items() if times >= _RARE)
    matrix = np.asarray([[1.0, *(float(name in signs) for name in names)] for signs, _ in rows])
    truth = np.asarray([float(starts) for _, starts in rows])
    weights = _fitted(matrix, truth)
    right = float((((matrix @ weights) > 0) == (truth > 0)).mean())
    signs = "\n".join(f"{name} = {weight:.2f}" for name, weight in zip(names, weights[1:], strict=True))
    digest = hashlib.sha256(f"{weights[0]:.2f}\n{signs}".encode()).hexdigest()[:12]
    to.write_text(
        "# What each sign of a page counts for a first page, in logits. Written by `make train-splitting`.\n"
        f'version = "splitting-{digest}"\nbias = {weights[0]:.2f}\n\n[signs]\n{signs}\n',
        encoding="utf-8",
    )
    return f"{len(rows)} pages, {len(names)} signs, {100 * right:.2f} % right of these"


def _lost(signs: PageSigns, share: float, dice: Random) -> PageSigns:
    if "title" in signs.head and dice.random() < share * _HEADER_LOST:
        head = {sign: text for sign, text in signs.head.items() if sign not in _HEADER}
    else:
        head = {sign: text for sign, text in signs.head.items() if dice.random() >= share}
    foot = frozenset(sign for sign in sorted(signs.foot) if dice.random() >= share)
    return replace(signs, head=head, foot=foot, number=signs.number if dice.random() >= share else None)


def _fitted(matrix: Floats, truth: Floats) -> Floats:
    """Return the weights of a logistic regression with a ridge; the bias is free."""
    ridge = np.full(matrix.shape[1], _RIDGE)
    ridge[0] = 0.0
    weights = np.zeros(matrix.shape[1])
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-(matrix @ weights)))
        slope = matrix.T @ (share - truth) + ridge * weights
        curve = (matrix * (share * (1 - share))[:, None]).T @ matrix + np.diag(ridge)
        weights -= np.linalg.solve(curve, slope)
    return weights


if __name__ == "__main__":
    sys.exit(main())
