"""The chores of an installation and how often they are due."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from functools import partial

from hososo.fixity import scrub_here
from hososo.home import Home
from hososo.portal import hand_back_here
from hososo.settings import Settings
from pipeline.access_log import store_access_log
from pipeline.handing_back import CHORE as PORTAL_CHORE
from pipeline.lot_minutes import renew_minutes
from pipeline.renewing import Renewed, renew_due
from pipeline.reporting import renew_reports
from pipeline.sealing import seal
from pipeline.services import Services
from pipeline.spool_sweeping import sweep_spool
from pipeline.sweeping import Swept, sweep
from pipeline.taking_over import take_over_all
from pipeline.taking_stacks import take_stacks
from signing.renewal import RenewalPolicy, policy_in_force
from workers.chores import Chore

_MINUTE = 60.0
_SWEEP_EVERY = 60 * _MINUTE
_ACCESS_LOG_EVERY = 5 * _MINUTE  # so long whoever holds the catalogue could still hide what was looked at
_SEAL_OF_PAGES_EVERY = 10 * _MINUTE
_TAKE_OVER_EVERY = 5.0  # a clerk waits for it
_SCRUB_EVERY = _MINUTE  # a slice is a minute: half of the time has to do for an archive of 50 TB
_RENEW_EVERY, _RENEW_SECONDS = 10 * _MINUTE, 30.0
_PATIENCE = 15 * _MINUTE
"""After so long another host takes over what a sweep has marked and not removed: longer than any host stands still."""


def duties(settings: Settings) -> list[Chore]:
    """Return what a supervisor does beside its workers."""
    return [
        Chore("access log", _ACCESS_LOG_EVERY, store_access_log),
        Chore("seal", _MINUTE, seal),
        Chore("scrub", _SCRUB_EVERY, partial(scrub_here, settings=settings)),
        Chore("sweep", _SWEEP_EVERY, partial(sweep_here, settings=settings)),
        Chore(_of_place("stacks", settings), _TAKE_OVER_EVERY, take_stacks),
        Chore(_of_place("take-over", settings), _TAKE_OVER_EVERY, take_over_all),
        Chore(_of_place("spool", settings), _SWEEP_EVERY, sweep_spool),
        Chore("renew", _RENEW_EVERY, renew_here),
        Chore(PORTAL_CHORE, _MINUTE, partial(hand_back_here, settings=settings)),
    ]


def duties_of_pages() -> list[Chore]:
    """Return what the process of the pages does: an office may run it alone, and the access log must not wait.

    Where a supervisor lives it seals every minute, and a host of pages, which may not reach the time-stamp authority,
    finds nothing due.
    """
    return [Chore("access log", _ACCESS_LOG_EVERY, store_access_log), Chore("seal", _SEAL_OF_PAGES_EVERY, seal)]


def _of_place(name: str, settings: Settings) -> str:
    """Return the name of a chore that each place does for itself."""
    return f"{name} {settings.place}" if settings.place else name


def renew_here(services: Services) -> Renewed | None:
    """Renew for half a minute what is due now; None where there is no time-stamp authority."""
    if services.tsa is None:
        return None
    now = services.clock()
    return renew_all(services, policy_in_force(now), now, longest=_RENEW_SECONDS)


def renew_all(
    services: Services,
    policy: RenewalPolicy,
    before: datetime,
    *,
    stop: threading.Event | None = None,
    longest: float = float("inf"),
    refused_too: bool = False,
) -> Renewed:
    """Renew signed reports, minutes and documents, as `pipeline.renewing.renew_due` describes it."""
    reports, forbidden = renew_reports(services, policy, before)
    minutes, unfit = renew_minutes(services, policy, before)
    done = renew_due(services, policy, before, stop=stop, longest=longest, refused_too=refused_too)
    return replace(done, renewed=done.renewed + reports + minutes, refused=done.refused + forbidden + unfit)


def sweep_here(services: Services, settings: Settings) -> Swept | None:
    """Sweep as it is safe on this installation; None when another sweep of this host is under way.

    Where all hosts share a bucket, a sweep of another host may be paused and go on later.
    """
    with Home(settings.home).sweeping() as got:
        if not got:
            return None
        return sweep(services, _PATIENCE if settings.s3_endpoint else 0)
