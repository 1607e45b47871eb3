"""Guarding: a catalogue that does not know what the archive store holds must not judge what in it is of no use."""

from __future__ import annotations

from catalog import filling
from dossier.errors import Code, Rejected
from pipeline.records import records
from pipeline.services import Services


def check_store_is_known(services: Services) -> None:
    """Refuse a catalogue that is new, or not yet filled again, over an archive store that holds records of another.

    Raises:
        Rejected(CATALOGUE_INCOMPLETE): To its eyes the whole archive would be the leavings of killed runs.
    """
    with services.catalogue.read() as tx:
        unfinished = filling.under_way(tx)
        used = filling.claims_anything(tx)
    if unfinished or (not used and any(mark for mark, _ in records(services.store))):
        raise Rejected(Code.CATALOGUE_INCOMPLETE)
