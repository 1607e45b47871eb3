"""What was imported when by whom, what it changed, and how the files of a source are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import delete, func, select

from catalog.catalogue import Transaction, row_dict
from catalog.inserting import insert_into
from catalog.register_rows import FIELDS
from catalog.schema import moment, register_entry, register_history, register_import, register_source, stamp


@dataclass(frozen=True, slots=True)
class PastImport:
    """An import that was saved. `number` counts from 1 in the order of imports."""

    number: int
    at: datetime
    actor: str
    name: str
    sha256: str
    as_of: datetime
    accepted: int
    rejected: int
    held: int
    changed: int


@dataclass(frozen=True, slots=True)
class Change:
    """What an import did to a row: the values of its fields before (None: there was no row) and after it."""

    by: PastImport
    fields: Mapping[str, tuple[Any, Any]]
    is_first: bool


@dataclass(frozen=True, slots=True)
class SavedSource:
    """How files with a certain header are read."""

    mark: str
    choice: Mapping[str, Any]
    name: str
    actor: str
    at: datetime


def past_imports(tx: Transaction) -> list[PastImport]:
    """Return every import in order."""
    counted = select(register_history.c.import_id, func.count()).group_by(register_history.c.import_id)
    changed: dict[int, int] = {number: int(count) for number, count in tx.execute(counted)}
    found = tx.execute(select(register_import).order_by(register_import.c.id))
    return [
        PastImport(
            number=number,
            at=moment(row.at),
            actor=row.actor,
            name=row.name,
            sha256=row.sha256,
            as_of=moment(row.as_of or row.at),
            accepted=row.accepted,
            rejected=row.rejected,
            held=row.held,
            changed=changed.get(row.id, 0),
        )
        for number, row in enumerate(found, start=1)
    ]


def changes(tx: Transaction, code: str) -> list[Change]:
    """Return what imports did to the row of a dossier code, in their order; the first made it."""
    current = tx.execute(select(register_entry).where(register_entry.c.code == code)).first()
    if current is None:
        return []
    ids = list(tx.execute(select(register_import.c.id).order_by(register_import.c.id)).scalars())
    by_id = dict(zip(ids, past_imports(tx), strict=True))
    query = select(register_history.c.before).where(register_history.c.code == code).order_by(register_history.c.id)
    states: list[Mapping[str, Any]] = [*tx.execute(query).scalars(), row_dict(current)]
    found = [Change(by_id[states[0]["import_id"]], _differences({}, states[0]), is_first=True)]
    for old, new in pairwise(states):
        found.append(Change(by_id[new["import_id"]], _differences(old, new), is_first=False))
    return found


def source_of(tx: Transaction, marks: Collection[str]) -> SavedSource | None:
    """Return how a file is read that has a row with one of these marks: the newest of what was saved."""
    query = select(register_source).where(register_source.c.mark.in_(list(marks)))
    row = tx.execute(query.order_by(register_source.c.at.desc())).first()
    return _source(row_dict(row)) if row else None


def sources(tx: Transaction) -> list[SavedSource]:
    """Return every saved source, the newest first."""
    rows = tx.execute(select(register_source).order_by(register_source.c.at.desc(), register_source.c.mark))
    return [_source(row_dict(row)) for row in rows]


def remember_source(tx: Transaction, source: SavedSource) -> None:
    """Save how files with this header are read, in place of what was saved before."""
    values = {"choice": dict(source.choice), "name": source.name, "actor": source.actor, "at": stamp(source.at)}
    statement = insert_into(tx, register_source).values(mark=source.mark, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["mark"], set_=values))


def forget_source(tx: Transaction, mark: str) -> int:
    """Forget how the files of a source are read, named by the beginning of its mark; return how many there were."""
    like = register_source.c.mark.startswith(mark, autoescape=True)
    return tx.execute(delete(register_source).where(like)).rowcount


def _source(row: dict[str, Any]) -> SavedSource:
    return SavedSource(**row | {"at": moment(row["at"])})


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        name: (old.get(name), new.get(name))
        for name in FIELDS
        if name not in ("code", "row") and _told(old.get(name)) != _told(new.get(name))
    }


def _told(value: object) -> object:
    """Return a value, None for an empty text: a column that was added later says nothing of earlier rows."""
    return None if value == "" else value
