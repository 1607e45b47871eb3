"""Splitting of unsorted stacks: are the first pages of documents found and nothing else, and who is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.papers.corpus import Read
from bench.papers.stacking import StackPage, stacked
from classify.rules import Rules
from classify.splitting import cuts


@dataclass(frozen=True, slots=True)
class SplitMark:
    """A page of a stack after its first: whether a document begins there, was said to, whether a person is asked."""

    item: str
    page: int
    readable: bool
    true: bool
    said: bool
    asked: bool
    why: str


@dataclass(frozen=True, slots=True)
class Splits:
    """What was found in stacks: pages, and documents that are whole and alone."""

    marks: tuple[SplitMark, ...]
    documents: int
    exact: int


def split_marks(papers: Sequence[Read], rules: Rules, seed: int) -> Splits:
    """Return what splitting makes of papers laid into stacks (bench/papers/stacking.py)."""
    marks: list[SplitMark] = []
    documents = exact = 0
    for stack in stacked(papers, seed):
        found = cuts([page.reading for page in stack], rules)
        said = [cut.starts for cut in found]
        true = [page.starts for page in stack]
        marks += [_mark(page, cut.starts, cut.asks, cut.said) for page, cut in zip(stack[1:], found[1:], strict=True)]
        documents += sum(true)
        exact += len(_whole(true) & _whole(said))
    return Splits(tuple(marks), documents, exact)


def _mark(page: StackPage, said: bool, asks: bool, why: str) -> SplitMark:  # noqa: FBT001
    number = page.number + (1000 if page.back else 0)
    return SplitMark(page.item.name, number, page.item.readable, page.starts, said, asks, why)


def _whole(starts: Sequence[bool]) -> set[tuple[int, int]]:
    """Return documents as (first page, page after the last)."""
    places = [place for place, start in enumerate(starts) if start or not place]
    return set(zip(places, [*places[1:], len(starts)], strict=True))


def f1(marks: Iterable[SplitMark]) -> float:
    """Return the F1 of first pages."""
    own = list(marks)
    hits = sum(mark.true and mark.said for mark in own)
    return 2 * hits / max(1, sum(mark.true for mark in own) + sum(mark.said for mark in own))
