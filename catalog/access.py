"""The access log: what people looked at, took away, searched for and changed, as one chain of digests.

It carries ids, never names, values or the words of a search. Whoever removes or changes a line breaks the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select

from catalog.catalogue import Transaction, take_turn
from catalog.columns import moment, stamp
from catalog.people_tables import access
from catalog.portable import count_on
from catalog.streaming import streamed
from dossier.digest import canonical, of_bytes
from dossier.errors import Code, Rejected

GENESIS = "0" * 64
_TURN = "access log"


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the log.

    Attributes:
        number: In order, from 1.
        at: When.
        account: Id of the account; empty where nobody was signed in.
        action: What was done, e.g. `document.view`; a stable name.
        subject: Id of what it was done to; empty where it has none.
        detail: More of it, without anything about people.
        previous: Digest of the line before.
        digest: Over all of this.
    """

    number: int
    at: datetime
    account: str
    action: str
    subject: str
    detail: str
    previous: str
    digest: str


def note(tx: Transaction, at: datetime, account: str, action: str, subject: str = "", detail: str = "") -> None:
    """Add a line; writers take their turns, so that each line has one heir."""
    take_turn(tx, _TURN)
    previous = tx.execute(select(access.c.digest).order_by(access.c.id.desc()).limit(1)).scalar() or GENESIS
    values = {
        "at": stamp(at),
        "account": account,
        "action": action,
        "subject": subject,
        "detail": detail,
        "previous": previous,
    }
    tx.execute(insert(access).values(**values, digest=of_bytes(canonical(values))))


def lines(tx: Transaction, after: int = 0, most: int | None = None) -> Iterator[Access]:
    """Yield lines in order, in constant memory; with `most`, so many at most after a number."""
    query = select(access).where(access.c.id > after).order_by(access.c.id)
    for row in streamed(tx, query if most is None else query.limit(most)):
        yield _read(row)


def between(tx: Transaction, first: int, last: int) -> list[Access]:
    """Return the lines from one number to another, both among them."""
    return [
        _read(row) for row in tx.execute(select(access).where(access.c.id.between(first, last)).order_by(access.c.id))
    ]


def has(tx: Transaction, number: int, digest: str) -> bool:
    """Return whether the line of this number has this digest."""
    return tx.execute(select(access.c.id).where(access.c.id == number, access.c.digest == digest)).first() is not None


def put(tx: Transaction, held: Iterable[Access]) -> None:
    """Put lines back under their numbers, as a rebuild finds them."""
    rows = [{"id": line.number, **as_hashed(line)} for line in held]
    tx.execute(insert(access), rows)
    count_on(tx, access)


def newest(tx: Transaction, most: int, before: int | None = None) -> list[Access]:
    """Return the newest lines, newest first; with `before`, those of lower numbers."""
    query = select(access).order_by(access.c.id.desc()).limit(most)
    return [_read(row) for row in tx.execute(query if before is None else query.where(access.c.id < before))]


def as_hashed(line: Access) -> dict[str, str]:
    """Return a line as it is hashed (canonical JSON), its digest beside: for export and outside checking."""
    return {**_body(line), "digest": line.digest}


def follows(line: Access, previous: str) -> bool:
    """Return whether a line is whole and the heir of the one with this digest."""
    return line.previous == previous and line.digest == of_bytes(canonical(_body(line)))


def check(tx: Transaction) -> tuple[int, str]:
    """Recompute the chain; return how many lines it has, and its head digest.

    Raises:
        Rejected(EVENT_CHAIN_BROKEN): A line was changed, removed or inserted; the detail names the first bad one.
    """
    previous, count = GENESIS, 0
    for line in lines(tx):
        if not follows(line, previous):
            raise Rejected(Code.EVENT_CHAIN_BROKEN, f"line {line.number}", subject="access log")
        previous, count = line.digest, count + 1
    return count, previous


def _read(row: Row[Any]) -> Access:
    return Access(row.id, moment(row.at), row.account, row.action, row.subject, row.detail, row.previous, row.digest)


def _body(line: Access) -> dict[str, str]:
    """Return what a line's digest is taken over."""
    return {
        "at": stamp(line.at),
        "account": line.account,
        "action": line.action,
        "subject": line.subject,
        "detail": line.detail,
        "previous": line.previous,
    }
