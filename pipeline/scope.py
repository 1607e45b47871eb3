"""Which dossiers an account may see: those that its units, or units below them, have received or taken over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from catalog import accounts, intakes
from dossier.people import Account
from dossier.register import VIETNAM
from pipeline.referring import reference
from pipeline.services import Services
from registers.units import UnitTree

_within = lru_cache(maxsize=1 << 16)(UnitTree.within)


def units_of(own: Account, services: Services) -> frozenset[str] | None:
    """Return the labels of units whose dossiers an account may see; None: all.

    A unit that has ended counts under its successor of today, so nobody's old dossiers are lost to sight.
    """
    if own.units is None:
        return None
    today = services.clock().astimezone(VIETNAM).date()
    with services.catalogue.read() as tx:
        labels, tree = intakes.units(tx), reference(tx, services).units
    return labels_within(labels, own.units, tree, today)


def labels_within(
    labels: Iterable[str], units: Iterable[str], tree: UnitTree, day: date, *, present: bool = True
) -> frozenset[str]:
    """Return the labels that count under one of some units, in the tree of a day.

    What was answered of a tree is kept: a tree never changes, and every request asks.

    Args:
        labels: Labels of units that received dossiers.
        units: Codes of units.
        tree: As an edition of the reference data has it.
        day: Whose tree it is.
        present: Units that have ended count where their successors are; else where they stood last.
    """
    tops = tuple(units)
    return frozenset(label for label in labels if any(_within(tree, label, top, day, present=present) for top in tops))


def may_see(own: Account, unit: str, services: Services) -> bool:
    """Return whether the dossiers of a unit are an account's to see, be there any or not."""
    if own.units is None:
        return True
    today = services.clock().astimezone(VIETNAM).date()
    with services.catalogue.read() as tx:
        tree = reference(tx, services).units
    return bool(labels_within([unit], own.units, tree, today))


def may_see_stack(own: Account, account_id: str, services: Services) -> bool:
    """Return whether a stack is somebody's to see: their own, or brought for units that are all theirs.

    Its pages may be of any dossier that whoever brought it hands papers over for.
    """
    if account_id == own.id or own.units is None:
        return True
    with services.catalogue.read() as tx:
        bringer = accounts.by_id(tx, account_id)
    units = bringer.units if bringer is not None else None
    return bool(units) and all(may_see(own, unit, services) for unit in units or ())
