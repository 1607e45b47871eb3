"""The records of the catalogue as frozen values. Ids are values; bytes are named by digest and never travel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dossier.page import Verdict
from dossier.scan import PageScan
from dossier.states import DocumentState, FileState, IntakeState, PageState, Step, WorkState


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """Bytes in the archive: key, SHA-256 (lower-case hex), size in bytes, media type."""

    key: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dossier (hồ sơ). `code` is the normalised mã hồ sơ, `raw` what was written."""

    id: str
    code: str
    raw: str
    unit: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Intake:
    """One delivery of a dossier folder. `version` counts deliveries of the same dossier from 1.

    `place` names the host whose file system the folder is in; empty where every host sees it.
    """

    id: str
    dossier_id: str
    code: str
    folder: str
    version: int
    state: IntakeState
    error: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as delivered. `name` is its path inside the dossier folder, NFC, with forward slashes."""

    id: str
    intake_id: str
    name: str
    sha256: str
    size: int
    media_type: str
    state: FileState
    component: str = ""
    pages: int = 0
    signatures: int = 0
    error: str = ""
    detail: str = ""

    @property
    def signed(self) -> bool:
        """Whether the file came with digital signatures: its bytes are then never touched."""
        return self.signatures > 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a source file, `number` from 1. `words` names the stored reading; empty until read."""

    id: str
    intake_id: str
    file_id: str
    file_name: str
    component: str
    number: int
    scan_sha256: str
    scan: PageScan
    state: PageState
    verdict: Verdict | None = None
    reasons: tuple[str, ...] = ()
    words: str = ""
    error: str = ""

    @property
    def label(self) -> str:
        """The page as people know it: file and number."""
        return f"{self.file_name}#{self.number}"


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a dossier: its pages in order, its kind, its renditions."""

    id: str
    dossier_id: str
    code: str
    intake_id: str
    ordinal: int
    version: int
    component: str
    state: DocumentState
    page_ids: tuple[str, ...]
    kind: str = ""
    kind_confidence: float = 0.0
    confirmed: bool = False
    born_signed: bool = False
    superseded_by: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value read from a document. `box` is on the scan of page `page_id`; empty when it has no place."""

    name: str
    value: str
    raw: str
    confidence: float
    page_id: str = ""
    box: tuple[int, int, int, int] | None = None
    source: str = ""
    must_confirm: bool = False
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One step to run on one subject, with its lease. `token` fences: only its holder may commit."""

    id: int
    step: Step
    subject: str
    state: WorkState
    priority: int
    token: int
    attempts: int
    crashes: int
    worker: str = ""
    error: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One link of a dossier's append-only chain: ids and digests only, no names."""

    dossier_id: str
    sequence: int
    at: datetime
    actor: str
    kind: str
    payload: dict[str, object] = field(default_factory=dict)
    previous: str = ""
    digest: str = ""
