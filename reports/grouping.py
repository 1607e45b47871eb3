"""Figures by group: unit (historic or of today, with the tree), field, procedure, channel, period; groups partition.

A dossier is in exactly one group of a dimension, so the groups of a table add up to its total. Units are grouped by the
code that received the dossier (historic), by the unit that has taken its place (present), or by what stands above them
at a level of the tree; what stands below nothing of that level is its own group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from dossier.facts import NEVER, Axis, Cell
from dossier.text import fold
from registers.units import UnitTree
from reports.indicators.registry import chosen
from reports.period import Period
from reports.rates import Rate
from reports.view import Base, View, views
from reports.workload import Workload, workload


class By(StrEnum):
    """What a table has a row for."""

    UNIT = "unit"
    PROVINCE = "province"
    FIELD = "field"
    PROCEDURE = "procedure"
    CHANNEL = "channel"
    PERIOD = "period"


class Seen(StrEnum):
    """Whether units are seen as they were or as they are."""

    HISTORIC = "historic"
    PRESENT = "present"


DIMENSIONS: Mapping[By, tuple[str, ...]] = {
    By.UNIT: ("unit",),
    By.PROVINCE: ("unit",),
    By.FIELD: ("field",),
    By.PROCEDURE: ("procedure",),
    By.CHANNEL: (),
    By.PERIOD: (),
}
"""What cells must tell apart for a table."""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One row of a table: the group's code, its workload and rates by key."""

    group: str
    load: Workload
    rates: Mapping[str, Rate]


def by_period(
    cells: Iterable[Cell], parts: Sequence[Period], as_of: datetime, base: Base, versions: Mapping[str, str]
) -> tuple[GroupLine, ...]:
    """Return a line for each of several periods; `cells` are counted on `axis_of` them."""
    own, whole = collapsed(cells), axis_of(parts, as_of, base)
    made = []
    for part in parts:
        _, (narrow,) = views([part], as_of, base)
        made.append(_line(part.name, collapsed(_on(narrow, own, whole)), narrow, versions))
    return tuple(made)


def axis_of(parts: Iterable[Period], as_of: datetime, base: Base) -> Axis:
    """Return the axis on which cells for several periods must be counted."""
    return views(parts, as_of, base)[0]


def by_group(
    cells: Iterable[Cell], view: View, group_of: Callable[[Cell], str], versions: Mapping[str, str]
) -> tuple[GroupLine, ...]:
    """Return a line for each group in which a dossier is handled or in the base, in order of name."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(group_of(cell), []).append(cell)
    made = (_line(name, collapsed(groups[name]), view, versions) for name in sorted(groups, key=fold))
    return tuple(line for line in made if line.load.handled or any(rate.denominator for rate in line.rates.values()))


def grouping(by: By, units: UnitTree, day: date, seen: Seen) -> Callable[[Cell], str]:
    """Return which group of a dimension a cell is in.

    Args:
        by: The dimension; periods have a function of their own.
        units: The tree.
        day: Last day of the period for the historic view, today for the present one.
        seen: Which view of the units.
    """
    if by is By.CHANNEL:
        return lambda cell: cell.facts.channel.name.lower() if cell.facts.channel else ""
    if by in {By.FIELD, By.PROCEDURE}:
        return lambda cell: cell.field if by is By.FIELD else cell.procedure
    known: dict[str, str] = {}

    def group(cell: Cell) -> str:
        """Return the unit, remembered: a tree is walked once a unit."""
        if cell.unit not in known:
            own = units.present(cell.unit, day) if seen is Seen.PRESENT else cell.unit
            known[cell.unit] = units.above(own, day, "tinh") if by is By.PROVINCE else own
        return known[cell.unit]

    return group


def collapsed(cells: Iterable[Cell]) -> list[Cell]:
    """Return cells that no longer tell units, fields and procedures apart: far fewer, with the same counts."""
    found: dict[tuple[int, int, int, int], Cell] = {}
    for cell in cells:
        key = (id(cell.facts), cell.received, cell.due, cell.finished)  # equal facts that are two objects stay apart
        other = found.get(key)
        count = cell.count + (other.count if other is not None else 0)
        found[key] = replace(cell, unit="", field="", procedure="", count=count)
    return list(found.values())


def _on(narrow: View, cells: Iterable[Cell], whole: Axis) -> Iterator[Cell]:
    """Yield those cells that a view looks at, with positions on its own axis: few are left to tell apart."""
    at = {NEVER: NEVER, 0: 0, **{n: narrow.axis.position(mark) for n, mark in enumerate(whole.marks, start=1)}}
    last = len(narrow.axis.marks)
    for cell in cells:
        late = (NEVER, last)  # neither received nor, by dates that contradict, finished before the period's end
        if at[cell.received] not in late or at[cell.finished] not in late:
            yield replace(cell, received=at[cell.received], due=at[cell.due], finished=at[cell.finished])


def _line(group: str, cells: Sequence[Cell], view: View, versions: Mapping[str, str]) -> GroupLine:
    rates = {formula.key: formula.rate(cells, view) for formula in chosen(versions)}
    return GroupLine(group, workload(cells, view), rates)
