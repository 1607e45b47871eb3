"""The access log in the archive store: its lines go there in segments, which nobody who holds the catalogue can change.

A segment is an object of JSON lines, each canonical: first what it is (number, digest of the segment's object before,
numbers of its first and last line, how many, digest of the last), then the lines with their numbers and digests. The
digest of the newest segment is a leaf of the next seal: everything before it stands under the seal's time stamp.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

from catalog import Transaction, access, access_segments, objects
from catalog.access import Access
from catalog.access_segments import Segment
from catalog.catalogue import take_turn
from catalog.schema import moment, stamp
from dossier.digest import canonical, of_bytes
from dossier.errors import Code, Rejected
from dossier.model import ObjectRef
from pipeline.keeping import keep_bytes
from pipeline.locking import lock
from pipeline.services import Services
from storage.port import ObjectStore

ACCESS_MARK = "hososo-access-log 1"
ACCESS_TYPE = "application/vnd.hososo.access-log+jsonl"
_MOST_LINES = 5000
_MOST_BYTES = 64 << 20
_HIGHEST = (1 << 62) - 1
_TEXTS = ("account", "action", "subject", "detail", "previous", "digest")


@dataclass(frozen=True, slots=True)
class Stored:
    """A segment as the store has it, with its lines."""

    segment: Segment
    lines: tuple[Access, ...]


def store_access_log(services: Services, most: int = _MOST_LINES) -> int:
    """Put every line that no segment has into the archive store; return how many there were.

    Safe to run again, by several at once, and after a kill: a segment counts only when the catalogue has it, of two
    that follow the same one only the first does, and the next sweep removes the bytes of the other.

    Args:
        services: Of this process.
        most: Lines a segment.

    Raises:
        Unavailable: Store or catalogue cannot take it now; nothing is lost, it is done by the next run.
    """
    done = 0
    while found := _next(services, most):
        before, own, data = found
        ref = keep_bytes(data, ACCESS_TYPE, services)
        with services.catalogue.write() as tx:
            take_turn(tx, "access segment")
            if access_segments.latest(tx) != before:
                continue  # another process was faster: what it has left is for the next round
            record(tx, replace(own, sha256=ref.sha256), ref)
        lock([digest for digest in (ref.sha256, own.previous) if digest], services)
        done += own.lines
    return done


def record(tx: Transaction, own: Segment, ref: ObjectRef) -> None:
    """Record a segment and its object."""
    access_segments.add(tx, own)
    objects.record(tx, ref, f"access-log:{own.number}", "segment of the access log", moment(own.closed_at))


def as_object(own: Segment, lines: Iterable[Access]) -> bytes:
    """Return a segment as it is kept in the archive store."""
    said = asdict(own)
    del said["sha256"]
    rows = ({**access.as_hashed(line), "number": line.number} for line in lines)
    return b"".join(canonical(row) + b"\n" for row in ({"#": ACCESS_MARK, **said}, *rows))


def from_object(data: bytes) -> Stored:
    """Return the segment that `as_object` wrote; it is not judged but for its form.

    Raises:
        Rejected(OBJECT_DAMAGED): It is none.
    """
    sha256 = of_bytes(data)
    try:
        first, *rest = (json.loads(line) for line in data.decode().split("\n") if line)
        lines = tuple(_line(value) for value in rest)
        own = _segment(first, sha256)
        sound = first["#"] == ACCESS_MARK and _fits(own, lines)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as exc:
        raise Rejected(Code.OBJECT_DAMAGED, "no segment of the access log", subject=sha256) from exc
    if not sound:
        raise Rejected(Code.OBJECT_DAMAGED, "a segment without the lines that it names", subject=sha256)
    return Stored(own, lines)


def read_segment(sha256: str, store: ObjectStore) -> Stored:
    """Return a segment out of the store.

    Raises:
        Rejected: OBJECT_MISSING; OBJECT_DAMAGED when its bytes are not those of its name, or no segment.
    """
    data = store.read(sha256, 0, _MOST_BYTES)
    if of_bytes(data) != sha256:
        raise Rejected(Code.OBJECT_DAMAGED, "the digest differs", subject=sha256)
    return from_object(data)


def segment_of(lines: Sequence[Access], before: Segment | None) -> Segment:
    """Return the segment of some lines, the heir of the one before; its object has no name yet.

    It says nothing but what follows from the lines, so two processes that store the same ones make the same object.
    """
    number, previous = (before.number + 1, before.sha256) if before else (1, "")
    last = lines[-1]
    return Segment(number, "", previous, lines[0].number, last.number, len(lines), last.digest, stamp(last.at))


def _next(services: Services, most: int) -> tuple[Segment | None, Segment, bytes] | None:
    """Return the newest segment, the one that follows it and its bytes; None when there is no line for one."""
    with services.catalogue.read() as tx:
        before = access_segments.latest(tx)
        lines = list(islice(access.lines(tx, before.last if before else 0, most), most))
    if not lines:
        return None
    own = segment_of(lines, before)
    return before, own, as_object(own, lines)


def _segment(said: dict[str, Any], sha256: str) -> Segment:
    numbers = {name: int(said[name]) for name in ("number", "first", "last", "lines")}
    texts = {name: str(said[name]) for name in ("previous", "head", "closed_at")}
    values: dict[str, Any] = {"sha256": sha256, **numbers, **texts}
    return Segment(**values)


def _fits(own: Segment, lines: Sequence[Access]) -> bool:
    """Return whether a segment has the lines that it says it has, in order."""
    numbers = [line.number for line in lines]
    if not numbers or numbers != sorted(set(numbers)) or numbers[0] < 1 or numbers[-1] > _HIGHEST:
        return False
    said = (own.first, own.last, own.lines, own.head)
    return own.number > 0 and said == (numbers[0], numbers[-1], len(lines), lines[-1].digest)


def _line(value: dict[str, Any]) -> Access:
    texts = {name: str(value[name]) for name in _TEXTS}
    return Access(number=int(value["number"]), at=moment(str(value["at"])), **texts)
