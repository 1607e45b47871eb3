"""Deliveries: what lies in the folders that somebody asked to digitise, and which of it is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from catalog import Transaction, events, intakes, problems, work
from dossier.codes import parse_code
from dossier.digest import canonical, of_bytes
from dossier.errors import Code, Rejected
from dossier.model import Intake
from dossier.states import IntakeState, Step
from ingest.copying import copy_hashed
from ingest.survey import FolderSurvey, FoundFile, find_dossier_folders, survey
from pipeline.services import Services


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


def deliver(path: Path, services: Services) -> list[Delivered]:
    """Look at a folder of dossier folders, or at one, and enqueue what is new or changed.

    Raises:
        Rejected(FOLDER_NOT_FOUND): There is no such folder.
    """
    found = find_dossier_folders(path)
    where = str(path.resolve())
    with services.catalogue.write() as tx:
        problems.resolve_all(tx, where, services.clock())
        for problem in found.problems:
            problems.report(tx, where, problem.subject, problem.code, problem.detail, services.clock())
    outcomes = [Delivered(problem.subject, Outcome.PROBLEM) for problem in found.problems]
    return outcomes + [_deliver_dossier(folder, services) for folder in found.folders]


def fingerprint(files: Iterable[FoundFile]) -> str:
    """Return the cheap look at a folder: names, sizes and times of its files."""
    return of_bytes(canonical({"files": [[file.name, file.size, file.mtime_ns] for file in files]}))


def content_digest(files: Iterable[tuple[str, str]]) -> str:
    """Return the sure look at a delivery: the digest over the names and digests of its files."""
    return of_bytes(canonical({"files": sorted([name, sha256] for name, sha256 in files)}))


def _deliver_dossier(folder: Path, services: Services) -> Delivered:
    where = str(folder.resolve())
    code = parse_code(folder.resolve().name)
    if code is None:
        raise Rejected(Code.FOLDER_CODE_UNKNOWN, subject=folder.name)
    try:
        looked = survey(folder, services.limits)
    except Rejected as exc:
        with services.catalogue.write() as tx:
            problems.resolve_all(tx, where, services.clock())
            problems.report(tx, where, exc.subject or code.normal, exc.code, exc.detail, services.clock())
        return Delivered(code.normal, Outcome.PROBLEM)
    return Delivered(code.normal, _compare(looked, where, services))


def _compare(looked: FolderSurvey, where: str, services: Services) -> Outcome:
    mark = fingerprint(looked.files)
    with services.catalogue.write() as tx:
        dossier_id = intakes.ensure_dossier(tx, looked.code, looked.code.agency, services.clock())
        last = intakes.latest(tx, dossier_id)
        if last is None:
            _begin(tx, dossier_id, where, mark, services)
            return Outcome.NEW
        if last.state in (IntakeState.RECEIVING, IntakeState.READING):
            return Outcome.UNDER_WAY
        if intakes.fingerprint(tx, last.id) == mark and last.folder == where:
            return Outcome.PROBLEM if last.error else Outcome.SAME
        before = intakes.content(tx, last.id)
    now_content = _content(looked)
    with services.catalogue.write() as tx:
        if before == now_content:
            intakes.refresh_fingerprint(tx, last.id, mark)
            return Outcome.PROBLEM if last.error else Outcome.SAME
        _begin(tx, dossier_id, where, mark, services)
    return Outcome.CHANGED


def _begin(tx: Transaction, dossier_id: str, where: str, mark: str, services: Services) -> None:
    now = services.clock()
    problems.resolve_all(tx, where, now)
    intake_id = intakes.begin(tx, dossier_id, where, mark, now)
    work.enqueue(tx, Step.RECEIVE, [intake_id], intake_id, now)
    events.append(tx, dossier_id, "delivered", now, {"intake": intake_id}, actor=services.office.actor)


def _content(looked: FolderSurvey) -> str:
    return content_digest((file.name, _digest(file)) for file in looked.files)


def _digest(file: FoundFile) -> str:
    try:
        return copy_hashed(file.path, _Nowhere())[0]
    except Rejected as exc:
        return exc.code.value


class _Nowhere(BytesIO):
    def write(self, data: object, /) -> int:
        del data
        return 0


def difference(before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return names of files `added`, `replaced` and `removed` between two deliveries of (name, digest)."""
    old, new = dict(before), dict(after)
    return {
        "added": sorted(new.keys() - old.keys()),
        "replaced": sorted(name for name in new.keys() & old.keys() if new[name] != old[name]),
        "removed": sorted(old.keys() - new.keys()),
    }


def note_change(tx: Transaction, intake: Intake, changed: dict[str, list[str]], services: Services) -> None:
    """Tell that a folder changed after it was digitised, and how, without naming what is in it."""
    summary = ", ".join(f"{kind} {len(names)}" for kind, names in changed.items() if names)
    problems.report(tx, intake.folder, intake.code, Code.FOLDER_CHANGED, summary, services.clock())
