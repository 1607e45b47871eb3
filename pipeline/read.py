"""Read one page: words, verdict; a state-secret marking stops the whole dossier, what may be one waits for a person."""

from __future__ import annotations

from catalog import Transaction, intakes, pages, problems, work
from dossier.errors import Code, Rejected
from dossier.model import Page
from dossier.page import PageReading
from dossier.reading_json import dump, unread
from dossier.states import IntakeState, PageState, Step
from pipeline.held import page_image
from pipeline.names import reading_name
from pipeline.secrecy_questions import ask, is_cleared
from pipeline.services import Services
from pipeline.stop import finish_stop, is_stopper, stop


def read(page_id: str, services: Services) -> None:
    """Read a held page and keep the reading beside it in the holding area."""
    with services.catalogue.read() as tx:
        page = pages.get(tx, page_id)
        intake = intakes.get(tx, page.intake_id)
    if is_stopper(page):
        finish_stop(intake, page, services)
        return
    if page.state is not PageState.RECEIVED or intake.state is not IntakeState.READING:
        with services.commit():
            return
    reading, error = _reading(page, services, cleared=False)
    if (reading.secret or reading.may_be_secret) and _is_cleared(page, services):
        reading, error = _reading(page, services, cleared=True)
    if reading.secret:
        stop(intake, page, services)
        return
    if reading.may_be_secret:
        with services.commit() as tx:
            ask(tx, intake, page, reading.reasons, services)
        return
    services.holding.put(intake.id, reading_name(page.id), dump(reading))
    with services.commit() as tx:
        if error:
            pages.set_quarantined(tx, page.id, error)
            problems.report(tx, intake.folder, page.label, error, "", services.clock())
        else:
            pages.set_read(tx, page.id, reading.verdict, reading.reasons)
        assemble_when_read(tx, intake.id, services)


def assemble_when_read(tx: Transaction, intake_id: str, services: Services) -> None:
    """Enqueue the assembly of a delivery once none of its pages waits to be read."""
    if pages.unread(tx, intake_id) == 0:
        work.enqueue(tx, Step.ASSEMBLE, [intake_id], intake_id, services.clock())


def _is_cleared(page: Page, services: Services) -> bool:
    with services.catalogue.read() as tx:
        return is_cleared(tx, page)


def _reading(page: Page, services: Services, *, cleared: bool) -> tuple[PageReading, Code | None]:
    """Return the reading, after a second and cheaper attempt if the first killed its reader."""
    data = page_image(page, services)
    try:
        return services.reader.read(data, page.scan, cleared=cleared), None
    except Rejected:
        pass
    second, error = _second_reading(data, page, services, cleared=cleared)
    if not second.secret:  # a marking that was seen counts whoever owns the page by now
        with services.checkpoint():  # a worker that slept holds nothing worse over what its successor has read
            pass
    return second, error


def _second_reading(data: bytes, page: Page, services: Services, *, cleared: bool) -> tuple[PageReading, Code | None]:
    try:
        return services.reader.read(data, page.scan, effort="low", cleared=cleared), None
    except Rejected as exc:
        return unread(page.scan, exc.code.value.lower()), exc.code
