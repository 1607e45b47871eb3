"""Handing back: packages that are due go to the one-stop software, each at least once, and its answers are recorded.

Before anything leaves, the try is recorded with the moment of the next one. A process that is killed, an answer that
is late, lost or comes twice leads to the same package being sent again under the same key, which changes nothing there
and brings the answer. Two senders at once do no harm for the same reason; they only ask more often.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import timedelta

import structlog

from catalog import intakes, portal_packages
from dossier.errors import Code, HososoError, Rejected
from dossier.portal import Answer, Heard, Package
from pipeline.packaging import parcel, prepare
from pipeline.projecting import project
from pipeline.receipts import take
from pipeline.services import PortalChannel, Services
from registers.portal.port import Parcel, Reply

CHORE = "portal"
_AT_ONCE = 20
_FIRST_WAIT, _LONGEST_WAIT = 30.0, 3600.0
_ENOUGH_SILENCE = 2  # batches in a row without one answer: the other side is away
_log = structlog.get_logger("hososo")


@dataclass(slots=True)
class Handed:
    """What a run did: packages made, handed over and still waiting, accepted, refused, and tries without an answer.

    `trouble` is the code of the last failure, `left` says that there was more to do when it stopped.
    """

    made: int = 0
    sent: int = 0
    accepted: int = 0
    refused: int = 0
    failed: int = 0
    trouble: str = ""
    left: bool = False


def hand_back(
    services: Services,
    *,
    demo: bool,
    at_once: bool = False,
    stop: threading.Event | None = None,
    longest: float = float("inf"),
) -> Handed:
    """Make the packages that are due and send those whose time has come.

    Args:
        services: Of this process, with a return channel.
        demo: Development signatures count.
        at_once: No package waits for the time of its next try.
        stop: Ends the run after the batch in hand.
        longest: Seconds after which it ends likewise.

    Raises:
        Rejected(SETTINGS_INVALID): There is no return channel, or it cannot be used as it is set.
        Rejected(PORTAL_REFUSED): The other side does not let us in.
        Unavailable: Catalogue or store are away, or the folder is; what was sent is recorded or is sent again.
    """
    channel = services.portal
    if channel is None:
        raise Rejected(Code.SETTINGS_INVALID, "no return channel", subject="portal_way")
    done, ends, silent = Handed(), time.monotonic() + longest, 0

    def over() -> bool:
        done.left = time.monotonic() > ends or (stop is not None and stop.is_set())
        return done.left

    if at_once:
        with services.catalogue.write() as tx:
            portal_packages.send_at_once(tx, ask_again=channel.way.asks)
    project(services, demo=demo)
    done.made = prepare(services, over)
    while not over():
        before = done.failed
        count = _batch(services, channel, done)
        silent = silent + 1 if done.failed - before == count else 0
        if count == 0 or silent >= _ENOUGH_SILENCE:
            break
    return done


def _batch(services: Services, channel: PortalChannel, done: Handed) -> int:
    """Send some packages and record what is said of them; return how many were tried."""
    begun = _begun(services, channel)
    if not begun:
        return 0
    ready = [(package, one) for package, one in begun if one is not None]
    replies: list[Reply] = channel.way.send([one for _, one in ready]) if ready else []
    for (package, _), reply in zip(ready, replies, strict=True):
        _record(package, reply, services, done)
    done.failed += len(begun) - len(ready)
    refused = next((one for one in replies if isinstance(one, Rejected) and one.code is Code.PORTAL_REFUSED), None)
    if refused is not None:
        raise refused
    return len(begun)


def _begun(services: Services, channel: PortalChannel) -> list[tuple[Package, Parcel | None]]:
    """Record that some packages are about to be sent, and return them as they will be."""
    with services.catalogue.write() as tx:
        now = services.clock()
        found = portal_packages.next_open(tx, now, _AT_ONCE)
        begun = []
        for package in found:
            wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(package.tries, 16))
            portal_packages.begin_try(tx, package.key, now + timedelta(seconds=wait))
            begun.append((package, parcel(tx, package, channel, services)))
            if channel.links is not None:
                portal_packages.prolong(tx, package.key, now + timedelta(days=channel.links.days))
        return begun


def _record(package: Package, reply: Reply, services: Services, done: Handed) -> None:
    if isinstance(reply, HososoError):
        done.failed += 1
        done.trouble = reply.code.value
        _log.warning("package not handed over", package=package.key, code=reply.code.value, detail=reply.detail)
        with services.catalogue.write() as tx:
            portal_packages.set_trouble(tx, package.key, reply.code.value)
        return
    news = _taken(package, reply, services)
    done.accepted += news is Heard.TAKEN
    done.refused += news is Heard.REFUSED
    done.sent += news is Heard.WAITING


def _taken(package: Package, reply: Answer, services: Services) -> Heard:
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [package.dossier_id])
        now = portal_packages.find(tx, package.key) or package
        return take(tx, now, reply, services)
