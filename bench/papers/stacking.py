"""Stacks as an unsorted box gives them: papers after each other, their pages as scanned, with exact truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from bench.papers.corpus import Read
from bench.papers.names import SetName
from bench.papers.scans import Item, stacks
from bench.papers.template import stack_templates
from classify.rules import load_rules
from dossier.page import Box, PageReading, PageText, Verdict, Word

_TWICE, _UNNUMBERED, _BACKS, _SHINES = 0.35, 0.6, 0.15, 0.25
_EDGE: Final = 0.1
_NUMBER_LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class StackPage:
    """One page of a stack: whose it is, its number in the paper from 0, what was read, whether it is a blank back."""

    item: Item
    number: int
    reading: PageReading
    back: bool = False

    @property
    def starts(self) -> bool:
        """Whether a document begins here."""
        return self.number == 0 and not self.back


def stack_items(name: SetName, of_each: int) -> list[Item]:
    """Return so many papers of each stack template of a set."""
    return [Item(template, seed) for template in stack_templates(name) for seed in range(of_each)]


def stacked(papers: Sequence[Read], seed: int) -> Iterator[list[StackPage]]:
    """Yield stacks of papers: some of a kind twice in a row, some without page numbers, some with backs scanned along.

    A back is blank, or what shines through is taken for some words. Certifying clauses lie on no stack alone.
    """
    alone = [paper for paper in papers if load_rules().kind(paper.item.template.kind).starts]
    by_item = {(paper.item.set_name, paper.item.name): paper for paper in alone}
    dice = Random(f"stacks|{seed}")  # noqa: S311 - papers, not keys
    for stack in stacks([paper.item for paper in alone], seed):
        order = _some_twice(stack, alone, dice)
        yield [page for item in order for page in _pages(by_item[item.set_name, item.name], dice)]


def _some_twice(stack: list[Item], papers: Sequence[Read], dice: Random) -> list[Item]:
    """Return the stack, now and then with another paper of a kind after the first: two children, two khai sinh."""
    if dice.random() >= _TWICE:
        return stack
    place = dice.randrange(len(stack))
    kind, had = stack[place].template.kind, {item.name for item in stack}
    others = [each.item for each in papers if each.item.template.kind == kind and each.item.name not in had]
    return [*stack[: place + 1], dice.choice(others), *stack[place + 1 :]] if others else stack


def _pages(paper: Read, dice: Random) -> Iterator[StackPage]:
    unnumbered, backs = dice.random() < _UNNUMBERED, dice.random() < _BACKS
    for number, page in enumerate(paper.pages):
        shown = _without_number(page) if unnumbered and number else page
        yield StackPage(paper.item, number, shown)
        if backs:
            yield StackPage(paper.item, number, _back(page, dice), back=True)


def _without_number(page: PageReading) -> PageReading:
    """Return a page as where the office prints no page numbers: without the lone number at the top."""
    edge = _EDGE * page.transform.upright_size[1]
    alone = [
        line[0]
        for line in page.text.lines()
        if len(line) == 1 and line[0].box.bottom < edge and len(line[0].text) <= _NUMBER_LETTERS
    ]
    words = tuple(word for word in page.text.words if word not in alone)
    return replace(page, text=replace(page.text, words=words))


def _back(front: PageReading, dice: Random) -> PageReading:
    words = _shining(front, dice) if dice.random() < _SHINES else ()
    text = PageText(words, front.text.engine, front.text.model, front.text.language)
    return PageReading(text, front.transform, Verdict.LOOK if words else Verdict.BLANK, (), (), "", ())


def _shining(front: PageReading, dice: Random) -> tuple[Word, ...]:
    width, height = front.transform.upright_size
    words = []
    for line in range(dice.randint(1, 7)):
        left, top = dice.randrange(width // 2), dice.randrange(height * 9 // 10)
        text = "".join(dice.choice("aeiIlTtnrm.,-|") for _ in range(dice.randint(1, 6)))
        words.append(Word(text, Box(left, top, left + 25 * len(text), top + 40), dice.uniform(5, 55), line, line))
    return tuple(sorted(words, key=lambda word: word.box.top))
