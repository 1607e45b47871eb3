"""The manifest of a dossier: what an auditor reads, and the rows from which the catalogue is rebuilt.

Format 2 is canonical JSON that begins with its mark, so that 64 bytes of an object tell whether it is one. Format 1,
of earlier programs, had only the part that people read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog import Transaction, documents, intakes, objects, pages, renditions, rows
from catalog.schema import moment, stamp
from dossier.digest import canonical
from dossier.errors import Code, Rejected
from dossier.model import Document, Dossier, Intake, ObjectRef
from dossier.states import DocumentState, FileState

MANIFEST_TYPE = "application/vnd.hososo.manifest+json"
MANIFEST_MARK = "hososo-manifest 2"
_FORMAT = 2


@dataclass(frozen=True, slots=True)
class Closing:
    """What is recorded of a closing beside the manifest, which cannot hold it: it would hold its own digest."""

    intake_id: str
    at: datetime
    actor: str

    @property
    def referrer(self) -> str:
        """Who claims the manifest."""
        return f"manifest:{self.intake_id}"

    def record(self, tx: Transaction, ref: ObjectRef) -> None:
        """Record the manifest as stored and claimed."""
        objects.record(tx, ref, self.referrer, "manifest of a delivery", self.at)

    def payload(self, ref: ObjectRef) -> dict[str, object]:
        """Return what the event `closed` says."""
        return {"intake": self.intake_id, "manifest": ref.sha256}


def manifest(tx: Transaction, intake: Intake, closing: Closing) -> bytes:
    """Return the manifest of a delivery as it is stored."""
    value = {
        **_readable(tx, intake),
        "closing": {"actor": closing.actor, "at": stamp(closing.at), "intake": closing.intake_id},
        "catalogue": rows.of_dossier(tx, intake.dossier_id, but=closing.referrer),
    }
    return canonical(value)


def closing_of(value: Mapping[str, Any]) -> Closing:
    """Return the closing that a manifest was written for; LookupError or ValueError when it names none."""
    said = value["closing"]
    return Closing(str(said["intake"]), moment(said["at"]), str(said["actor"]))


def manifest_of(tx: Transaction, dossier: Dossier) -> dict[str, Any]:
    """Return what people read of the manifest of a dossier's newest delivery with documents, as it stands now."""
    intake = next(iter(intakes.assembled(tx, dossier.id)), None)
    if intake is None:
        raise Rejected(Code.DOSSIER_UNKNOWN, subject=dossier.code)
    return _readable(tx, intake)


def _readable(tx: Transaction, intake: Intake) -> dict[str, Any]:
    """Return what the delivery put into the archive: enough to find and check every byte without the catalogue."""
    return {
        "#": MANIFEST_MARK,
        "format": _FORMAT,
        "dossier": intake.code,
        "version": intake.version,
        "files": [
            {"name": file.name, "sha256": file.sha256, "size": file.size, "media_type": file.media_type}
            for file in intakes.files(tx, intake.id)
            if file.state is FileState.STORED
        ],
        "documents": [_document_entry(tx, document) for document in documents.live(tx, intake.dossier_id)],
    }


def _document_entry(tx: Transaction, document: Document) -> dict[str, Any]:
    # What a person gave up says so, and why; every other document of a manifest is archived.
    given_up = {"given_up": document.error} if document.state is DocumentState.WITHDRAWN else {}
    return {
        "id": document.id,
        **given_up,
        "component": document.component,
        "kind": document.kind,
        "renditions": [
            {"role": stored.role, "sha256": stored.ref.sha256, "size": stored.ref.size}
            for stored in renditions.of_document(tx, document.id)
        ],
        "pages": [
            {
                "file": page.file_name,
                "number": page.number,
                "scan": page.scan_sha256,
                "words": page.words,
                "verdict": page.verdict.value if page.verdict else "",
            }
            for page in pages.by_ids(tx, document.page_ids)
        ],
    }
