"""Splitting of unsorted stacks: are the first pages of documents found, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from bench.papers.corpus import Read
from bench.papers.scans import stacks
from classify.rules import Rules
from classify.splitting import split
from dossier.page import PageReading, PageText, Verdict

_BACKS: Final = 0.15


@dataclass(frozen=True, slots=True)
class SplitMark:
    """One page that begins a document, or was said to, or both; the first page of a stack is not counted."""

    item: str
    page: int
    true: bool
    said: bool


def split_marks(papers: Sequence[Read], rules: Rules, seed: int) -> list[SplitMark]:
    """Return the marks of papers laid into stacks, some with blank backs scanned along."""
    by_name = {(paper.item.set_name, paper.item.name): paper for paper in papers}
    dice, marks = Random(seed), []  # noqa: S311 - papers, not keys
    for stack in stacks([paper.item for paper in papers], seed):
        pages: list[tuple[str, int, PageReading]] = []
        for item in stack:
            for number, page in enumerate(by_name[item.set_name, item.name].pages):
                pages.append((item.name, number, page))
                if dice.random() < _BACKS:
                    pages.append((item.name, number + 1000, _blank(page)))
        starts = {group[0] for group in split([page for _, _, page in pages], rules)}
        marks += [
            SplitMark(name, number, number == 0, place in starts)
            for place, (name, number, _) in enumerate(pages)
            if place and (number == 0 or place in starts)
        ]
    return marks


def f1(marks: Iterable[SplitMark]) -> float:
    """Return the F1 of first pages."""
    own = list(marks)
    hits = sum(mark.true and mark.said for mark in own)
    return 2 * hits / (sum(mark.true for mark in own) + sum(mark.said for mark in own))


def _blank(front: PageReading) -> PageReading:
    text = PageText((), front.text.engine, front.text.model, front.text.language)
    return PageReading(text, front.transform, Verdict.BLANK, (), (), "", ())
