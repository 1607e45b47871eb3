"""Hold what the recogniser makes of read papers against their truth: kinds, fields, confidences, a person's work."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bench.papers.comparing import group_of
from bench.papers.corpus import Read
from bench.papers.template import Filled
from classify.calibrating import Judged
from classify.extracted import ExtractedField
from classify.fields import extract, with_evidence
from classify.judgement import near, reliability
from classify.kinds import Classification, classify
from classify.rules import UNKNOWN, Rules
from classify.sameness import same_value

_NUMBER: Final = ("so", "ky_hieu")


@dataclass(frozen=True, slots=True)
class FieldMark:
    """One true value, or one value read that is not true: what came of it."""

    item: str
    kind: str
    condition: str
    readable: bool
    name: str
    true: str
    said: str
    confidence: float
    must_confirm: bool
    in_pen: bool
    page: int = 0

    @property
    def right(self) -> bool:
        """Whether the true value was read."""
        return bool(self.true) and bool(self.said)


@dataclass(frozen=True, slots=True)
class KindMark:
    """What one paper was taken for, and how long classification and extraction took, in seconds a page."""

    item: str
    true: str
    said: Classification
    condition: str
    readable: bool
    seconds: float


@dataclass
class Marks:
    """All marks of a run."""

    kinds: list[KindMark] = field(default_factory=list)
    fields: list[FieldMark] = field(default_factory=list)
    screens: list[float] = field(default_factory=list)


def marked(papers: Iterable[Read], rules: Rules) -> Marks:
    """Return the marks of papers that were read."""
    marks = Marks()
    for paper in papers:
        start = time.process_time()
        said = classify(paper.pages, rules)
        found = extract(paper.pages, said.kind, rules)
        seconds = (time.process_time() - start) / len(paper.pages)
        item = paper.item
        marks.kinds.append(KindMark(item.name, paper.paper.kind, said, item.condition, item.readable, seconds))
        own = list(_field_marks(paper, found))
        marks.fields += own
        if item.readable:
            marks.screens.append(_screens(said, paper.paper.kind, own))
    return marks


def _field_marks(paper: Read, found: Iterable[ExtractedField]) -> Iterator[FieldMark]:
    item, rest = paper.item, _numbered(list(found))

    def mark(name: str, true: str, read: ExtractedField | None) -> FieldMark:
        return FieldMark(
            item.name,
            paper.paper.kind,
            item.condition,
            item.readable,
            name,
            true,
            read.value if read else "",
            read.confidence if read else 0.0,
            read.must_confirm if read else True,
            name in paper.paper.in_pen,
            read.page if read else 0,
        )

    for name, values in _number_whole(paper.paper.fields).items():
        for true in values:
            hit = next((one for one in rest if one.name == name and same_value(name, one.value, true)), None)
            if hit is not None:
                rest.remove(hit)
            yield mark(name, true, hit)
    yield from (mark(one.name, "", one) for one in rest)


def judged(paper: Read, rules: Rules) -> Iterator[Judged]:
    """Yield each value that is read of a paper, print or pen, and whether it is true."""
    found = list(with_evidence(paper.pages, classify(paper.pages, rules).kind, rules))
    verdicts = rightness(paper.paper, [one for one, _ in found])
    for (one, said), right in zip(found, verdicts, strict=True):
        placed = right or any(near(one.value, true) for true in paper.paper.fields.get(one.name, ()))
        yield Judged(said, right, placed)


def rightness(paper: Filled, found: Sequence[ExtractedField]) -> list[bool]:
    """Return of each value whether it is true; number and symbol are right together or not at all."""
    rest = _numbered(list(found))
    right: dict[str, list[str]] = {}
    for name, values in _number_whole(paper.fields).items():
        for true in values:
            hit = next((one for one in rest if one.name == name and same_value(name, one.value, true)), None)
            if hit is not None:
                rest.remove(hit)
                right.setdefault(name, []).append(hit.value)
    whole = bool(right.get("so"))
    both = {one.name for one in found} >= set(_NUMBER)
    return [whole if both and one.name in _NUMBER else _taken(right.get(one.name, []), one.value) for one in found]


def _taken(values: list[str], value: str) -> bool:
    if value in values:
        values.remove(value)
        return True
    return False


def _number_whole(fields: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the true fields with number and symbol as one: papers part them in several ways, and one is right."""
    out = dict(fields)
    if "so" in out and "ky_hieu" in out:
        out["so"] = (f"{out['so'][0]}/{out.pop('ky_hieu')[0]}",)
    return out


def _numbered(found: list[ExtractedField]) -> list[ExtractedField]:
    """Return the fields that were read with number and symbol as one."""
    number = next((one for one in found if one.name == "so"), None)
    symbol = next((one for one in found if one.name == "ky_hieu"), None)
    if number is None or symbol is None:
        return found
    whole = replace(
        number,
        value=f"{number.value}/{symbol.value}",
        confidence=min(number.confidence, symbol.confidence),
        must_confirm=number.must_confirm or symbol.must_confirm,
    )
    return [whole, *(one for one in found if one not in (number, symbol))]


def _screens(said: Classification, kind: str, fields: Iterable[FieldMark]) -> float:
    """Return how many screens a person opens until the document is confirmed.

    A screen is what `/confirm/{document}` shows: the picture of one page beside the form with all values. One for each
    page on which a value waits or is wrong, the first for a value that was not found, one more for a wrong kind.
    """
    looked = {mark.page for mark in fields if mark.must_confirm or not mark.right}
    return len(looked) + (0.0 if said.kind == kind else 1.0)


def macro_f1(kinds: Iterable[KindMark]) -> tuple[float, dict[str, float]]:
    """Return the mean F1 over the true kinds, and that of each; UNKNOWN counts as not found."""
    own = list(kinds)
    each = {}
    for kind in sorted({mark.true for mark in own}):
        hits = sum(mark.said.kind == kind == mark.true for mark in own)
        said = sum(mark.said.kind == kind for mark in own)
        true = sum(mark.true == kind for mark in own)
        each[kind] = 2 * hits / (said + true)
    return sum(each.values()) / len(each), each


def confident_errors(kinds: Iterable[KindMark], accept: float) -> list[KindMark]:
    """Return the papers of another kind than was said with a confidence that asks nobody."""
    return [mark for mark in kinds if mark.said.kind not in (mark.true, UNKNOWN) and mark.said.confidence >= accept]


def exact_by_group(fields: Iterable[FieldMark]) -> dict[str, tuple[int, int, int]]:
    """Return for each group of fields: true values read, true values, and values read that are not true."""
    out: dict[str, list[int]] = {}
    for mark in fields:
        if mark.in_pen:
            continue
        row = out.setdefault(group_of(mark.name), [0, 0, 0])
        row[0] += mark.right
        row[1] += bool(mark.true)
        row[2] += not mark.true
    return {name: (row[0], row[1], row[2]) for name, row in out.items()}


def calibration(fields: Iterable[FieldMark]) -> tuple[float, list[tuple[float, float, int]]]:
    """Return `reliability` of the confidences of all values read, those in a pen's writing too."""
    return reliability((mark.confidence, mark.right) for mark in fields if mark.said)
