"""Prices: what each set of facts still takes, by what the archive has learned of pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dossier.facts import Facts
from dossier.register import Status
from dossier.remaining import Price, Prices
from dossier.status import Cause
from reports.worklist.actions import Kind, cost_of
from reports.worklist.effort import Effort, Scanned, estimates

_OUTSIDE = frozenset({Status.REGISTERED, Status.REFUSED})


def prices(facts: Iterable[Facts], scanned: Mapping[str, Scanned], effort: Effort) -> Prices:
    """Return the prices of some facts; those that no rate counts have none.

    Args:
        facts: All facts that there are.
        scanned: Dossiers scanned whole, by procedure.
        effort: The numbers in force.
    """
    known = estimates(scanned, effort)
    priced = {each: _price(each, effort) for each in facts if each.status not in _OUTSIDE}
    return Prices(priced, known.by_procedure, known.others, effort.page_minutes)


def _price(facts: Facts, effort: Effort) -> Price:
    cost = cost_of(facts, effort)
    return Price(
        is_counted=facts.archival is Cause.COUNTED,
        on_paper=cost.kind is Kind.PAPER,
        at_desk=cost.kind is Kind.DESK,
        share=cost.share,
        pages=cost.pages,
        more=cost.more,
        minutes=cost.minutes,
        chance=cost.chance,
    )
