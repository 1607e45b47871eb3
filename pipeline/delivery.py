"""Deliveries: what lies in the folders that somebody asked to digitise, and which of it is new."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from catalog import Transaction, events, intakes, problems, queue, work
from dossier.codes import DossierCode, parse_code
from dossier.errors import Code, Rejected
from dossier.model import Intake
from dossier.states import IntakeState, Priority, Step
from ingest.copying import copy_hashed
from ingest.survey import FolderSurvey, FoundFile, NothingUsable, find_dossier_folders, survey
from pipeline.looks import content_digest, fingerprint
from pipeline.retrying import resume_stops
from pipeline.services import Services
from pipeline.setbacks import DOCUMENT_STEPS, tell
from pipeline.stop import is_unfinished

_OF_ENTRIES = frozenset(
    {
        Code.NAME_UNUSABLE,
        Code.LINK_OUTSIDE,
        Code.FILE_UNREADABLE,
        Code.FILE_TOO_LARGE,
        Code.FILE_CHANGED_WHILE_READ,
    }
)
"""What `survey` says of entries that it leaves where they are."""


class Outcome(StrEnum):
    """What a look at one dossier folder led to."""

    NEW = "new"
    CHANGED = "changed"  # a new version is made; the old one is kept
    SAME = "same"  # nothing to do
    UNDER_WAY = "under_way"  # an earlier run has taken it and it is not finished
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Delivered:
    """One folder with its outcome; `code` is the mã hồ sơ, or the folder's name where it is none."""

    code: str
    outcome: Outcome


def deliver(path: Path, services: Services, priority: Priority = Priority.COUNTER) -> list[Delivered]:
    """Look at a folder of dossier folders, or at one, and enqueue what is new or changed.

    Who stands at a counter goes first: boxes from the store room are delivered with `Priority.BACKLOG`.

    Raises:
        Rejected: FOLDER_NOT_FOUND, there is no such folder; SETTINGS_INVALID, another place has delivered from a
            folder of this name: what is said of the one would be taken for the other.
    """
    found = find_dossier_folders(path)
    where = str(path.resolve())
    with services.catalogue.read() as tx:
        if intakes.other_place_of(tx, where, services.place) is not None:
            raise Rejected(Code.SETTINGS_INVALID, "another place delivers from a folder of this name", subject="place")
    _resume_stops(services)
    if found.folders != [path]:
        _resolve_vanished(where, services)
    with services.catalogue.write() as tx:
        if found.folders != [path]:
            problems.resolve_all(tx, where, services.clock())
        for problem in found.problems:
            problems.report(tx, where, problem.subject, problem.code, problem.detail, services.clock())
    outcomes = [Delivered(problem.subject, Outcome.PROBLEM) for problem in found.problems]
    errand = intakes.Errand(priority, services.place)
    return outcomes + [_deliver_dossier(folder, errand, services) for folder in found.folders]


def _resume_stops(services: Services) -> None:
    with services.catalogue.write() as tx:
        own = (intakes.get(tx, queue.intake_of(tx, item.id)).dossier_id for item in queue.quarantined(tx))
        intakes.lock_dossiers(tx, own)
        resume_stops(tx, services)


def _resolve_vanished(where: str, services: Services) -> None:
    """Close the problems of dossier folders that are no more, except what is still set aside in the archive."""
    with services.catalogue.write() as tx:
        vanished = [folder for folder in problems.folders_below(tx, where) if not Path(folder).exists()]
        codes = (parse_code(Path(folder).name) for folder in vanished)
        intakes.lock_dossiers(tx, [intakes.dossier_id(code) for code in codes if code is not None])
        for folder in sorted(vanished):
            _start_afresh(tx, folder, services)


def _start_afresh(tx: Transaction, folder: str, services: Services) -> None:
    """Close the problems of a folder that is looked at anew; what is set aside in the archive stays on the list."""
    problems.resolve_all(tx, folder, services.clock())
    for item in queue.quarantined(tx):
        if intakes.get(tx, queue.intake_of(tx, item.id)).folder != folder:
            continue
        if item.step in DOCUMENT_STEPS or item.step is Step.CLOSE:
            tell(tx, item, Code(item.error), item.detail, services)
        else:
            work.cancel_item(tx, item, services.clock())


def _deliver_dossier(folder: Path, errand: intakes.Errand, services: Services) -> Delivered:
    where = str(folder.resolve())
    code = parse_code(folder.resolve().name)
    if code is None:
        raise Rejected(Code.FOLDER_CODE_UNKNOWN, subject=folder.name)
    try:
        looked = survey(folder, services.limits)
    except Rejected as exc:
        _report_unusable(code, where, exc, services)
        return Delivered(code.normal, Outcome.PROBLEM)
    return Delivered(code.normal, _compare(looked, where, errand, services))


def _report_unusable(code: DossierCode, where: str, cause: Rejected, services: Services) -> None:
    """Put a folder that cannot be taken on the list; a stopped dossier's line is not replaced by it."""
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [intakes.dossier_id(code)])
        last = intakes.latest(tx, intakes.dossier_id(code))
        if last is not None and last.state is IntakeState.STOPPED and last.folder == where:
            return
        _start_afresh(tx, where, services)
        for told in (*(cause.problems if isinstance(cause, NothingUsable) else ()), cause):
            problems.report(tx, where, told.subject or code.normal, told.code, told.detail, services.clock())


def _compare(looked: FolderSurvey, where: str, errand: intakes.Errand, services: Services) -> Outcome:
    mark = fingerprint(looked.files)
    with services.catalogue.write() as tx:
        dossier_id = intakes.ensure_dossier(tx, looked.code, looked.code.agency, services.clock())
        intakes.lock_dossiers(tx, [dossier_id])
        last = intakes.latest(tx, dossier_id)
        if last is None:
            _begin(tx, dossier_id, where, mark, errand, services)
            return Outcome.NEW
        if last.state in (IntakeState.RECEIVING, IntakeState.READING) or is_unfinished(tx, last):
            return Outcome.UNDER_WAY
        here = intakes.latest_from(tx, dossier_id, where)
        if here is not None and intakes.fingerprint(tx, here.id) == mark:
            _tell_entries(tx, looked, where, services)
            return _unchanged(here)
        before = intakes.content(tx, last.id)
    now_content = _content(looked)
    with services.catalogue.write() as tx:
        intakes.lock_dossiers(tx, [dossier_id])
        newest = intakes.latest(tx, dossier_id)
        if newest is None or newest.id != last.id:  # another run has taken it meanwhile
            return Outcome.UNDER_WAY
        if before == now_content:
            intakes.refresh_fingerprint(tx, last.id, mark)
            _tell_entries(tx, looked, where, services)
            return _unchanged(last)
        _begin(tx, dossier_id, where, mark, errand, services)
    return Outcome.CHANGED


def _tell_entries(tx: Transaction, looked: FolderSurvey, where: str, services: Services) -> None:
    """Bring the list up to date with entries that no delivery takes, such as links: they change no file."""
    taken = {file.name for file in looked.files}
    for known in problems.open_problems(tx, where):
        if known.code in _OF_ENTRIES and known.subject not in taken:
            problems.resolve(tx, where, known.subject, known.code, services.clock())
    for told in looked.problems:
        problems.report(tx, where, told.subject, told.code, told.detail, services.clock())


def _unchanged(intake: Intake) -> Outcome:
    return Outcome.PROBLEM if intake.error else Outcome.SAME


def _begin(tx: Transaction, dossier_id: str, where: str, mark: str, errand: intakes.Errand, services: Services) -> None:
    now = services.clock()
    _dismiss_earlier(tx, dossier_id, services)
    _start_afresh(tx, where, services)
    intake_id = intakes.begin(tx, dossier_id, where, mark, now, errand)
    work.enqueue(tx, Step.RECEIVE, [intake_id], intake_id, now)
    events.append(tx, dossier_id, "delivered", now, {"intake": intake_id}, actor=services.office.actor)


def _dismiss_earlier(tx: Transaction, dossier_id: str, services: Services) -> None:
    """Cancel what was set aside of earlier deliveries before they had documents: the new one takes their place."""
    for item in queue.quarantined(tx):
        intake = intakes.get(tx, queue.intake_of(tx, item.id))
        if item.step not in DOCUMENT_STEPS and intake.dossier_id == dossier_id:
            work.cancel_item(tx, item, services.clock())


def _content(looked: FolderSurvey) -> str:
    return content_digest((file.name, _digest(file)) for file in looked.files)


def _digest(file: FoundFile) -> str:
    try:
        return copy_hashed(file.path, _Nowhere())[0]
    except Rejected as exc:
        return exc.code.value


class _Nowhere(BytesIO):
    def write(self, data: object, /) -> int:
        """Take a chunk and keep nothing of it."""
        del data
        return 0
