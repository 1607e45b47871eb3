"""Sweep: remove what no record refers to any more: the leavings of steps that were killed.

It may run while others work, on any host: objects are first marked in the catalogue, where no step claims them or is
about to store them, then removed, then forgotten. Of two sweeps of one shared store only one runs at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from catalog import intakes, objects
from dossier.errors import Code, Rejected
from dossier.states import IntakeState
from pipeline.access_checking import gone_lines
from pipeline.access_log import ACCESS_MARK
from pipeline.guarding import check_store_is_known
from pipeline.records import mark_of
from pipeline.scratch import remove_abandoned
from pipeline.services import Services

_OVER = (IntakeState.STOPPED, IntakeState.REJECTED)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """How many unreferenced objects, abandoned holding batches and working files were removed."""

    objects: int
    batches: int
    files: int


def sweep(services: Services, patience: float = 0) -> Swept:
    """Remove unreferenced objects, batches of deliveries that are over, and working files nobody has open.

    Args:
        services: Of this process.
        patience: Seconds after which what another sweep has marked and not removed is taken over. 0 where no other
            sweep can be alive; a long time where one may only be paused, for it goes on when it wakes up.

    Raises:
        Rejected(CATALOGUE_INCOMPLETE): The catalogue does not know yet what the store holds; nothing is removed.
    """
    check_store_is_known(services)
    removed = 0
    for some in _chunks(ref.sha256 for ref in services.store.list()):
        removed += sum(_given_up(sha256, services) for sha256 in _condemned(some, services))
    with services.catalogue.read() as tx:
        left_over = objects.condemned_before(tx, services.clock().timestamp() - patience)
    removed += sum(_given_up(sha256, services) for sha256 in left_over)
    return Swept(removed, _batches(services), _files(services))


def discard(digests: Iterable[str], services: Services) -> int:
    """Remove those of some objects that nobody claims or is about to store; return how many that were."""
    return sum(_removed(sha256, services) for sha256 in _condemned(digests, services))


def _condemned(digests: Iterable[str], services: Services) -> list[str]:
    with services.catalogue.write() as tx:
        return objects.condemn(tx, digests, services.clock())


def _given_up(sha256: str, services: Services) -> bool:
    """Remove an object, unless it tells of views and downloads that somebody has cut off the catalogue's access log."""
    if mark_of(sha256, services.store) == ACCESS_MARK:
        with services.catalogue.read() as tx:
            spared = bool(gone_lines(sha256, tx, services.store))
        if spared:
            with services.catalogue.write() as tx:
                objects.forget(tx, sha256)
            return False
    return _removed(sha256, services)


def _removed(sha256: str, services: Services) -> bool:
    gone = True
    try:
        services.store.remove(sha256)
    except Rejected as exc:
        if exc.code is not Code.OBJECT_LOCKED:
            raise
        gone = False  # somebody locked it: no claim of ours is needed to keep it
    with services.catalogue.write() as tx:
        objects.forget(tx, sha256)
    return gone


def _batches(services: Services) -> int:
    removed = 0
    for batch in services.holding.batches():
        with services.catalogue.read() as tx:
            state = intakes.state_of(tx, batch)
        if state is None or state in _OVER or _is_debris(batch, state, services):
            services.holding.destroy(batch)
            removed += 1
    return removed


def _is_debris(batch: str, state: IntakeState, services: Services) -> bool:
    """Return whether nothing of a batch can be read: a worker that was cut off wrote after it was removed."""
    return state is not IntakeState.RECEIVING and not services.holding.has_key(batch)


def _files(services: Services) -> int:
    return remove_abandoned(services.scratch) + services.store.sweep_temporaries(timedelta(0))


def _chunks(digests: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(digests)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
