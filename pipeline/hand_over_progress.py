"""How far a hand-over is: what was read of it, page by page, and what the archive has for certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from catalog import Transaction, hand_overs, intakes, pages, problems, stacks
from catalog.problems import Problem
from dossier.errors import Code
from dossier.handing_over import HandOver, HandOverState, ReceivedFile
from dossier.model import Intake, Page, SourceFile
from dossier.page import MAY_BE_SECRET, Verdict
from dossier.stacks import PartState
from dossier.states import FileState, IntakeState, PageState
from pipeline.archived_files import archived_files
from pipeline.leaves import LEAF_CODES
from pipeline.replaced import replaced_names


class Stage(StrEnum):
    """How far a hand-over is as a whole."""

    OPEN = "open"
    WAITING = "waiting"  # for its turn: another delivery of the dossier is being read
    UNASSIGNED = "unassigned"  # pages of a stack wait for a person who says where they belong
    READING = "reading"
    ASKED = "asked"  # a person has to say of a page whether its paper is a state secret; the others are read
    UNAPPROVED = "unapproved"  # it would replace signed papers, and nobody has approved that yet
    PROCESSING = "processing"  # read; documents are on their way into the archive
    ARCHIVED = "archived"  # all of it: the client may forget its own copies
    REJECTED = "rejected"  # nothing of it can be used
    STOPPED = "stopped"  # a state-secret marking was seen: the client must destroy its own copies too
    ABANDONED = "abandoned"


_OVER = frozenset({Stage.ARCHIVED, Stage.REJECTED, Stage.STOPPED, Stage.ABANDONED})


@dataclass(frozen=True, slots=True)
class PageProgress:
    """One page: what the reading is worth, and why it is not worth more (stable names)."""

    page_id: str
    number: int
    is_read: bool
    verdict: Verdict | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileProgress:
    """One file.

    Attributes:
        file: As it was received.
        pages: What was taken out of it, in order.
        error: Why it cannot be used; empty: it can.
        is_archived: Every document that has pages of it is in the archive, signed and read back: its own bytes too.
        is_replaced: A later hand-over took its place, and the archive has all of that.
    """

    file: ReceivedFile
    pages: tuple[PageProgress, ...] = ()
    error: str = ""
    is_archived: bool = False
    is_replaced: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a hand-over is.

    Attributes:
        own: The hand-over.
        stage: As a whole.
        files: File by file, in order.
        leaves: What the list says of the leaves of the dossier.
    """

    own: HandOver
    stage: Stage
    files: tuple[FileProgress, ...]
    leaves: tuple[Problem, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages were taken out of the files so far."""
        return sum(len(each.pages) for each in self.files)

    @property
    def read(self) -> int:
        """How many of them were read."""
        return sum(page.is_read for each in self.files for page in each.pages)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.stage in _OVER

    @property
    def miscounted(self) -> bool:
        """Whether there are not as many pages as somebody has counted, once all are taken."""
        taken = self.stage not in (Stage.OPEN, Stage.WAITING, Stage.ABANDONED) and self.pages > 0
        return taken and self.own.pages is not None and self.own.pages != self.pages


def progress(tx: Transaction, own: HandOver) -> Progress:
    """Return how far a hand-over is."""
    received = hand_overs.files(tx, own.id)
    if own.is_stack and own.state is HandOverState.PLACED:
        return _stack(tx, own, received)
    intake = intakes.get(tx, own.intake_id) if own.intake_id else None
    if own.state is not HandOverState.PLACED or intake is None:
        return Progress(own, _unplaced(own), tuple(FileProgress(file) for file in received))
    taken = {file.name: file for file in intakes.files(tx, intake.id)}
    by_file = _by_file(pages.of_intake(tx, intake.id))
    archived = archived_files(tx, intake.dossier_id)
    files = tuple(_file(file, taken.get(file.placed_as), by_file, archived) for file in received)
    listed = problems.open_problems(tx, intake.folder)
    refused = {each.subject: each.code.value for each in listed}
    replaced = replaced_names(tx, own)
    files = tuple(_told(replace(each, is_replaced=each.file.placed_as in replaced), refused) for each in files)
    return Progress(own, _stage(intake, files), files, tuple(each for each in listed if each.code in LEAF_CODES))


def _stack(tx: Transaction, own: HandOver, received: Iterable[ReceivedFile]) -> Progress:
    """Return how far a stack is: over when all its parts are, and nothing of it waits for a person."""
    parts = stacks.parts(tx, own.intake_id)
    if not parts:
        return Progress(own, Stage.REJECTED, tuple(FileProgress(file, error=own.intake_id) for file in received))
    handed = [hand_overs.find(tx, part.hand_over_id) for part in parts if part.state is PartState.HANDED_OVER]
    stages = {progress(tx, each).stage for each in handed if each is not None}
    states = {part.state for part in parts}
    if Stage.STOPPED in stages:
        stage = Stage.STOPPED
    elif PartState.WAITING in states:
        stage = Stage.UNASSIGNED
    elif Stage.ASKED in stages:
        stage = Stage.ASKED
    elif PartState.DECIDED in states or stages & {Stage.WAITING, Stage.READING}:
        stage = Stage.READING
    else:
        stage = Stage.PROCESSING if stages - {Stage.ARCHIVED} else Stage.ARCHIVED
    return Progress(own, stage, tuple(FileProgress(file, is_archived=stage is Stage.ARCHIVED) for file in received))


def _unplaced(own: HandOver) -> Stage:
    if own.state is HandOverState.ABANDONED:
        return Stage.ABANDONED
    if own.state is HandOverState.PLACED:
        return Stage.REJECTED  # nothing of it could be taken
    return Stage.OPEN if own.state is HandOverState.OPEN else Stage.WAITING


def _stage(intake: Intake, files: Iterable[FileProgress]) -> Stage:
    if intake.state is IntakeState.ASSEMBLED:
        done = all(each.is_archived or each.is_replaced for each in files)
        return Stage.ARCHIVED if done else Stage.PROCESSING
    is_asked = any(not page.is_read and MAY_BE_SECRET in page.reasons for each in files for page in each.pages)
    return {
        IntakeState.STOPPED: Stage.STOPPED,
        IntakeState.REJECTED: Stage.REJECTED,
        IntakeState.UNAPPROVED: Stage.UNAPPROVED,
    }.get(intake.state, Stage.ASKED if is_asked else Stage.READING)


def _by_file(own: Iterable[Page]) -> Mapping[str, list[PageProgress]]:
    found: dict[str, list[PageProgress]] = {}
    for page in own:
        is_read = page.state not in (PageState.RECEIVED, PageState.ASKED)
        found.setdefault(page.file_id, []).append(
            PageProgress(page.id, page.number, is_read, page.verdict, page.reasons)
        )
    return found


def _file(
    received: ReceivedFile,
    taken: SourceFile | None,
    by_file: Mapping[str, list[PageProgress]],
    archived: frozenset[str],
) -> FileProgress:
    if taken is None:
        return FileProgress(received, is_archived=received.sha256 in archived)
    error = taken.error if taken.state in (FileState.REJECTED, FileState.DESTROYED) else ""
    if taken.state is FileState.DESTROYED:
        error = error or Code.SECRET_STAMP.value
    own = tuple(by_file.get(taken.id, ()))
    return FileProgress(received, own, error, received.sha256 in archived)


def _told(each: FileProgress, refused: Mapping[str, str]) -> FileProgress:
    """Return a file with what the list of problems says of it, where nothing of it was recorded."""
    code = refused.get(each.file.placed_as, "")
    if each.error or not code or code == Code.FOLDER_CHANGED.value:
        return each
    return replace(each, error=code)
