"""Figures by group out of the catalogue, and the dossiers behind one figure of one group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from catalog import Transaction, facts
from catalog.facts import Scope
from dossier.facts import Cell
from pipeline.questions import Answerable
from reports.grouping import DIMENSIONS, By, GroupLine, axis_of, by_group, by_period, grouping
from reports.lists import behind

_SCOPED = {By.FIELD: "fields", By.PROCEDURE: "procedures"}


@dataclass(frozen=True, slots=True)
class Behind:
    """Dossiers behind a figure: how many there are, and a page of their codes in order."""

    total: int
    codes: list[str]


def group_lines(tx: Transaction, asks: Answerable, by: By) -> tuple[GroupLine, ...]:
    """Return a line for each group of a dimension in which anything was handled; for each month by period."""
    question, versions = asks.question, asks.question.versions or {}
    if by is By.PERIOD:
        parts = question.period.months()
        counted = facts.cells(tx, axis_of(parts, question.as_of, question.base), (), asks.scope)
        return by_period(counted, parts, question.as_of, question.base, versions)
    counted = facts.cells(tx, question.view().axis, DIMENSIONS[by], asks.scope)
    return by_group(counted, question.view(), _group_of(by, asks), versions)


def group_name(group: str, by: By, asks: Answerable) -> str:
    """Return what people call a group: a unit by its code and its name of the day, everything else as it is."""
    if by in {By.UNIT, By.PROVINCE}:
        return f"{group} {asks.known.units.name(group, asks.units_day)}"
    return group or "–"


def dossiers_behind(
    tx: Transaction, asks: Answerable, figure: str, group: tuple[By, str] | None, after: str, limit: int
) -> Behind:
    """Return the dossiers that a figure is made of, or its part in one group, a page at a time.

    Args:
        tx: A transaction.
        asks: The question.
        figure: One of `reports.lists.figures`.
        group: Dimension and group as `group_lines` names it, not of periods: these are a question of their own; None:
            all.
        after: The last code of the page before.
        limit: How many codes at most.

    Raises:
        Rejected(DEFINITION_UNKNOWN): There is no such figure.
    """
    view, scope = asks.question.view(), asks.scope
    if group is not None:
        scope = _narrowed(tx, asks, *group)
    counted: list[Cell] = list(facts.cells(tx, view.axis, (), scope))
    if group is not None and group[0] is By.CHANNEL:
        group_of = _group_of(By.CHANNEL, asks)
        counted = [cell for cell in counted if group_of(cell) == group[1]]
    own = behind(figure, counted, view, asks.question.versions)
    codes = facts.listed(tx, view.axis, own, scope=scope, after=after, limit=limit)
    return Behind(sum(cell.count for cell in own), codes)


def _narrowed(tx: Transaction, asks: Answerable, by: By, group: str) -> Scope:
    """Return the scope with the labels of one group alone."""
    if by in _SCOPED:
        return replace(asks.scope, **{_SCOPED[by]: frozenset({group})})
    if by is By.CHANNEL:
        return asks.scope
    counted = facts.cells(tx, asks.question.view().axis, DIMENSIONS[by], asks.scope)
    group_of = _group_of(by, asks)
    return replace(asks.scope, units=frozenset(cell.unit for cell in counted if group_of(cell) == group))


def _group_of(by: By, asks: Answerable) -> Callable[[Cell], str]:
    return grouping(by, asks.known.units, asks.units_day, asks.seen)
