"""Segments of the access log: runs of lines that lie in the archive store, each the heir of the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from catalog.access_tables import access_segment
from catalog.catalogue import Transaction
from catalog.schema import stored_object
from catalog.streaming import streamed


@dataclass(frozen=True, slots=True)
class Segment:
    """One run of lines.

    Attributes:
        number: In order, from 1.
        sha256: Digest of its object, by which the archive store knows it; empty while there is none.
        previous: Digest of the object of the segment before; empty for the first.
        first, last: Numbers of its first and last line. Between them numbers may be missing, where a database gave
            one to a line that was never finished.
        lines: How many it has.
        head: Digest of its last line.
        closed_at: When its last line was noted, as times are stored.
    """

    number: int
    sha256: str
    previous: str
    first: int
    last: int
    lines: int
    head: str
    closed_at: str


def add(tx: Transaction, own: Segment) -> None:
    """Record a segment."""
    tx.execute(insert(access_segment).values(**asdict(own)))


def latest(tx: Transaction) -> Segment | None:
    """Return the newest segment, or None."""
    row = tx.execute(select(access_segment).order_by(access_segment.c.number.desc()).limit(1)).first()
    return _segment(row) if row else None


def every(tx: Transaction) -> Iterator[Segment]:
    """Yield the segments in order, in constant memory."""
    for row in streamed(tx, select(access_segment).order_by(access_segment.c.number)):
        yield _segment(row)


def begin_of(tx: Transaction, most_lines: int) -> int:
    """Return the number of the segment with which the newest lines begin, about so many; at least the newest one."""
    query = select(access_segment.c.number, access_segment.c.lines).order_by(access_segment.c.number.desc())
    begin, total = 0, 0
    for row in tx.execute(query.limit(most_lines)):
        if begin and total + row.lines > most_lines:
            break
        begin, total = row.number, total + row.lines
    return begin


def numbers(tx: Transaction) -> set[int]:
    """Return which segments there are."""
    return set(tx.execute(select(access_segment.c.number)).scalars())


def has(tx: Transaction, sha256: str) -> bool:
    """Return whether a segment has this digest."""
    return tx.execute(select(access_segment.c.number).where(access_segment.c.sha256 == sha256)).first() is not None


def unlisted(tx: Transaction, media_type: str) -> list[str]:
    """Return the objects of this type that the catalogue knows and no segment has."""
    known = select(stored_object.c.sha256).where(stored_object.c.media_type == media_type)
    return list(tx.execute(known.where(stored_object.c.sha256.not_in(select(access_segment.c.sha256)))).scalars())


def sealed(tx: Transaction) -> str:
    """Return the digest of the newest segment that a seal names; empty while there is none."""
    known = select(access_segment.c.sha256).where(access_segment.c.sealed).order_by(access_segment.c.number.desc())
    return tx.execute(known.limit(1)).scalar() or ""


def note_sealed(tx: Transaction, sha256: str) -> None:
    """Note that a seal names a segment."""
    tx.execute(update(access_segment).where(access_segment.c.sha256 == sha256).values(sealed=True))


def forget_sealed(tx: Transaction) -> None:
    """Let the next seal name the newest segment, whatever those before it name."""
    tx.execute(update(access_segment).where(access_segment.c.sealed).values(sealed=False))


def _segment(row: Row[Any]) -> Segment:
    return Segment(row.number, row.sha256, row.previous, row.first, row.last, row.lines, row.head, row.closed_at)
