"""What is handed back to the one-stop software: packages, their states, and what answers make of them.

A package is one version of what the archive has of a dossier. It is sent at least once and taken exactly once: its key
is the digest of what it says, and to send it again is to ask again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from dossier.digest import canonical, of_bytes

PACKAGE_MARK = "hososo-return 1"
KEY_LENGTH = 64


class PackageState(StrEnum):
    """Where a package stands."""

    DUE = "due"  # made; not known to have been handed over
    SENT = "sent"  # handed over, no final answer yet
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPLACED = "replaced"  # a newer version was made before this one was accepted


class Outcome(StrEnum):
    """What the one-stop software says of a package."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    RECEIVED = "received"  # the answer comes later


class Heard(StrEnum):
    """What an answer was to us."""

    TAKEN = "taken"  # the package is accepted now
    REFUSED = "refused"
    WAITING = "waiting"
    KNOWN = "known"  # it had been said before
    OLDER = "older"  # of a package that a newer version has replaced
    CONTRADICTS = "contradicts"  # refused, after it was accepted: it stays accepted


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One document in a package: its archived form."""

    document_id: str
    sha256: str
    size: int
    is_result: bool


@dataclass(frozen=True, slots=True)
class SignatureSaid:
    """What is known of a document's signatures: how many, level, verdict, when, and whether they are for trial only."""

    count: int
    level: str
    verdict: str
    signed_at: str
    development: bool


@dataclass(frozen=True, slots=True)
class PackageDocument:
    """One document as a package describes it.

    Attributes:
        id: Id of the document, which stays the same while nothing of it is corrected.
        name: File name without personal data.
        component: Component code (mã thành phần hồ sơ) it was put under; empty when nobody said.
        kind: Kind of document.
        title: What people call the kind.
        is_result: It is the result, not a paper handed in.
        born_digital: It came as a signed file and was not scanned.
        pages: How many pages.
        sha256: Digest of the file; `size` in bytes.
        signature: State of its signatures.
        reused: It is of another dossier, and was not scanned for this one.
    """

    id: str
    name: str
    component: str
    kind: str
    title: str
    is_result: bool
    born_digital: bool
    pages: int
    sha256: str
    size: int
    signature: SignatureSaid
    reused: bool = False


def _told(document: PackageDocument) -> dict[str, Any]:
    """Return a document as JSON values; what is not reused says nothing of it, so that its packages stay the same."""
    value = asdict(document)
    if not document.reused:
        del value["reused"]
    return value


@dataclass(frozen=True, slots=True)
class Content:
    """What a package says of a dossier: the same for every try to send it."""

    code: str
    version: int
    documents: tuple[PackageDocument, ...]

    def as_value(self) -> dict[str, Any]:
        """Return the content as JSON values; its canonical form is what the key is the digest of."""
        documents = [_told(document) for document in self.documents]
        return {"format": PACKAGE_MARK, "dossier": self.code, "version": self.version, "documents": documents}

    @property
    def key(self) -> str:
        """The idempotency key: SHA-256 of the canonical content."""
        return of_bytes(canonical(self.as_value()))

    @property
    def digest(self) -> str:
        """Digest of what it says, whatever its version."""
        return of_bytes(canonical({**self.as_value(), "version": 0}))

    @property
    def files(self) -> tuple[PackageFile, ...]:
        """The files, in order."""
        return tuple(PackageFile(one.id, one.sha256, one.size, one.is_result) for one in self.documents)


@dataclass(frozen=True, slots=True)
class Package:
    """A package as it is recorded.

    Attributes:
        key: Its idempotency key.
        dossier_id: Id of the dossier; `code` is its normalised code.
        version: Counts the packages of the dossier from 1.
        content: Digest of what it says, whatever its version.
        state: Where it stands.
        files: What it holds.
        made_at: When it was made; `sent_at` when it was first handed over, `answered_at` when the answer came.
        receipt: What the one-stop software calls its acceptance.
        refusal: Code of the refusal; `reason` is it in the portal's words, which may name people.
        links_until: When its links end; None where it was sent with files.
        revoked_at: When its links were revoked.
        tries: How often sending was begun; `trouble` is the code of the last failure.
    """

    key: str
    dossier_id: str
    code: str
    version: int
    content: str
    state: PackageState
    files: tuple[PackageFile, ...]
    made_at: datetime
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    receipt: str = ""
    refusal: str = ""
    reason: str = ""
    links_until: datetime | None = None
    revoked_at: datetime | None = None
    tries: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the one-stop software says of one package; texts are bounded and may be empty."""

    outcome: Outcome
    receipt: str = ""
    refusal: str = ""
    reason: str = ""


def heard(state: PackageState, outcome: Outcome) -> tuple[PackageState, Heard]:
    """Return what becomes of a package by an answer, and what the answer was.

    Answers come late, twice and out of order. What was accepted stays so: software that takes a second try for a new
    package refuses it as there already. A refusal that is taken back counts.
    """
    if outcome is Outcome.RECEIVED:
        is_news = state is PackageState.DUE
        return (PackageState.SENT, Heard.WAITING) if is_news else (state, Heard.KNOWN)
    if state is PackageState.ACCEPTED:
        return state, Heard.KNOWN if outcome is Outcome.ACCEPTED else Heard.CONTRADICTS
    if outcome is Outcome.ACCEPTED:
        return PackageState.ACCEPTED, Heard.OLDER if state is PackageState.REPLACED else Heard.TAKEN
    if state is PackageState.REPLACED:
        return state, Heard.OLDER
    return PackageState.REFUSED, Heard.KNOWN if state is PackageState.REFUSED else Heard.REFUSED


def files_of(values: list[Mapping[str, Any]]) -> tuple[PackageFile, ...]:
    """Return the files that were recorded as JSON values."""
    return tuple(PackageFile(**value) for value in values)
