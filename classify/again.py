"""Which values of a paper are worth a second reading, and where they stand: numbers and days that are not sure.

A value is doubted where it is less sure than its band asks, where letters had to be taken for digits, and where the
paper itself contradicts it. Where a field has no value at all, what stands in its place and is none ("02'năm 2026", a
number a digit too long) is doubted likewise. What a pen wrote is left alone: print is all that the engine knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from classify.fields import Weighed, places_of
from classify.paper import Paper
from classify.rules import FieldRule
from classify.stream import Place
from dossier.page import Box, Word, lines_of


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place that is read again.

    Attributes:
        page: Index of the page in the document.
        words: What was read there at first, of one line.
        box: In the reading frame, with some room beside the words where nothing else stands.
        height: Of digits there, in pixels of the reading frame.
        signs: The only signs to read.
        fields: Names of the fields that it is about.
    """

    page: int
    words: tuple[Word, ...]
    box: Box
    height: float
    signs: str
    fields: frozenset[str]


def doubts_of(paper: Paper, first: Sequence[Weighed], known: Collection[str] = ()) -> list[Doubt]:
    """Return the places of a paper that are worth a second reading, no word in two of them.

    Args:
        paper: As the rules see it.
        first: What was found there.
        known: Names of fields that an independent source has already.
    """
    rules = paper.rules.again
    found: dict[int, list[Doubt]] = {}
    for rule, place in _places(paper, first, known):
        for line in lines_of(place.words):
            _add(found.setdefault(place.page, []), _doubt(rule, place.page, line, paper))
    pages = sorted(found)[: rules.most_pages]
    return [doubt for page in pages for doubt in found[page][: rules.most_places]]


def is_doubted(one: Weighed, paper: Paper) -> bool:
    """Return whether a value is read again."""
    draft = one.draft
    if draft.rule.normaliser not in paper.rules.again.signs or draft.by_pen or not draft.place.words:
        return False
    doubted = min(word.confidence for word in draft.place.words) < paper.rules.again.unsure
    return doubted or draft.repaired or draft.agrees is False or one.field.confidence < paper.rules.again.below


def _places(paper: Paper, first: Sequence[Weighed], known: Collection[str]) -> Iterator[tuple[FieldRule, Place]]:
    for one in first:
        if one.field.name not in known and is_doubted(one, paper):
            yield one.draft.rule, one.draft.place
    names = {one.field.name for one in first}
    taken = {(one.field.page, word.box) for one in first for word in one.draft.place.words}
    for rule_id in paper.rules.kind(paper.kind).rules:
        rule = paper.rules.fields[rule_id]
        if rule.loose is None or rule.field in names or rule.normaliser not in paper.rules.again.signs:
            continue
        if rule.unless & names or (rule.needs and not rule.needs & names):
            continue
        for place in places_of(rule, rule.loose, paper):
            if taken.isdisjoint((place.page, word.box) for word in place.words):
                yield rule, place
                break


def _doubt(rule: FieldRule, page: int, line: tuple[Word, ...], paper: Paper) -> Doubt:
    digits = [word.box.height for word in line if any(sign.isdigit() for sign in word.text)]
    height = float(min(digits or [word.box.height for word in line]))
    box = _with_room(line, paper.readings[page].text.words, round(paper.rules.again.room * height))
    return Doubt(page, line, box, height, paper.rules.again.signs[rule.normaliser], frozenset({rule.field}))


def _with_room(line: Sequence[Word], words: Sequence[Word], room: int) -> Box:
    """Return the box around words, wider by some room on both sides as far as no other word of the page is in it."""
    left, right = min(word.box.left for word in line), max(word.box.right for word in line)
    top, bottom = min(word.box.top for word in line), max(word.box.bottom for word in line)
    beside = [word.box for word in words if word.box.top < bottom and word.box.bottom > top and word not in line]
    wall = max((box.right for box in beside if box.right <= left), default=0)
    other = min((box.left for box in beside if box.left >= right), default=right + room)
    return Box(left - min(room, (left - wall) // 2), top, right + min(room, (other - right) // 2), bottom)


def _add(found: list[Doubt], new: Doubt) -> None:
    """Add a doubt, made one with those that have a word of it."""
    boxes = {word.box for word in new.words}
    same = [each for each in found if not boxes.isdisjoint(word.box for word in each.words)]
    for each in same:
        found.remove(each)
        new = _joined(each, new)
    found.append(new)


def _joined(one: Doubt, other: Doubt) -> Doubt:
    words = one.words + tuple(word for word in other.words if word not in one.words)
    box = Box(
        min(one.box.left, other.box.left),
        min(one.box.top, other.box.top),
        max(one.box.right, other.box.right),
        max(one.box.bottom, other.box.bottom),
    )
    signs = one.signs + "".join(sign for sign in other.signs if sign not in one.signs)
    return Doubt(
        one.page,
        tuple(sorted(words, key=lambda word: word.box.left)),
        box,
        min(one.height, other.height),
        signs,
        one.fields | other.fields,
    )
