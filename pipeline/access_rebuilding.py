"""Rebuilding the access log: its segments out of the archive store, in the order of their chain, with their lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from catalog import Catalogue, access, access_segments
from catalog.access_segments import Segment
from catalog.seals import ACCESS_LOG, Seal
from dossier.errors import Code
from dossier.model import ObjectRef
from pipeline.access_checking import gone_lines
from pipeline.access_log import ACCESS_TYPE, read_segment, record
from storage.port import ObjectStore


class Outcome(Protocol):
    """What is told of the access log."""

    access_lines: int
    access_lost: list[int]
    unusable: list[tuple[str, Code]]


@dataclass
class AccessLog:
    """The segments that were found, in whatever order, without their lines: these would fill the memory."""

    _found: dict[str, tuple[Segment, ObjectRef]] = field(default_factory=dict)
    _sealed: set[str] = field(default_factory=set)

    def take_seal(self, entry: Seal) -> None:
        """Note which segment a seal names: of two with one number, of which a killed process left one, it counts."""
        self._sealed.add(entry.heads.get(ACCESS_LOG, ""))

    def take(self, ref: ObjectRef, store: ObjectStore) -> None:
        """Note a segment.

        Raises:
            Rejected(OBJECT_DAMAGED): It is none.
        """
        own = read_segment(ref.sha256, store).segment
        self._found[own.sha256] = (own, replace(ref, media_type=ACCESS_TYPE))

    def restore(self, catalogue: Catalogue, store: ObjectStore, done: Outcome) -> None:
        """Record the longest chain with its lines; tell numbers that are lost, and segments that contradict it."""
        chain = list(self._chain())[::-1]
        with catalogue.read() as tx:
            there = access_segments.numbers(tx)  # a run that was killed has done them
        for own in chain:
            done.access_lines += own.lines
            if own.number not in there:
                self._record(own, catalogue, store)
        numbers = {own.number for own in chain}
        done.access_lost += [number for number in range(1, max(numbers, default=0)) if number not in numbers]
        with catalogue.read() as tx:
            others = self._found.keys() - {own.sha256 for own in chain}
            contradicting = [sha256 for sha256 in sorted(others) if gone_lines(sha256, tx, store)]
        done.unusable += [(sha256, Code.EVENT_CHAIN_BROKEN) for sha256 in contradicting]

    def _record(self, own: Segment, catalogue: Catalogue, store: ObjectStore) -> None:
        stored = read_segment(own.sha256, store)
        with catalogue.write() as tx:
            access.put(tx, stored.lines)
            record(tx, own, self._found[own.sha256][1])

    def _chain(self) -> Iterator[Segment]:
        """Yield the longest chain backwards, what a seal names where there are several; over gaps it goes on."""
        segments = {sha256: own for sha256, (own, _) in self._found.items()}
        present = max(segments.values(), key=self._rank, default=None)
        while present is not None:
            yield present
            earlier = segments.get(present.previous)
            if earlier is None or not _fits(earlier, present):
                fitting = (own for own in segments.values() if _fits(own, present))
                earlier = max(fitting, key=self._rank, default=None)
            present = earlier

    def _rank(self, own: Segment) -> tuple[int, bool, int]:
        return own.number, own.sha256 in self._sealed, own.last


def _fits(earlier: Segment, later: Segment) -> bool:
    return earlier.number < later.number and earlier.last < later.first
