"""Read one page: words, verdict; a state-secret marking stops the whole dossier."""

from __future__ import annotations

import contextlib
from pathlib import Path

from catalog import Transaction, events, intakes, pages, problems, work
from dossier.errors import Code, Rejected
from dossier.model import Intake, Page
from dossier.page import PageReading
from dossier.reading_json import dump, unread
from dossier.states import FileState, IntakeState, PageState, Step
from dossier.text import nfc
from pipeline.names import page_name, reading_name
from pipeline.services import Services


def read(page_id: str, services: Services) -> None:
    """Read a held page and keep the reading beside it in the holding area."""
    with services.catalogue.read() as tx:
        page = pages.get(tx, page_id)
        intake = intakes.get(tx, page.intake_id)
    if page.state is not PageState.RECEIVED or intake.state is not IntakeState.READING:
        with services.commit():
            return
    reading, error = _reading(page, services)
    if reading.secret:
        _stop(intake, page, services)
        return
    services.holding.put(intake.id, reading_name(page.id), dump(reading))
    with services.commit() as tx:
        if error:
            pages.set_quarantined(tx, page.id, error)
            problems.report(tx, intake.folder, _subject(page), error, "", services.clock())
        else:
            pages.set_read(tx, page.id, reading.verdict, reading.reasons)
        assemble_when_read(tx, intake.id, services)


def assemble_when_read(tx: Transaction, intake_id: str, services: Services) -> None:
    """Enqueue the assembly of a delivery once none of its pages waits to be read."""
    if pages.unread(tx, intake_id) == 0:
        work.enqueue(tx, Step.ASSEMBLE, [intake_id], intake_id, services.clock())


def _reading(page: Page, services: Services) -> tuple[PageReading, Code | None]:
    """Return the reading, after a second and cheaper attempt if the first killed its reader."""
    data = services.holding.get(page.intake_id, page_name(page.id))
    try:
        return services.reader.read(data, page.scan), None
    except Rejected:
        pass
    try:
        return services.reader.read(data, page.scan, effort="low"), None
    except Rejected as exc:
        return unread(page.scan, exc.code.value.lower()), exc.code


def _stop(intake: Intake, page: Page, services: Services) -> None:
    """Destroy all that was taken of the dossier, and the scan that carries the marking.

    The key goes first: should we be killed here, what is left cannot be read, and the step runs again. The incident
    line names the dossier and the file, never what was on the page.
    """
    services.holding.destroy(intake.id)
    with services.catalogue.read() as tx:
        files = intakes.files(tx, intake.id)
    _destroy_source(Path(intake.folder), page.file_name)
    with services.commit() as tx:
        for file in files:
            intakes.set_file_state(tx, file.id, FileState.DESTROYED)
        intakes.set_state(tx, intake.id, IntakeState.STOPPED, Code.SECRET_STAMP.value)
        problems.report(tx, intake.folder, _subject(page), Code.SECRET_STAMP, "", services.clock())
        events.append(tx, intake.dossier_id, "stopped", services.clock(), {"code": Code.SECRET_STAMP.value})
    with services.catalogue.write() as tx:
        work.cancel_intake(tx, intake.id, services.clock())


def _destroy_source(folder: Path, name: str) -> None:
    """Overwrite and remove the scanned file; on flash media the overwriting is best effort, the removal is not."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and _same_name(path.relative_to(folder), name):
            size = path.stat().st_size
            with path.open("r+b") as stream:
                stream.write(b"\0" * size)
                stream.flush()
            with contextlib.suppress(FileNotFoundError):
                path.unlink()


def _same_name(path: Path, name: str) -> bool:
    return nfc(path.as_posix()) == name


def _subject(page: Page) -> str:
    return f"{page.file_name}#{page.number}"
