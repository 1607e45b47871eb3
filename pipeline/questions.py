"""Questions about figures: over which days, over whose dossiers."""

from __future__ import annotations

from datetime import datetime

from catalog import Transaction, facts
from catalog.facts import Scope
from dossier.people import Account
from dossier.register import VIETNAM
from pipeline.scope import labels_within
from registers.units import UnitTree
from reports.period import Period, free_range


def days_of_register(tx: Transaction, as_of: datetime) -> Period:
    """Return the days that the register covers; today where there is none."""
    found = facts.span(tx)
    if found is None:
        today = as_of.astimezone(VIETNAM).date()
        return free_range(today, today)
    first, last = (datetime.fromtimestamp(moment, VIETNAM).date() for moment in found)
    return free_range(first, last)


def scope_of(tx: Transaction, own: Account, tree: UnitTree, as_of: datetime) -> Scope:
    """Return the dossiers whose figures an account may see: those of its units and of units below them."""
    if own.units is None:
        return Scope()
    day = as_of.astimezone(VIETNAM).date()
    return Scope(labels_within(facts.labels(tx), own.units, tree, day))
