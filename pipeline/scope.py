"""Which dossiers an account may see: those that its units, or units below them, have received or taken over."""

from __future__ import annotations

from catalog import intakes
from dossier.people import Account
from dossier.register import VIETNAM
from pipeline.referring import reference
from pipeline.services import Services


def units_of(own: Account, services: Services) -> frozenset[str] | None:
    """Return the labels of units whose dossiers an account may see; None: all.

    A unit that has ended counts under its successor of today, so nobody's old dossiers are lost to sight.
    """
    if own.units is None:
        return None
    today = services.clock().astimezone(VIETNAM).date()
    with services.catalogue.read() as tx:
        labels, tree = intakes.units(tx), reference(tx, services).units
    return frozenset(
        label for label in labels if any(tree.within(label, unit, today, present=True) for unit in own.units)
    )
