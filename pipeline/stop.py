"""Stop: a page carries the marking of a state secret; nothing that was taken of its dossier is kept."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from catalog import Transaction, events, intakes, pages, problems, work
from dossier.digest import CHUNK, of_file
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import Intake, Page, SourceFile
from dossier.states import FileState, IntakeState, Step
from ingest.survey import survey
from pipeline.closing import close_when_archived
from pipeline.looks import content_digest, fingerprint
from pipeline.secrecy_questions import withdraw_questions
from pipeline.services import Services
from pipeline.stack_sources import sources_of

_DOOMED = ".hososo-destroy-"


def stop(intake: Intake, page: Page, services: Services) -> None:
    """Stop a dossier: record it, then destroy the held bytes and the scan that carries the marking.

    The record goes first and keeps this page's work item: should we be killed before all is destroyed, the item runs
    again and `finish_stop` goes on. The incident line names dossier and file, never what was on the page.

    Raises:
        LostLease: The item is not ours any more; where another page has stopped the dossier before, this page's file
            is to be destroyed all the same.
    """
    try:
        with services.checkpoint() as tx:
            record_stop(tx, intake, page, services)
    except work.LostLease:
        _destroy_too(intake, page, services)
        raise
    finish_stop(intake, page, services)


def is_stopper(page: Page) -> bool:
    """Return whether this page has stopped its dossier."""
    return page.error == Code.SECRET_STAMP.value


def is_unfinished(tx: Transaction, intake: Intake) -> bool:
    """Return whether a delivery is stopped, but not all is destroyed: what its folder lacks is our own doing."""
    files = intakes.files(tx, intake.id)
    return intake.state is IntakeState.STOPPED and any(file.state is not FileState.DESTROYED for file in files)


def finish_stop(intake: Intake, page: Page, services: Services) -> None:
    """Destroy what a recorded stop condemns: the key of the batch first, what is left of it cannot be read.

    Where the delivered folder lies on another host, its workers take over from there.
    """
    services.holding.destroy(intake.id)
    if not services.is_here(intake.place):
        _hand_over(intake, services)
        return
    source = _source(page, services)
    _destroy_delivered(Path(intake.folder), source)
    _destroy_scanned_as_one(intake, services)
    look = _look(Path(intake.folder), services)
    with services.commit() as tx:
        files = intakes.files(tx, intake.id)
        marked = {one.file_id for one in pages.of_intake(tx, intake.id) if is_stopper(one)}
        gone = {file.sha256 for file in files if file.id in marked}
        left = [(file.name, file.sha256 or file.error) for file in files if file.sha256 not in gone]
        for file in files:
            intakes.set_file_state(tx, file.id, FileState.DESTROYED)
        # The folder as we leave it: only what a person changes in it begins a new delivery.
        intakes.refresh_fingerprint(tx, intake.id, look)
        intakes.set_content(tx, intake.id, content_digest(left), {})
        close_when_archived(tx, intake.dossier_id, services)


def _hand_over(intake: Intake, services: Services) -> None:
    """Leave the rest to the workers where the folder lies, before all else that they have to do."""
    if services.lease is not None:
        with services.catalogue.write() as tx:
            work.hand_over(tx, services.lease, services.clock(), intake.place)


def _destroy_too(intake: Intake, page: Page, services: Services) -> None:
    """Let the file of a page whose dossier another page has stopped be destroyed as well, where its folder lies.

    We own nothing here: the page's item is made ready again, and whoever takes it ends the stop. Where nothing is
    stopped our lease has merely run out: the page's new owner looks at it, and a person at what we saw.
    """
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [intake.dossier_id])
        if intakes.get(tx, intake.id).state is IntakeState.STOPPED:
            pages.set_quarantined(tx, page.id, Code.SECRET_STAMP.value)
            work.revive(tx, Step.READ, page.id, services.clock(), intake.place)
        else:
            problems.report(tx, intake.folder, page.label, Code.SECRET_STAMP, "", services.clock())


def record_stop(tx: Transaction, intake: Intake, page: Page, services: Services, *, actor: str = "hososo") -> None:
    """Record that a page stops its dossier, as the machine has seen or a person has said; `finish_stop` comes next."""
    now = services.clock()
    withdraw_questions(tx, intake, services)
    pages.set_quarantined(tx, page.id, Code.SECRET_STAMP.value)
    intakes.set_state(tx, intake.id, IntakeState.STOPPED, Code.SECRET_STAMP.value)
    work.cancel_intake(tx, intake.id, now, but=services.lease)
    problems.report(tx, intake.folder, page.label, Code.SECRET_STAMP, "", now)
    events.append(
        tx, intake.dossier_id, "stopped", now, {"intake": intake.id, "code": Code.SECRET_STAMP.value}, actor=actor
    )


def _source(page: Page, services: Services) -> SourceFile:
    with services.catalogue.read() as tx:
        return next(file for file in intakes.files(tx, page.intake_id) if file.id == page.file_id)


def _look(folder: Path, services: Services) -> str:
    try:
        return fingerprint(survey(folder, services.limits).files)
    except Rejected:  # nothing usable is left in it
        return ""


def _destroy_delivered(folder: Path, source: SourceFile) -> None:
    """Overwrite and remove the delivered bytes wherever they lie in the folder, under whatever name.

    Found by digest, so that a file which a person has put in its place meanwhile is not touched. A new name is given
    first: after a kill halfway through the overwriting, the digest would not find it any more.

    Raises:
        Unavailable(STORE_UNAVAILABLE): The file system does not let us, or is not there at all (an inbox of another
            machine that is not mounted here); it is tried again.
    """
    if not folder.parent.is_dir():
        raise Unavailable(Code.STORE_UNAVAILABLE, "the delivered folder cannot be reached from here")
    try:
        for path in list(_condemned(folder, source)):
            doomed = path.with_name(_DOOMED + secrets.token_hex(8))
            path.rename(doomed)
            _erase(doomed)
    except OSError as exc:
        raise Unavailable(Code.STORE_UNAVAILABLE, f"marked file not destroyed: {exc.strerror}") from exc


def _destroy_scanned_as_one(intake: Intake, services: Services) -> None:
    """Destroy the files of the stack that the delivery was cut from: the page is in them too, the others are cut out.

    Raises:
        Unavailable(STORE_UNAVAILABLE): The file system does not let us; it is tried again.
    """
    try:
        for path, sha256 in sources_of(intake.id, services):
            if path.is_file() and of_file(path)[0] == sha256:
                path.rename(path.with_name(_DOOMED + secrets.token_hex(8)))
            for doomed in path.parent.glob(_DOOMED + "*"):
                _erase(doomed)
    except OSError as exc:
        raise Unavailable(Code.STORE_UNAVAILABLE, f"marked stack not destroyed: {exc.strerror}") from exc


def _condemned(folder: Path, source: SourceFile) -> Iterator[Path]:
    for path in folder.rglob("*"):
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            continue
        if path.name.startswith(_DOOMED) or (status.st_size == source.size and of_file(path)[0] == source.sha256):
            yield path


def _erase(path: Path) -> None:
    """Overwrite and remove a file; on flash media the overwriting is best effort, the removal is not."""
    left = path.stat().st_size
    with path.open("r+b") as stream:
        while left > 0:
            left -= stream.write(bytes(min(CHUNK, left)))
        stream.flush()
        os.fsync(stream.fileno())
    path.unlink()
