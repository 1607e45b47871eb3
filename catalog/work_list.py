"""The work that is left, by box and by dossier: one pass over the lines of facts, whose costs come from outside.

What a dossier costs follows from its profile and its procedure, so the costs of either are handed to the database as
two small tables; known pages stand in the line itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    MetaData,
    Select,
    Table,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    select,
    text,
    type_coerce,
)
from sqlalchemy.schema import CreateTable

from catalog.catalogue import Transaction
from catalog.facts import Scope, conditions, profiles
from catalog.schema import dossier_fact, fact_label, place_label, scanned_tally
from catalog.streaming import binary
from dossier.facts import Facts
from dossier.remaining import BoxWork, DossierWork, Price, Prices

_MEMORY = "64MB"


@dataclass(frozen=True, slots=True)
class Window:
    """Which dossiers: received from one moment (seconds since 1970) to before another, of one counter or box."""

    start: int
    end: int
    scope: Scope = Scope()  # noqa: RUF009 - frozen
    counter: str | None = None
    box: str | None = None


def scanned(tx: Transaction) -> dict[str, tuple[int, int]]:
    """Return by procedure how many dossiers were scanned whole, and their pages."""
    query = select(fact_label.c.label, scanned_tally.c.dossiers, scanned_tally.c.pages).join(
        fact_label, fact_label.c.id == scanned_tally.c.procedure
    )
    return {row.label: (row.dossiers, row.pages) for row in tx.execute(query) if row.dossiers > 0}


def known_facts(tx: Transaction) -> list[Facts]:
    """Return all facts that there are: so many prices are needed."""
    return list(profiles(tx).values())


def boxes(tx: Transaction, window: Window, prices: Prices) -> Iterator[BoxWork]:
    """Yield what is left by unit and box, in no order; every dossier that the rate counts is in one."""
    tables = _Tables(tx, prices)
    groups = (dossier_fact.c.unit, dossier_fact.c.box)
    query = select(*groups, func.max(dossier_fact.c.counter), *tables.sums).group_by(*groups)
    units, places = _names(tx, fact_label), _names(tx, place_label)
    if tx.dialect.name == "postgresql":
        tx.execute(text(f"SET LOCAL work_mem = '{_MEMORY}'"))  # sorting a million lines on disk takes twice the time
    for row in tx.execute(tables.joined(query).where(*_within(tx, window))):
        unit, box, counter, *sums = tuple(row)
        yield BoxWork(units[unit], places[box], places[counter], *sums)


def whole(tx: Transaction, window: Window, prices: Prices) -> BoxWork | None:
    """Return what is left in a window as if it were one box; None when the rate counts none of its dossiers."""
    tables = _Tables(tx, prices)
    sums = tuple(tx.execute(tables.joined(select(*tables.sums)).where(*_within(tx, window))).one())
    return BoxWork("", window.box or "", "", *sums) if sums[0] else None


def dossiers(
    tx: Transaction, window: Window, prices: Prices, limit: int, *, oldest_first: bool = False, skip: int = 0
) -> list[DossierWork]:
    """Return the dossiers with work that raise the rate soonest: most gain for a minute of work first.

    Args:
        tx: A transaction.
        window: Which dossiers.
        prices: What they take; those without work on paper or at a desk are not listed.
        limit: How many at most.
        oldest_first: In order of reception instead.
        skip: How many of the first ones to leave out.
    """
    listed = {facts: price for facts, price in prices.by_facts.items() if price.on_paper or price.at_desk}
    tables = _Tables(tx, replace(prices, by_facts=listed))
    price = tables.prices.c
    gain, minutes = price.paper_gain + price.desk_gain, price.paper_minutes + price.desk_minutes
    by_gain = (gain / (tables.pages * prices.page_minutes + minutes)).desc()
    code = binary(tx, dossier_fact.c.code)
    order = (dossier_fact.c.received, code) if oldest_first else (by_gain, dossier_fact.c.received, code)
    columns = [dossier_fact.c[name] for name in ("code", "unit", "procedure", "box", "counter", "profile", "received")]
    asked = (gain.label("gain"), tables.pages.label("pages"), minutes.label("minutes"), dossier_fact.c.to_scan)
    query = select(*columns, *asked).where(*_within(tx, window))
    query = tables.joined(query).order_by(*order).limit(limit).offset(skip)
    labels, places, every = _names(tx, fact_label), _names(tx, place_label), profiles(tx)
    return [
        DossierWork(
            row.code,
            labels[row.unit],
            labels[row.procedure],
            places[row.box],
            places[row.counter],
            every[row.profile],
            row.received,
            float(row.gain),
            float(row.pages),
            float(row.minutes),
            row.to_scan is not None,
        )
        for row in tx.execute(query)
    ]


def box_facts(
    tx: Transaction, window: Window, chosen: Sequence[BoxWork]
) -> dict[tuple[str, str], list[tuple[Facts, int]]]:
    """Return by unit and box how many dossiers of some boxes have which facts."""
    units = {label: number for number, label in _names(tx, fact_label).items()}
    places = {label: number for number, label in _names(tx, place_label).items()}
    wanted = {(units[box.unit], places[box.box]): (box.unit, box.box) for box in chosen}
    columns = [dossier_fact.c[name] for name in ("unit", "box", "profile")]
    query = select(*columns, func.count().label("dossiers")).where(
        dossier_fact.c.unit.in_({unit for unit, _ in wanted}),
        dossier_fact.c.box.in_({box for _, box in wanted}),
        *_within(tx, window),
    )
    every = profiles(tx)
    found: dict[tuple[str, str], list[tuple[Facts, int]]] = {}
    for row in tx.execute(query.group_by(*columns)):
        if (row.unit, row.box) in wanted:
            found.setdefault(wanted[row.unit, row.box], []).append((every[row.profile], row.dossiers))
    return found


class _Tables:
    """The prices and the pages expected as tables of one query."""

    def __init__(self, tx: Transaction, prices: Prices) -> None:
        numbers = {facts: number for number, facts in profiles(tx).items()}
        rows = [(numbers[facts], *_row(price)) for facts, price in prices.by_facts.items() if facts in numbers]
        self.prices = _table(tx, "prices", ("id", *_PRICE), rows)
        expected = [
            (row.id, prices.expected[row.label])
            for row in tx.execute(select(fact_label))
            if row.label in prices.expected
        ]
        self.expected = _table(tx, "expected", ("id", "pages"), [*expected, (-1, 0.0)])
        whole = func.coalesce(self.expected.c.pages, prices.others)
        price = self.prices.c
        self.pages = func.coalesce(dossier_fact.c.to_scan, price.share * whole + price.pages) + price.more * whole

        self.sums: tuple[ColumnElement[Any], ...] = (
            func.count(),
            func.sum(price.is_counted),
            func.sum(price.on_paper),
            func.sum(price.paper_gain),
            func.sum(self.pages),
            func.sum(price.paper_minutes),
            func.sum(price.at_desk),
            func.sum(price.desk_gain),
            func.sum(price.desk_minutes),
            func.min(case((price.on_paper == 1, dossier_fact.c.received))),
        )

    def joined(self, query: Select[Any]) -> Select[Any]:
        """Return a query over the lines of facts, with the tables beside."""
        joined = dossier_fact.join(self.prices, self.prices.c.id == dossier_fact.c.profile)
        return query.select_from(joined.outerjoin(self.expected, self.expected.c.id == dossier_fact.c.procedure))


_FLAGS = ("is_counted", "on_paper", "at_desk")
_PRICE = (*_FLAGS, "share", "pages", "more", "paper_gain", "paper_minutes", "desk_gain", "desk_minutes")


def _row(price: Price) -> Sequence[float]:
    """Return a price as a row in which a plain sum adds up what belongs together."""
    flags = [float(getattr(price, name)) for name in _FLAGS]
    pages = [price.share, price.pages, price.more]
    work = (price.chance, price.minutes)
    return [*flags, *pages, *(one * price.on_paper for one in work), *(one * price.at_desk for one in work)]


def _table(tx: Transaction, name: str, columns: Sequence[str], rows: Sequence[Sequence[float]]) -> FromClause:
    """Return rows of numbers as a table that a query can join; flags and ids are whole.

    SQLite looks a row up by its number many times quicker in a table of its own than in one made of JSON; PostgreSQL
    lets readers make none, and hashes either.
    """
    if tx.dialect.name == "sqlite":
        return _temporary(tx, name, columns, rows)
    given: BindParameter[str] = bindparam(None, json.dumps(rows))
    each = func.json_array_elements(cast(given, JSON)).table_valued(column("value", JSON))
    cells = [each.c.value[place].as_string() for place in range(len(columns))]
    typed = [cast(cast(cell, Float), _type(one)).label(one) for cell, one in zip(cells, columns, strict=True)]
    return select(*typed).cte(name).prefix_with("MATERIALIZED")


def _temporary(tx: Transaction, name: str, columns: Sequence[str], rows: Sequence[Sequence[float]]) -> FromClause:
    """Return a table of this connection, which ends with the transaction."""
    first, *others = columns
    own: list[Column[Any]] = [Column(first, Integer, primary_key=True, autoincrement=False)]
    own += [Column(one, _type(one)) for one in others]
    table: Table = Table(f"work_{name}", MetaData(), *own, prefixes=["TEMPORARY"])
    tx.execute(CreateTable(table, if_not_exists=True))
    tx.execute(delete(table))
    if rows:
        tx.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
    return table


def _type(column_name: str) -> type[Integer | Float[float]]:
    return Integer if column_name in ("id", *_FLAGS) else Float


def _within(tx: Transaction, window: Window) -> list[ColumnElement[bool]]:
    asked = [dossier_fact.c.received >= window.start, dossier_fact.c.received < window.end]
    for name, label in (("counter", window.counter), ("box", window.box)):
        if label is not None:
            number = select(place_label.c.id).where(place_label.c.label == label).scalar_subquery()
            asked.append(dossier_fact.c[name] == type_coerce(number, Integer))
    return [*asked, *conditions(tx, window.scope)]


def _names(tx: Transaction, table: Any) -> dict[int, str]:  # noqa: ANN401 - one of two tables
    return {row.id: row.label for row in tx.execute(select(table))}
