"""Placing: the list of a store room says where the papers of dossiers lie, and how many pages there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog import facts, intakes, paper_places, register_rows
from dossier.papers import PaperPlace
from pipeline.closing import close_when_archived
from pipeline.keeping import keep_bytes
from pipeline.leaves import recheck
from pipeline.locking import lock
from pipeline.paper_statements import PlacesStatement, places_object, record_places
from pipeline.projecting import make_anew
from pipeline.services import Services
from pipeline.statements import STATEMENT_TYPE

_AT_ONCE = 2000


def state_places(places: Sequence[PaperPlace], name: str, actor: str, services: Services, *, demo: bool) -> int:
    """Record where papers lie, and make the lines of their dossiers anew, a part of the list a transaction.

    Run again after a kill, it says the same once more, which changes nothing.

    Args:
        places: In the order of the list; of two on the same dossier the later one holds.
        name: Of the list.
        actor: Whose list it is.
        services: Catalogue, store, clock.
        demo: Development signatures count.

    Returns:
        How many of the dossiers are in no register: their places wait for it.
    """
    at, unknown = services.clock(), 0
    for part, start in enumerate(range(0, len(places), _AT_ONCE)):
        own = PlacesStatement(tuple(places[start : start + _AT_ONCE]), name, part, actor, at)
        note = keep_bytes(places_object(own), STATEMENT_TYPE, services)
        with services.catalogue.write() as tx:
            facts.take_facts_turn(tx)
            codes = {place.code for place in own.places}
            before = {code: place.leaves for code, place in paper_places.of_codes(tx, sorted(codes)).items()}
            record_places(tx, own, note)
            unknown += len(codes) - len(register_rows.of_codes(tx, sorted(codes)))
            make_anew(tx, services, sorted(codes), demo=demo)
        lock([note.sha256], services)
        _recheck(own.places, before, services)
    return unknown


def _recheck(places: Sequence[PaperPlace], before: Mapping[str, str], services: Services) -> None:
    """Look again at the dossiers of which the list says something else of their leaves than before."""
    changed = {place.code for place in places if place.leaves != before.get(place.code, "")}
    with services.catalogue.read() as tx:
        known = [found.id for code in sorted(changed) if (found := intakes.find_dossier(tx, code)) is not None]
    for dossier_id in known:
        with services.catalogue.write() as tx:
            intakes.lock_dossiers(tx, [dossier_id])
            if recheck(tx, dossier_id, services):
                close_when_archived(tx, dossier_id, services)
