"""The chores of an installation and how often they are due."""

from __future__ import annotations

from functools import partial

from hososo.fixity import scrub_here
from hososo.home import Home
from hososo.settings import Settings
from pipeline.sealing import seal
from pipeline.services import Services
from pipeline.sweeping import Swept, sweep
from workers.chores import Chore

_MINUTE = 60.0
_SWEEP_EVERY = 60 * _MINUTE
_SCRUB_EVERY = _MINUTE  # a slice is a minute: half of the time has to do for an archive of 50 TB
_PATIENCE = 15 * _MINUTE
"""After so long another host takes over what a sweep has marked and not removed: longer than any host stands still."""


def duties(settings: Settings) -> list[Chore]:
    """Return what a supervisor does beside its workers."""
    return [
        Chore("seal", _MINUTE, seal),
        Chore("scrub", _SCRUB_EVERY, partial(scrub_here, settings=settings)),
        Chore("sweep", _SWEEP_EVERY, partial(sweep_here, settings=settings)),
    ]


def sweep_here(services: Services, settings: Settings) -> Swept | None:
    """Sweep as it is safe on this installation; None when another sweep of this host is under way.

    Where all hosts share a bucket, a sweep of another host may be paused and go on later.
    """
    with Home(settings.home).sweeping() as got:
        if not got:
            return None
        return sweep(services, _PATIENCE if settings.s3_endpoint else 0)
