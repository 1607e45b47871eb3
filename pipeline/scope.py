"""Which dossiers an account may see: those that its units, or units below them, have received or taken over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from catalog import intakes
from dossier.people import Account
from dossier.register import VIETNAM
from pipeline.referring import reference
from pipeline.services import Services
from registers.units import UnitTree


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


def labels_within(labels: Iterable[str], units: Iterable[str], tree: UnitTree, day: date) -> frozenset[str]:
    """Return the labels that count under one of some units, in the tree of a day."""
    tops = tuple(units)
    return frozenset(label for label in labels if any(tree.within(label, top, day, present=True) for top in tops))
