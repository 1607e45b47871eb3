"""Checking the access log: each line, each stored segment, and that the catalogue has what the store has.

Whoever holds the catalogue alone can change, remove or reorder lines and forget segments; each of these is found and
named. Lines that no segment has yet are only as safe as the catalogue: some minutes' worth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from catalog import Transaction, access, access_segments, filling
from catalog.access import GENESIS, Access
from catalog.access_segments import Segment
from dossier.errors import Code, Rejected
from pipeline.access_log import ACCESS_MARK, ACCESS_TYPE, Stored, read_segment
from pipeline.records import mark_of
from storage.port import ObjectStore

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: `subject` names a line or a segment by its number."""

    code: Code
    subject: str
    detail: str


@dataclass
class AccessCheck:
    """What a check has looked at, and what it found.

    Attributes:
        lines, segments: How many there are; `unstored` of the lines lie in no segment yet, `unread` were not read.
        head: Digest of the last line.
        faults: What is wrong, in order.
    """

    lines: int = 0
    segments: int = 0
    unstored: int = 0
    unread: int = 0
    head: str = GENESIS
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def blame(self, subject: str, detail: str, code: Code = Code.EVENT_CHAIN_BROKEN) -> None:
        """Note a fault."""
        self.faults.append(Fault(code, subject, detail))


def check_access_log(tx: Transaction, store: ObjectStore, *, most_lines: int | None = None) -> AccessCheck:
    """Check the lines of the catalogue against their chain and against the segments in the store.

    Args:
        tx: A transaction.
        store: The archive store.
        most_lines: Read the newest segments up to about so many lines; of those before only that none is missing.
            None: read all.
    """
    done = AccessCheck()
    begin = 0 if most_lines is None else access_segments.begin_of(tx, most_lines)
    before: Segment | None = None
    for own in access_segments.every(tx):
        _check_place(own, before, done)
        if own.number < begin:
            done.lines += own.lines
            done.unread += own.lines
        else:
            _check_segment(own, before, tx, store, done)
        before, done.segments, done.head = own, done.segments + 1, own.head
    _check_unstored(before, tx, done)
    return done


def strays(tx: Transaction, store: ObjectStore) -> Iterator[Fault]:
    """Yield what the store has of the access log and the catalogue no longer: somebody has cut the catalogue's off.

    The bytes of a segment that a killed process has left are none: the catalogue has all their lines.
    """
    for sha256 in chain(access_segments.unlisted(tx, ACCESS_TYPE), _unknown(tx, store)):
        if gone := gone_lines(sha256, tx, store):
            detail = f"its lines {gone[0]} to {gone[-1]} are gone from the catalogue"
            yield Fault(Code.EVENT_CHAIN_BROKEN, f"object {sha256}", detail)


def gone_lines(sha256: str, tx: Transaction, store: ObjectStore) -> list[int]:
    """Return the lines of a stored segment that the catalogue does not have; none for what is no segment."""
    try:
        stored = read_segment(sha256, store)
    except Rejected:
        return []
    return [line.number for line in stored.lines if not access.has(tx, line.number, line.digest)]


def _unknown(tx: Transaction, store: ObjectStore) -> Iterator[str]:
    """Yield the segments in the store that the catalogue does not know, not even as objects."""
    refs = store.list()
    while some := [ref.sha256 for ref in islice(refs, _AT_ONCE)]:
        unknown = sorted(filling.unknown(tx, some))
        yield from (sha256 for sha256 in unknown if mark_of(sha256, store) == ACCESS_MARK)


def _check_place(own: Segment, before: Segment | None, done: AccessCheck) -> None:
    """Check that a segment is the heir of the one before, without a gap."""
    number, previous, last = (before.number, before.sha256, before.last) if before else (0, "", 0)
    for missing in range(number + 1, min(own.number, number + _AT_ONCE)):
        done.blame(f"segment {missing}", "gone from the catalogue")
    if own.number == number + 1 and (own.previous != previous or own.first <= last):
        done.blame(f"segment {own.number}", "does not follow the one before")


def _check_segment(
    own: Segment, before: Segment | None, tx: Transaction, store: ObjectStore, done: AccessCheck
) -> None:
    """Check a segment's object, its own chain of lines, and that the catalogue has exactly these lines."""
    follows = own.number == (before.number + 1 if before else 1)
    lines = access.between(tx, (before.last if before else 0) + 1 if follows else own.first, own.last)
    done.lines += len(lines)
    try:
        stored = read_segment(own.sha256, store)
    except Rejected as exc:
        done.blame(f"segment {own.number}", exc.detail or "not in the store", exc.code)
        return
    if stored.segment != own or not _is_whole(stored, before):
        done.blame(f"segment {own.number}", "differs from the stored one")
    _compare(stored, lines, done)


def _is_whole(stored: Stored, before: Segment | None) -> bool:
    """Return whether each line of a segment is the heir of the one before."""
    previous = _head_before(stored, before)
    for line in stored.lines:
        if not access.follows(line, previous):
            return False
        previous = line.digest
    return True


def _head_before(stored: Stored, before: Segment | None) -> str:
    """Return what the first line must follow; where the segment before is lost, what it says itself."""
    if before is None:
        return GENESIS if stored.segment.number == 1 else stored.lines[0].previous
    return before.head if before.number + 1 == stored.segment.number else stored.lines[0].previous


def _compare(stored: Stored, lines: list[Access], done: AccessCheck) -> None:
    """Name the first line that is not in the catalogue as it was stored, and how many more there are."""
    there, here = ({line.number: line for line in each} for each in (stored.lines, lines))
    wrong = sorted(number for number in there.keys() | here.keys() if there.get(number) != here.get(number))
    if not wrong:
        return
    first = wrong[0]
    what = "added" if first not in there else "removed" if first not in here else "changed"
    done.blame(f"line {first}", f"{what} in the catalogue; in segment {stored.segment.number} {len(wrong)} differ")


def _check_unstored(before: Segment | None, tx: Transaction, done: AccessCheck) -> None:
    """Check the lines that no segment has yet."""
    for line in access.lines(tx, before.last if before else 0):
        if not access.follows(line, done.head):
            done.blame(f"line {line.number}", "does not follow the one before")
            return
        done.head, done.lines, done.unstored = line.digest, done.lines + 1, done.unstored + 1
