"""What is counted beside the digitised rates: the provincial screen, causes, how far components have come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dossier.facts import NEVER, Cell
from dossier.register import Status
from dossier.status import Cause, ComponentStatus, PortalCause
from reports.view import View

_SETTLED = frozenset({Status.SETTLED, Status.RETURNED})


@dataclass(frozen=True, slots=True)
class PortalSplit:
    """The columns of a provincial one-stop screen, in its order."""

    received: int
    not_digitised: int
    digitised: int
    reused: int
    settled: int
    result_not_digitised: int
    result_digitised: int


@dataclass(frozen=True, slots=True)
class CauseLine:
    """How many dossiers of the base have this cause."""

    cause: Cause | PortalCause
    count: int


def portal_split(cells: Iterable[Cell], view: View) -> PortalSplit:
    """Return the counts of the provincial screen over the dossiers of the base."""
    base = [cell for cell in cells if view.in_base(cell)]
    settled = [cell for cell in base if is_settled(cell)]
    received = _sum(base)
    digitised = _sum(cell for cell in base if cell.facts.has_components)
    results = _sum(cell for cell in settled if cell.facts.has_result)
    return PortalSplit(
        received=received,
        not_digitised=received - digitised,
        digitised=digitised,
        reused=_sum(cell for cell in base if cell.facts.reused),
        settled=_sum(settled),
        result_not_digitised=_sum(settled) - results,
        result_digitised=results,
    )


def is_settled(cell: Cell) -> bool:
    """Return whether the register says that the dossiers are settled: state 9 or 10, or a date of either."""
    return cell.facts.status in _SETTLED or cell.finished != NEVER


def causes(cells: Iterable[Cell], view: View) -> tuple[tuple[CauseLine, ...], tuple[CauseLine, ...]]:
    """Return how many dossiers of the base have each cause, of the archival and of the portal's reading."""
    archival: Counter[Cause] = Counter()
    portal: Counter[PortalCause] = Counter()
    for cell in cells:
        if view.in_base(cell):
            archival[cell.facts.archival] += cell.count
            portal[cell.facts.portal] += cell.count
    return (
        tuple(CauseLine(cause, archival[cause]) for cause in Cause if archival[cause]),
        tuple(CauseLine(cause, portal[cause]) for cause in PortalCause if portal[cause]),
    )


def components(cells: Iterable[Cell], view: View) -> dict[ComponentStatus, int]:
    """Return how many components of the base that must be there have come how far."""
    counted: Counter[ComponentStatus] = Counter()
    for cell in cells:
        if view.in_base(cell):
            for status, count in zip(ComponentStatus, cell.facts.components, strict=True):
                counted[status] += count * cell.count
    return {status: counted[status] for status in ComponentStatus}


def development_signatures(cells: Iterable[Cell], view: View) -> int:
    """Return how many documents of the base carry a development signature."""
    return sum(cell.facts.development * cell.count for cell in cells if view.in_base(cell))


def _sum(cells: Iterable[Cell]) -> int:
    return sum(cell.count for cell in cells)
