"""What a person must deal with: kept until it is gone from the folder or dealt with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from catalog.catalogue import Transaction
from catalog.inserting import insert_into
from catalog.partial import UNRESOLVED
from catalog.schema import problem, stamp
from dossier.errors import Code


@dataclass(frozen=True, slots=True)
class Problem:
    """One open problem: where, what, since when."""

    folder: str
    subject: str
    code: Code
    detail: str
    first_seen: str
    last_seen: str


def report(tx: Transaction, folder: str, subject: str, code: Code, detail: str, at: datetime) -> None:
    """Note a problem, or that it is still there; one that came back is open again."""
    told = {
        "folder": folder,
        "subject": subject,
        "code": code.value,
        "detail": detail,
        "first_seen": stamp(at),
        "last_seen": stamp(at),
        "resolved_at": "",
    }
    again = {name: told[name] for name in ("detail", "last_seen", "resolved_at")}
    same = [problem.c.folder, problem.c.subject, problem.c.code]
    tx.execute(insert_into(tx, problem).values(told).on_conflict_do_update(index_elements=same, set_=again))


def resolve_all(tx: Transaction, folder: str, at: datetime) -> None:
    """Close every open problem of a folder: it is about to be looked at again."""
    tx.execute(update(problem).where(problem.c.folder == folder, UNRESOLVED).values(resolved_at=stamp(at)))


def resolve(tx: Transaction, folder: str, subject: str, code: Code, at: datetime) -> None:
    """Close one problem: somebody has dealt with it."""
    tx.execute(
        update(problem)
        .where(problem.c.folder == folder, problem.c.subject == subject, problem.c.code == code.value)
        .where(UNRESOLVED)
        .values(resolved_at=stamp(at))
    )


def folders_below(tx: Transaction, root: str) -> list[str]:
    """Return the folders inside a folder that have an open problem."""
    inside = problem.c.folder.startswith(f"{root}/", autoescape=True)
    return list(tx.execute(select(problem.c.folder).where(inside, UNRESOLVED).distinct()).scalars())


def open_of(tx: Transaction, codes: Iterable[Code], most: int) -> list[Problem]:
    """Return the problems of some kinds that wait for a person, oldest first, at most so many."""
    query = select(problem).where(UNRESOLVED, problem.c.code.in_([code.value for code in codes]))
    rows = tx.execute(query.order_by(problem.c.id).limit(most))
    return [Problem(row.folder, row.subject, Code(row.code), row.detail, row.first_seen, row.last_seen) for row in rows]


def open_problems(tx: Transaction, folder: str | None = None) -> list[Problem]:
    """Return the problems that wait for a person, oldest first; of one folder, when it is named."""
    query = select(problem).where(UNRESOLVED)
    rows = tx.execute(query if folder is None else query.where(problem.c.folder == folder)).all()
    rows = sorted(rows, key=lambda row: row.id)  # here: asked to, SQLite walks through all that were ever resolved
    return [Problem(row.folder, row.subject, Code(row.code), row.detail, row.first_seen, row.last_seen) for row in rows]
