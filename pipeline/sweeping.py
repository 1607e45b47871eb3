"""Sweep: remove what no record refers to any more: the leavings of steps that were killed.

The caller makes sure that no run is under way: a step puts bytes first and records them second, and what is between
the two must not be taken away.
"""

from __future__ import annotations

import fcntl
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from catalog import intakes, objects, renditions
from dossier.errors import Code, Rejected
from dossier.states import IntakeState
from pipeline.names import signed_name
from pipeline.services import COPY, Services

_OVER = (IntakeState.STOPPED, IntakeState.REJECTED)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many unreferenced objects, abandoned holding batches and working files were removed."""

    objects: int
    batches: int
    files: int


def sweep(services: Services) -> Swept:
    """Remove unreferenced objects, batches of deliveries that are over, and working files."""
    return Swept(_objects(services), _batches(services), _files(services))


def _objects(services: Services) -> int:
    with services.catalogue.read() as tx:
        claimed = objects.claimed_digests(tx)
    unclaimed = [ref.sha256 for ref in services.store.list() if ref.sha256 not in claimed]
    return sum(_removed(sha256, services) for sha256 in unclaimed)


def _removed(sha256: str, services: Services) -> bool:
    try:
        services.store.remove(sha256)
    except Rejected as exc:
        if exc.code is not Code.OBJECT_LOCKED:
            raise
        return False  # somebody locked it: no claim of ours is needed to keep it
    return True


def _batches(services: Services) -> int:
    removed = 0
    for batch in services.holding.batches():
        with services.catalogue.read() as tx:
            state = intakes.state_of(tx, batch)
        if state is None or state in _OVER:
            services.holding.destroy(batch)
            removed += 1
    return removed


def _files(services: Services) -> int:
    with services.catalogue.read() as tx:
        listed = {signed_name(digest) for digest in renditions.waiting_to_be_signed(tx)}
    kept = listed | {name.removesuffix(".pdf") + ".json" for name in listed}  # signed, but not yet collected
    found = [path for path in services.scratch.glob("*") if path.is_file() and path.name not in kept]
    left = [path for path in found if not _in_use(path)]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left) + services.store.sweep_temporaries(timedelta(0))


def _in_use(path: Path) -> bool:
    """Return whether a living process holds the lock of a temporary copy."""
    if not path.name.startswith(COPY):
        return False
    try:
        with path.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
