"""The work that is left, by box and by dossier: one pass over the lines of facts, whose costs come from outside.

What a dossier costs follows from its profile and its procedure, so the costs of either are handed to the database as
two small tables; known pages stand in the line itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    BindParameter,
    ColumnElement,
    Float,
    Integer,
    Select,
    bindparam,
    case,
    cast,
    column,
    func,
    select,
    type_coerce,
)

from catalog.catalogue import Transaction
from catalog.facts import Scope, conditions, profiles
from catalog.schema import dossier_fact, fact_label, place_label, scanned_tally
from catalog.streaming import binary, streamed
from dossier.facts import Facts
from dossier.remaining import BoxWork, DossierWork, Price, Prices


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
    """Yield what is left by unit and box, in their order of numbers; every dossier that the rate counts is in one."""
    tables = _Tables(tx, prices)
    price, counted = tables.prices.c, func.count().label("dossiers")
    paper, desk = price.on_paper, price.at_desk
    query = (
        select(
            dossier_fact.c.unit,
            dossier_fact.c.box,
            func.max(dossier_fact.c.counter).label("counter"),
            counted,
            func.sum(price.is_counted).label("counted"),
            func.sum(paper).label("on_paper"),
            func.sum(paper * price.chance).label("paper_gain"),
            func.sum(paper * tables.pages).label("pages"),
            func.sum(paper * price.minutes).label("paper_minutes"),
            func.sum(desk).label("at_desk"),
            func.sum(desk * price.chance).label("desk_gain"),
            func.sum(desk * price.minutes).label("desk_minutes"),
            func.min(case((paper == 1, dossier_fact.c.received))).label("oldest"),
        )
        .group_by(dossier_fact.c.unit, dossier_fact.c.box)
        .order_by(dossier_fact.c.unit, dossier_fact.c.box)
    )
    units, places = _names(tx, fact_label), _names(tx, place_label)
    for row in streamed(tx, tables.joined(query).where(*_within(tx, window))):
        yield BoxWork(
            units[row.unit],
            places[row.box],
            places[row.counter],
            row.dossiers,
            row.counted,
            row.on_paper,
            float(row.paper_gain),
            float(row.pages),
            float(row.paper_minutes),
            row.at_desk,
            float(row.desk_gain),
            float(row.desk_minutes),
            row.oldest,
        )


def dossiers(
    tx: Transaction, window: Window, prices: Prices, limit: int, *, oldest_first: bool = False, skip: int = 0
) -> list[DossierWork]:
    """Return the dossiers on paper or at a desk that raise the rate soonest: most gain for a minute of work first.

    Args:
        tx: A transaction.
        window: Which dossiers.
        prices: What they take.
        limit: How many at most.
        oldest_first: In order of reception instead.
        skip: How many of the first ones to leave out.
    """
    tables = _Tables(tx, prices)
    price, work = tables.prices.c, tables.pages * prices.page_minutes + tables.prices.c.minutes
    by_gain = (price.chance / work).desc()
    code = binary(tx, dossier_fact.c.code)
    order = (dossier_fact.c.received, code) if oldest_first else (by_gain, dossier_fact.c.received, code)
    columns = [dossier_fact.c[name] for name in ("code", "unit", "procedure", "box", "counter", "profile", "received")]
    asked = (price.chance, tables.pages.label("pages"), price.minutes, dossier_fact.c.to_scan)
    query = select(*columns, *asked).where(price.on_paper + price.at_desk == 1, *_within(tx, window))
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
            float(row.chance),
            float(row.pages),
            float(row.minutes),
            row.to_scan is not None,
        )
        for row in tx.execute(query)
    ]


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

    def joined(self, query: Select[Any]) -> Select[Any]:
        """Return a query over the lines of facts, with the tables beside."""
        joined = dossier_fact.join(self.prices, self.prices.c.id == dossier_fact.c.profile)
        return query.select_from(joined.outerjoin(self.expected, self.expected.c.id == dossier_fact.c.procedure))


_FLAGS = ("is_counted", "on_paper", "at_desk")
_PRICE = (*_FLAGS, "share", "pages", "more", "minutes", "chance")


def _row(price: Price) -> Sequence[float]:
    return [float(getattr(price, name)) for name in _PRICE]


def _table(tx: Transaction, name: str, columns: Sequence[str], rows: Sequence[Sequence[float]]) -> CTE:
    """Return rows of numbers as a table that a query can join; flags and ids are whole."""
    given: BindParameter[str] = bindparam(None, json.dumps(rows))
    whole = ("id", *_FLAGS)
    if tx.dialect.name == "postgresql":
        each = func.json_array_elements(cast(given, JSON)).table_valued(column("value", JSON))
        cells = [each.c.value[place].as_string() for place in range(len(columns))]
    else:
        each = func.json_each(given).table_valued("value")
        cells = [func.json_extract(each.c.value, f"$[{place}]") for place in range(len(columns))]
    typed = [
        cast(cast(cell, Float), Integer if one in whole else Float).label(one)
        for cell, one in zip(cells, columns, strict=True)
    ]
    return select(*typed).cte(name).prefix_with("MATERIALIZED")


def _within(tx: Transaction, window: Window) -> list[ColumnElement[bool]]:
    asked = [dossier_fact.c.received >= window.start, dossier_fact.c.received < window.end]
    for name, label in (("counter", window.counter), ("box", window.box)):
        if label is not None:
            number = select(place_label.c.id).where(place_label.c.label == label).scalar_subquery()
            asked.append(dossier_fact.c[name] == type_coerce(number, Integer))
    return [*asked, *conditions(tx, window.scope)]


def _names(tx: Transaction, table: Any) -> dict[int, str]:  # noqa: ANN401 - one of two tables
    return {row.id: row.label for row in tx.execute(select(table))}
