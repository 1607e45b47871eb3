"""Run one claimed work item: the step, and what its failure means for the item."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from catalog import documents, intakes, problems, work
from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.model import WorkItem
from dossier.states import DocumentState, IntakeState, Step
from pipeline.services import Services
from pipeline.steps import STEPS

_HEARTBEAT_SECONDS = work.LEASE_SECONDS / 3
_FIRST_WAIT, _LONGEST_WAIT = 2.0, 300.0
_DOCUMENT_STEPS = (Step.CLASSIFY, Step.RENDER, Step.SIGN, Step.ARCHIVE)
_MAX_BUG_ATTEMPTS = 3
_log = structlog.get_logger("hososo")


def run(item: WorkItem, services: Services) -> None:
    """Run a claimed item to its end, whatever that is. Never raises for a fault of the input or of the world."""
    log = _log.bind(step=item.step.value, subject=item.subject, item=item.id, attempt=item.attempts)
    try:
        with _heartbeat(item, services):
            STEPS[item.step](item.subject, services.under(item))
    except work.LostLease:
        log.warning("lease lost, nothing committed")
    except Unavailable as exc:
        log.info("waits", code=exc.code.value, detail=exc.detail)
        _put_off(item, exc, services)
    except Rejected as exc:
        log.info("set aside", code=exc.code.value, detail=exc.detail)
        _set_aside(item, exc, services)
    except Exception as exc:
        # The one broad except of a worker: a bug must not take the queue with it. It is kept with its traceback.
        log.exception("bug")
        _after_bug(item, exc, services)


def _put_off(item: WorkItem, exc: HososoError, services: Services) -> None:
    seconds = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(item.attempts - 1, 10))
    with _unless_lost(), services.catalogue.write() as tx:
        work.postpone(tx, item, services.clock(), seconds, exc.code, exc.detail)
        if item.step is Step.SIGN:
            silent = exc.code is Code.TSA_UNAVAILABLE
            state = DocumentState.WAITING_TIMESTAMP if silent else DocumentState.WAITING_SIGNATURE
            documents.move(tx, item.subject, state, exc.code.value)


def _set_aside(item: WorkItem, exc: HososoError, services: Services) -> None:
    with _unless_lost(), services.catalogue.write() as tx:
        work.quarantine(tx, item, services.clock(), exc.code, exc.detail)
        intake = intakes.get(tx, work.intake_of(tx, item.id))
        problems.report(tx, intake.folder, exc.subject or item.subject, exc.code, exc.detail, services.clock())
        if item.step in _DOCUMENT_STEPS:
            documents.move(tx, item.subject, DocumentState.QUARANTINED, exc.code.value)
        elif item.step in (Step.RECEIVE, Step.ASSEMBLE):
            intakes.set_state(tx, intake.id, IntakeState.REJECTED, exc.code.value)


def _after_bug(item: WorkItem, exc: Exception, services: Services) -> None:
    detail = type(exc).__name__  # the message may hold what was read: it goes to the log's traceback only
    if item.attempts >= _MAX_BUG_ATTEMPTS:
        _set_aside(item, Rejected(Code.BUG, detail), services)
    else:
        _put_off(item, Unavailable(Code.BUG, detail), services)


@contextmanager
def _unless_lost() -> Iterator[None]:
    try:
        yield
    except work.LostLease:
        _log.warning("lease lost, nothing committed")


@contextmanager
def _heartbeat(item: WorkItem, services: Services) -> Iterator[None]:
    """Renew the lease from a thread while the step runs; a renewal that fails is tried again at the next beat."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(_HEARTBEAT_SECONDS):
            try:
                with services.catalogue.write() as tx:
                    if not work.renew(tx, item, services.clock()):
                        return
            except Unavailable:
                _log.warning("heartbeat missed", item=item.id)

    thread = threading.Thread(target=beat, name=f"heartbeat-{item.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
