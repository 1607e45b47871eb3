"""The projection that reports count: one line of facts a dossier of the register, and what is due to be made anew.

It follows from register, archive and reference data and can be dropped at any time. Counting is the database's work:
a report of a year is one pass over narrow rows, whatever it asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, bindparam, case, delete, func, literal, select, update

from catalog.catalogue import Transaction, take_turn
from catalog.inserting import insert_into, insert_missing
from catalog.schema import (
    document,
    dossier,
    dossier_fact,
    fact_label,
    fact_profile,
    place_label,
    projection,
    scanned_tally,
)
from catalog.streaming import binary, streamed
from dossier.facts import NEVER, Axis, Cell, FactLine, Facts

_NAME = "facts"
_AT_ONCE = 500
_LABELS = ("unit", "field", "procedure")
_PLACES = ("box", "counter")
_MOMENTS = ("received", "due", "finished")
_of_text = lru_cache(maxsize=1 << 16)(Facts.of_text)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which dossiers are asked for, by their labels; None: all."""

    units: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    procedures: frozenset[str] | None = None


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Progress:
    """What the projection was made with, and up to which import of the register."""

    basis: str
    mark: int


def progress(tx: Transaction) -> Progress | None:
    """Return how far the projection has come; None before it was first made."""
    row = tx.execute(select(projection).where(projection.c.name == _NAME)).first()
    return Progress(row.basis, row.mark) if row else None


def set_progress(tx: Transaction, now: Progress) -> None:
    """Record how far the projection has come."""
    values = {"basis": now.basis, "mark": now.mark}
    statement = insert_into(tx, projection).values(name=_NAME, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def take_facts_turn(tx: Transaction) -> None:
    """Wait for whoever is making lines anew."""
    take_turn(tx, "facts")


def mark_due(tx: Transaction, document_id: str) -> None:
    """Note that the line of a document's dossier must be made anew."""
    own = select(document.c.dossier_id).where(document.c.id == document_id).scalar_subquery()
    tx.execute(update(dossier).where(dossier.c.id == own).values(facts_due=True))


def due(tx: Transaction, limit: int) -> list[str]:
    """Return codes of dossiers of the archive whose lines are due, in order."""
    query = select(dossier.c.code).where(dossier.c.facts_due).order_by(dossier.c.code).limit(limit)
    return list(tx.execute(query).scalars())


def clear_due(tx: Transaction, codes: Sequence[str]) -> None:
    """Note that the lines of these dossiers are about to be made, and keep others from changing what they follow from.

    On PostgreSQL the rows are locked, as everybody does who writes about a dossier: what is read next is the newest.
    """
    tx.execute(select(dossier.c.id).where(dossier.c.code.in_(codes)).order_by(dossier.c.id).with_for_update())
    tx.execute(update(dossier).where(dossier.c.code.in_(codes), dossier.c.facts_due).values(facts_due=False))


def clear(tx: Transaction) -> None:
    """Forget all lines: they are to be made anew."""
    for table in (dossier_fact, fact_profile, fact_label, place_label, scanned_tally, projection):
        tx.execute(delete(table))


def save(tx: Transaction, lines: Sequence[FactLine]) -> None:
    """Put lines in place of those of the same dossiers."""
    numbers = _ids(tx, fact_label, "label", {getattr(line, name) for line in lines for name in _LABELS})
    places = _ids(tx, place_label, "label", {getattr(line, name) for line in lines for name in _PLACES})
    texts = {line.facts: line.facts.as_text() for line in lines}
    profiles = _ids(tx, fact_profile, "facts", set(texts.values()))
    rows = [
        {
            "code": line.code,
            **{name: numbers[getattr(line, name)] for name in _LABELS},
            "profile": profiles[texts[line.facts]],
            **{name: places[getattr(line, name)] for name in _PLACES},
            **{name: getattr(line, name) for name in (*_MOMENTS, "pages", "to_scan")},
        }
        for line in lines
    ]
    codes = [line.code for line in lines]
    for start in range(0, len(rows), _AT_ONCE):
        some = dossier_fact.c.code.in_(codes[start : start + _AT_ONCE])
        _tally(tx, some, -1)
        tx.execute(delete(dossier_fact).where(some))
        tx.execute(dossier_fact.insert(), rows[start : start + _AT_ONCE])
        _tally(tx, some, 1)


def _tally(tx: Transaction, some: ColumnElement[bool], sign: int) -> None:
    """Count dossiers that are scanned whole in or out, by procedure."""
    columns = (dossier_fact.c.procedure, func.count(), func.sum(dossier_fact.c.pages))
    counted = select(*columns).where(some, dossier_fact.c.pages > 0).group_by(dossier_fact.c.procedure)
    for procedure, dossiers, pages in tx.execute(counted).all():
        own = {"dossiers": sign * dossiers, "pages": sign * int(pages)}
        statement = insert_into(tx, scanned_tally).values(procedure=procedure, **own)
        sums = {name: scanned_tally.c[name] + value for name, value in own.items()}
        tx.execute(statement.on_conflict_do_update(index_elements=["procedure"], set_=sums))


def cells(tx: Transaction, axis: Axis, by: Sequence[str] = (), scope: Scope = EVERYTHING) -> Iterator[Cell]:
    """Yield the dossiers of a scope as cells: each dossier is in exactly one.

    Args:
        tx: A transaction.
        axis: Marks on which side of which a dossier's moments may lie.
        by: Which of `unit`, `field`, `procedure` to tell apart; more cells, slower.
        scope: Which dossiers.
    """
    groups: list[ColumnElement[Any]] = [dossier_fact.c[name] for name in (*by, "profile")]
    groups += [_position(dossier_fact.c[name], axis).label(name) for name in _MOMENTS]
    query = select(*groups, func.count().label("dossiers")).where(*conditions(tx, scope)).group_by(*groups)
    named, profiles = _numbered(tx)
    for row in streamed(tx, query):
        found = row._mapping  # noqa: SLF001 - the documented way to a row's mapping
        yield Cell(
            unit=named[found["unit"]] if "unit" in by else "",
            field=named[found["field"]] if "field" in by else "",
            procedure=named[found["procedure"]] if "procedure" in by else "",
            facts=profiles[found["profile"]],
            received=found["received"],
            due=found["due"],
            finished=found["finished"],
            count=found["dossiers"],
        )


def labels(tx: Transaction) -> list[str]:
    """Return every name that a line has: of units, fields and procedures."""
    return list(tx.execute(select(fact_label.c.label)).scalars())


def units(tx: Transaction) -> frozenset[str]:
    """Return the units that dossiers are registered in, as labels."""
    numbers = select(dossier_fact.c.unit).distinct()
    return frozenset(tx.execute(select(fact_label.c.label).where(fact_label.c.id.in_(numbers))).scalars())


def profiles(tx: Transaction) -> dict[int, Facts]:
    """Return all facts that any line has, by their number."""
    return {row.id: _of_text(row.facts) for row in tx.execute(select(fact_profile))}


def span(tx: Transaction) -> tuple[int, int] | None:
    """Return the first and the last moment of reception; None when nothing was received."""
    first, last = tx.execute(select(func.min(dossier_fact.c.received), func.max(dossier_fact.c.received))).one()
    return None if first is None else (first, last)


def lines(tx: Transaction, scope: Scope = EVERYTHING) -> Iterator[FactLine]:
    """Yield the lines of a scope in order of code, in constant memory but for what they share."""
    named, profiles = _numbered(tx)
    places = {row.id: row.label for row in tx.execute(select(place_label))}
    query = select(dossier_fact).where(*conditions(tx, scope)).order_by(binary(tx, dossier_fact.c.code))
    for row in streamed(tx, query):
        unit, field, procedure = (named[number] for number in (row.unit, row.field, row.procedure))
        facts = profiles[row.profile]
        papers = (places[row.box], places[row.counter], row.pages, row.to_scan)
        yield FactLine(row.code, unit, field, procedure, facts, row.received, row.due, row.finished, *papers)


def listed(
    tx: Transaction,
    axis: Axis,
    chosen: Iterable[Cell],
    *,
    scope: Scope = EVERYTHING,
    after: str = "",
    limit: int = 100,
) -> list[str]:
    """Return the codes of the dossiers of some cells of the same axis, in order, a page at a time.

    Args:
        tx: A transaction.
        axis: The axis that the cells were counted on.
        chosen: Cells; which labels they tell apart does not matter, `scope` has to.
        scope: Which dossiers.
        after: The last code of the page before.
        limit: How many at most.
    """
    columns = [dossier_fact.c.profile, *(_position(dossier_fact.c[name], axis) for name in _MOMENTS)]
    wanted = {(cell.facts, cell.received, cell.due, cell.finished) for cell in chosen}
    profiles = _ids_known(tx, {facts.as_text() for facts, *_ in wanted})
    places = {(profiles[facts.as_text()], *at) for facts, *at in wanted if facts.as_text() in profiles}
    code = binary(tx, dossier_fact.c.code)
    query = (
        select(dossier_fact.c.code)
        .where(_among(columns, places), code > after, *conditions(tx, scope))
        .order_by(_unindexed(tx, code))
        .limit(limit)
    )
    return list(tx.execute(query).scalars())


def _numbered(tx: Transaction) -> tuple[dict[int, str], dict[int, Facts]]:
    """Return labels and facts by number."""
    return {row.id: row.label for row in tx.execute(select(fact_label))}, profiles(tx)


def _among(columns: Sequence[ColumnElement[Any]], places: set[tuple[int, ...]]) -> ColumnElement[bool]:
    """Return whether a row is at one of the places: as one number, so that it is looked up and not compared in turn."""
    if not places:
        return literal(value=False).is_(other=True)
    base = 1 << 10  # positions on an axis are below it
    key: ColumnElement[Any] = columns[0]
    for column in columns[1:]:
        key = key * base + (column - NEVER)
    numbers = sorted(((profile * base + a + 1) * base + b + 1) * base + c + 1 for profile, a, b, c in places)
    return key.in_(bindparam("places", numbers, expanding=True, literal_execute=True))


def _unindexed(tx: Transaction, code: ColumnElement[str]) -> ColumnElement[Any]:
    """Return an order by code that SQLite does not follow through the index, looking for rare rows one by one."""
    return func.coalesce(code, "") if tx.dialect.name == "sqlite" else code


def _position(column: ColumnElement[Any], axis: Axis) -> ColumnElement[int]:
    """Return how many marks of an axis lie at or before a moment, found by halves."""
    return case((column.is_(None), NEVER), else_=_halved(column, axis.marks, 0))


def _halved(column: ColumnElement[Any], marks: Sequence[int], first: int) -> Any:  # noqa: ANN401 - a number or a case
    if not marks:
        return literal(first, Integer)
    middle = len(marks) // 2
    lower, upper = _halved(column, marks[:middle], first), _halved(column, marks[middle + 1 :], first + middle + 1)
    return case((column < marks[middle], lower), else_=upper)


def conditions(tx: Transaction, scope: Scope) -> list[ColumnElement[bool]]:
    """Return what the lines of a scope fulfil."""
    asked = {"unit": scope.units, "field": scope.fields, "procedure": scope.procedures}
    return [
        dossier_fact.c[name].in_([row.id for row in tx.execute(select(fact_label)) if row.label in labels])
        for name, labels in asked.items()
        if labels is not None
    ]


def _ids(tx: Transaction, table: Table, column: str, texts: set[str]) -> dict[str, int]:
    """Return the number of each text, new ones numbered."""
    known = _known(tx, table, column, texts)
    if fresh := sorted(texts - known.keys()):
        insert_missing(tx, table, [{column: text} for text in fresh])
        known |= _known(tx, table, column, set(fresh))
    return known


def _ids_known(tx: Transaction, texts: set[str]) -> dict[str, int]:
    return _known(tx, fact_profile, "facts", texts)


def _known(tx: Transaction, table: Table, column: str, texts: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    ordered = sorted(texts)
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        rows = tx.execute(select(table.c[column], table.c.id).where(table.c[column].in_(some)))
        found |= {row[0]: row[1] for row in rows}
    return found
