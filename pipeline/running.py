"""Run one claimed work item: the step, and what its failure means for the item."""

from __future__ import annotations

import contextvars
import errno
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import structlog
from structlog.contextvars import bound_contextvars

from catalog import queue, work
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import WorkItem
from pipeline.services import Services
from pipeline.setbacks import put_off, set_aside
from pipeline.steps import STEPS

_HEARTBEAT_SECONDS = work.LEASE_SECONDS / 4
_MAX_BUGS = 3  # a bug comes again; a pulled plug does not
_FULL = (errno.ENOSPC, errno.EDQUOT)
_FIRST_WAIT, _LONGEST_WAIT = 2.0, 300.0
_ON_THE_LIST = 21_600.0
_LONGEST_CUT_OFF = 60.0
CUT_OFF = (Code.STORE_UNAVAILABLE, Code.DISK_FULL)
"""What one item waits for every item of the host waits for, and perhaps no other host does."""
_log = structlog.get_logger("hososo")


class Outcome(StrEnum):
    """What became of a claimed item."""

    DONE = "done"
    WAITS = "waits"  # put off: the world must act
    CUT_OFF = "cut_off"  # put off: this host lacks what every item needs
    SET_ASIDE = "set_aside"  # a person must act
    BUG = "bug"
    LOST = "lost"  # another worker owns it: nothing was committed


def run(
    item: WorkItem, services: Services, limit: float = 1500.0, overdue: Callable[[], None] = lambda: None
) -> Outcome:
    """Run a claimed item to its end, whatever that is, and return which. Never raises for a fault of the input.

    Every line that is logged meanwhile says which step of which dossier it is about.

    Args:
        item: The claimed item.
        services: Of this process.
        limit: Seconds after which the step has hung: its lease is prolonged no more.
        overdue: Called then, from another thread.

    Raises:
        Unavailable: What became of the item could not be recorded; it stays claimed.
    """
    with bound_contextvars(**_ids(item, services)):
        try:
            return _run(item, services, _Limit(limit, overdue))
        except work.LostLease:
            _log.warning("lease lost, nothing committed")
            return Outcome.LOST


def _ids(item: WorkItem, services: Services) -> dict[str, object]:
    try:
        with services.catalogue.read() as tx:
            dossier = queue.dossier_of(tx, item.id)
    except Unavailable:
        dossier = ""
    return {
        "step": item.step.value,
        "subject": item.subject,
        "item": item.id,
        "attempt": item.attempts,
        "worker": item.worker,
        "dossier": dossier,
    }


def _run(item: WorkItem, services: Services, limit: _Limit) -> Outcome:
    try:
        _refuse_poison(item)
        with _heartbeat(item, services, limit):
            STEPS[item.step](item.subject, services.under(item))
    except Unavailable as exc:
        _log.info("waits", code=exc.code.value, detail=exc.detail)
        put_off(item, _wait(item, exc.code), exc.code, exc.detail, services)
        return Outcome.CUT_OFF if exc.code in CUT_OFF else Outcome.WAITS
    except Rejected as exc:
        _log.info("set aside", code=exc.code.value, detail=exc.detail)
        set_aside(item, exc.code, exc.detail, services)
        return Outcome.SET_ASIDE
    except work.LostLease:
        raise
    except OSError as exc:
        return _after_os_error(item, exc, services)
    except Exception as exc:  # noqa: BLE001
        # The one broad except of a worker: a bug must not take the queue with it. It is kept with its traceback.
        _log.exception("bug")
        return _after_bug(item, exc, services)
    return Outcome.DONE


def _refuse_poison(item: WorkItem) -> None:
    if item.crashes >= work.MAX_CRASHES:
        raise Rejected(Code.POISON, f"{item.crashes} workers died over it")


def _wait(item: WorkItem, code: Code) -> float:
    """Return the seconds until the next attempt: twice as long each time.

    What is on the signing list is woken by the signature that comes back; to look by oneself is for lost wake-ups only.
    """
    if code in (Code.SIGNING_WAITING, Code.OFFICER_WAITING):
        return _ON_THE_LIST
    longest = _LONGEST_CUT_OFF if code in CUT_OFF else _LONGEST_WAIT
    return float(min(longest, _FIRST_WAIT * 2 ** min(item.attempts - 1, 10)))


def _after_os_error(item: WorkItem, exc: OSError, services: Services) -> Outcome:
    """Wait for room where a working file met a full disk; anything else is a bug of the step."""
    if exc.errno in _FULL:
        _log.info("waits", code=Code.DISK_FULL.value)
        put_off(item, _wait(item, Code.DISK_FULL), Code.DISK_FULL, errno.errorcode[exc.errno], services)
        return Outcome.CUT_OFF
    _log.exception("bug")
    return _after_bug(item, exc, services)


def _after_bug(item: WorkItem, exc: Exception, services: Services) -> Outcome:
    detail = type(exc).__name__  # the message may hold what was read
    with services.catalogue.write() as tx:
        bugs = work.count_bug(tx, item)
    if bugs >= _MAX_BUGS:
        set_aside(item, Code.BUG, detail, services)
    else:
        put_off(item, _wait(item, Code.BUG), Code.BUG, detail, services)
    return Outcome.BUG


@dataclass(frozen=True, slots=True)
class _Limit:
    seconds: float
    overdue: Callable[[], None]


@contextmanager
def _heartbeat(item: WorkItem, services: Services, limit: _Limit) -> Iterator[None]:
    """Renew the lease from a thread while the step runs; a renewal that fails is tried again at the next beat."""
    done = threading.Event()
    deadline = time.monotonic() + limit.seconds

    def beat() -> None:
        """Renew until the step is done, its time is over or the lease is lost."""
        while not done.wait(_HEARTBEAT_SECONDS):
            if time.monotonic() > deadline:
                _log.error("step hangs")
                limit.overdue()
                return
            if not _renewed(item, services):
                return

    ids = contextvars.copy_context()  # a thread begins with none, and its lines need them too
    thread = threading.Thread(target=ids.run, args=(beat,), name=f"heartbeat-{item.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renewed(item: WorkItem, services: Services) -> bool:
    """Prolong the lease; False when it is lost. A catalogue that is away says nothing about it."""
    try:
        with services.catalogue.write() as tx:
            return work.renew(tx, item, services.clock())
    except Unavailable:
        _log.warning("heartbeat missed")
        return True
