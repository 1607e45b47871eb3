"""Leaves (tờ, bút lục): which numbers somebody says that papers have, and what does not fit together about them.

A leaf is a sheet of paper; one or two of its sides are scanned. Numbers run through a dossier or through a box.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, pairwise
from typing import Final

from dossier.errors import Code, Rejected
from dossier.text import fold

MOST_LEAF: Final = 100_000
MOST_SPANS: Final = 60
_LONGEST: Final = 1000
_SHOWN: Final = 8
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_NAME: Final = "(?:(?:to|but luc|bl) ?)?(?:so ?)?"
_SPAN: Final = re.compile(f"(?:tu )?{_NAME}([0-9]{{1,6}})(?: ?(?:-|den) ?{_NAME}([0-9]{{1,6}}))?")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Leaves:
    """Numbers of leaves, as spans that are in order and neither touch nor overlap."""

    spans: tuple[Span, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(last - first + 1 for first, last in self.spans)

    @property
    def text(self) -> str:
        """As people write them, and as they are stored: `1-12, 14`."""
        return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in self.spans)

    @property
    def holes(self) -> Leaves:
        """The numbers between the first and the last that are not among them."""
        return Leaves(tuple((one[1] + 1, other[0] - 1) for one, other in pairwise(self.spans)))

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.spans)

    def __contains__(self, leaf: int) -> bool:
        """Return whether a number is among them."""
        return any(first <= leaf <= last for first, last in self.spans)

    def plus(self, other: Leaves) -> Leaves:
        """Return these and others."""
        return _joined([*self.spans, *other.spans])

    def both(self, other: Leaves) -> Leaves:
        """Return those that are among others too."""
        found: list[Span] = []
        mine, theirs = list(self.spans[::-1]), list(other.spans[::-1])
        while mine and theirs:
            (a, b), (c, d) = mine[-1], theirs[-1]
            if max(a, c) <= min(b, d):
                found.append((max(a, c), min(b, d)))
            (mine if b < d else theirs).pop()
        return _joined(found)

    def minus(self, other: Leaves) -> Leaves:
        """Return these without others."""
        left: list[Span] = []
        taken = list(other.spans[::-1])
        for first, last in self.spans:
            begin = first
            while taken and taken[-1][0] <= last:
                low, high = taken[-1]
                if begin < low:
                    left.append((begin, low - 1))
                begin = max(begin, high + 1)
                if high > last:
                    break  # it reaches into the next span too
                taken.pop()
            if begin <= last:
                left.append((begin, last))
        return Leaves(tuple(left))


def leaves_of(text: str) -> Leaves:
    """Return what somebody has written: `1-12, 14`, `từ tờ 1 đến tờ 12`, `bút lục 3; 5`; nothing of an empty text.

    Raises:
        Rejected(LEAVES_INVALID): It is nothing of the kind, names a leaf twice, or too many.
    """
    if len(text) > _LONGEST:
        raise Rejected(Code.LEAVES_INVALID, "too long")
    said = " ".join(fold(text.translate(_DASHES)).split())
    if not said:
        return Leaves()
    parts = re.split(" ?[,;] ?| va ", said)
    if len(parts) > MOST_SPANS:
        raise Rejected(Code.LEAVES_INVALID, "too long")
    spans = [_span(part) for part in parts]
    found = _joined(spans)
    if found.count != sum(last - first + 1 for first, last in spans):
        raise Rejected(Code.LEAVES_INVALID, "a leaf twice")
    return found


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    first, last = (int(each) for each in (found[1], found[2] or found[1])) if found else (0, 0)
    if not 0 < first <= last <= MOST_LEAF:
        raise Rejected(Code.LEAVES_INVALID, "not from a first to a last leaf")
    return first, last


def _joined(spans: Iterable[Span]) -> Leaves:
    made: list[Span] = []
    for first, last in sorted(spans):
        if made and first <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(made[-1][1], last))
        else:
            made.append((first, last))
    return Leaves(tuple(made))


class LeafFault(StrEnum):
    """What does not fit together about leaves; the values are codes of errors."""

    MISSING = Code.LEAVES_MISSING.value
    OVER = Code.LEAVES_OVER.value
    GAP = Code.LEAVES_GAP.value
    TWICE = Code.LEAVES_TWICE.value


@dataclass(frozen=True, slots=True, order=True)
class LeafDoubt:
    """What somebody should look at: `component` is empty where it is about the dossier; `said` are the numbers."""

    fault: LeafFault
    component: str
    said: str


@dataclass(frozen=True, slots=True)
class Stock:
    """What is known of the leaves of a dossier.

    Attributes:
        declared: The leaves of components, by code; under an empty one those of the whole dossier.
        came: How many pages came of each component; papers that were never on paper, or are reused, are not among them.
        lost: Leaves that cannot be scanned and have a placeholder.
        box: The leaves of the other dossiers of its box, by code; empty where numbers do not run through the box.
        box_is_whole: Somebody has declared the leaves of every dossier of the box.
    """

    declared: Mapping[str, Leaves]
    came: Mapping[str, int] = field(default_factory=dict)
    lost: Leaves = Leaves()
    box: Mapping[str, Leaves] = field(default_factory=dict)
    box_is_whole: bool = False

    @property
    def extent(self) -> Leaves:
        """The leaves of the dossier."""
        return self.declared.get("") or self._of_parts()

    def doubts(self) -> list[LeafDoubt]:
        """Return what does not fit together, in order."""
        if not any(self.declared.values()):
            return []
        return sorted({*self._counts(), *self._over(), *self._gaps(), *self._twice()})

    def _of_parts(self) -> Leaves:
        return _joined(span for component, own in self.declared.items() if component for span in own.spans)

    def _counts(self) -> Iterator[LeafDoubt]:
        found = list(self._parts_counted())
        yield from found
        whole = self.declared.get("")
        if whole and not found:
            yield from _counted("", whole, sum(self.came.values()), self.lost)

    def _parts_counted(self) -> Iterator[LeafDoubt]:
        for component, own in self.declared.items():
            if component and own:
                yield from _counted(component, own, self.came.get(component, 0), self.lost)

    def _over(self) -> Iterator[LeafDoubt]:
        whole, parts = self.declared.get(""), self._of_parts()
        beyond = parts.minus(whole) if whole else Leaves()
        known = self.extent.plus(parts)
        beyond = beyond.plus(self.lost.minus(known.plus(known.holes)))
        if beyond:
            yield LeafDoubt(LeafFault.OVER, "", _short(beyond))

    def _gaps(self) -> Iterator[LeafDoubt]:
        whole, parts = self.declared.get(""), self._of_parts()
        every = parts.plus(whole or Leaves())
        lacking = every.holes
        unnamed = set(self.came) - {component for component, own in self.declared.items() if component and own}
        if whole and parts and not unnamed:  # every component has said which leaves it has
            lacking = lacking.plus(whole.minus(parts))
        lacking = lacking.plus(self._before()).minus(self.lost)
        for each in self.box.values():
            lacking = lacking.minus(each)
        if lacking:
            yield LeafDoubt(LeafFault.GAP, "", _short(lacking))

    def _before(self) -> Leaves:
        """Return the numbers between a dossier and the one before it in its box."""
        own = self.extent
        if not (own and self.box_is_whole):
            return Leaves()
        first = own.spans[0][0]
        ends = [last for each in self.box.values() for _, last in each.spans if last < first]
        free = Leaves(((max(ends) + 1, first - 1),)) if ends and max(ends) + 1 < first else Leaves()
        for each in self.box.values():
            free = free.minus(each)
        return free

    def _twice(self) -> Iterator[LeafDoubt]:
        parts = sorted((name, own) for name, own in self.declared.items() if name and own)
        told = [
            f"{_short(common)} ({one}, {other})"
            for (one, own), (other, others) in combinations(parts, 2)
            if (common := own.both(others))
        ]
        told += [f"{_short(common)} ({code})" for code, own in self.box.items() if (common := self.extent.both(own))]
        if told:
            more = f"; +{len(told) - _SHOWN}" if len(told) > _SHOWN else ""
            yield LeafDoubt(LeafFault.TWICE, "", "; ".join(told[:_SHOWN]) + more)


def between(leaves: int, pages: int, lost: int) -> LeafFault | None:
    """Return whether pages can be the sides of so many leaves, `lost` of which have placeholders: None when they can.

    A leaf has one or two sides that were scanned.
    """
    if pages + lost < leaves:
        return LeafFault.MISSING
    return LeafFault.OVER if pages > 2 * leaves else None


def _counted(component: str, own: Leaves, pages: int, lost: Leaves) -> Iterator[LeafDoubt]:
    placed = own.both(lost).count
    fault = between(own.count, pages, placed)
    if fault is not None:
        yield LeafDoubt(fault, component, f"{pages + placed if fault is LeafFault.MISSING else pages}/{own.count}")


def runs_through(box: Iterable[Leaves]) -> bool:
    """Return whether numbers run through a box: at most one of its dossiers begins with leaf 1."""
    return sum(1 in own for own in box) <= 1


def _short(own: Leaves) -> str:
    shown = Leaves(own.spans[:_SHOWN]).text
    return f"{shown}, …" if len(own.spans) > _SHOWN else shown
