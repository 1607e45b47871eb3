"""Archive: read back what is stored and record it; with a dossier's last document its manifest is due."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalog import Transaction, documents, events, intakes, objects, pages, renditions, work
from dossier.digest import canonical
from dossier.errors import Code, Rejected
from dossier.model import Document, Dossier, Intake
from dossier.states import DocumentState, FileState, Step
from pipeline.keeping import keep_bytes
from pipeline.services import Services
from pipeline.sweeping import discard
from pipeline.verification import judge

MANIFEST_TYPE = "application/vnd.hososo.manifest+json"
_MANIFEST_FORMAT = 1


def archive(document_id: str, services: Services) -> None:
    """Read a document's final form back from the store, compare it, and record it as archived."""
    with services.catalogue.read() as tx:
        document = documents.get(tx, document_id)
    if document.state not in (DocumentState.SIGNED, DocumentState.CLASSIFIED):
        with services.commit():
            return
    with services.catalogue.read() as tx:
        unsigned = renditions.find(tx, document_id, renditions.UNSIGNED)
        final = _final(tx, document)
        words = [page.words for page in pages.by_ids(tx, document.page_ids)]
    for digest in (final.ref.sha256, *words):
        services.store.verify(digest)
    facts = _judged(document, final, services)
    released = ""
    with services.commit() as tx:
        now = services.clock()
        renditions.put(tx, document_id, final.role, final.ref.sha256, now, facts)
        if unsigned is not None:
            renditions.remove(tx, document_id, renditions.UNSIGNED)
            if objects.drop_claim(tx, unsigned.ref.sha256, f"unsigned:{document_id}"):
                released = unsigned.ref.sha256
        documents.set_archived(tx, document_id, now)
        events.append(tx, document.dossier_id, "archived", now, {"document": document_id, "final": final.ref.sha256})
        close_when_archived(tx, document.dossier_id, services)
    if released:
        discard([released], services)


def close_when_archived(tx: Transaction, dossier_id: str, services: Services) -> None:
    """Enqueue the closing of the newest delivery with documents once none of them is still on the way or set aside.

    A later delivery that was rejected, stopped or is still being read does not keep this one open.
    """
    newest = next(iter(intakes.assembled(tx, dossier_id)), None)
    if newest is not None and not documents.unarchived(tx, dossier_id):
        work.enqueue(tx, Step.CLOSE, [newest.id], newest.id, services.clock())


def close(intake_id: str, services: Services) -> None:
    """Store the manifest of a delivery whose documents are all archived, and clear the holding areas up to it.

    A delivery that a later one has overtaken gets no manifest: the later one's covers the dossier.
    """
    with services.catalogue.read() as tx:
        intake = intakes.get(tx, intake_id)
        deliveries = intakes.assembled(tx, intake.dossier_id)
        overtaken = deliveries[0].id != intake_id or documents.unarchived(tx, intake.dossier_id) > 0
        manifest = b"" if overtaken else canonical(_manifest(tx, intake))
    if overtaken:
        with services.commit():
            return
    ref = keep_bytes(manifest, MANIFEST_TYPE, services)
    services.store.verify(ref.sha256)
    for delivery in deliveries:
        services.holding.purge(delivery.id)
    with services.commit() as tx:
        objects.record(tx, ref, f"manifest:{intake.id}", "manifest of a delivery", services.clock())
        payload = {"intake": intake.id, "manifest": ref.sha256}
        events.append(tx, intake.dossier_id, "closed", services.clock(), payload)


def _final(tx: Transaction, document: Document) -> renditions.Stored:
    """Return what is to be archived: our signed rendition, or the file that came signed, its bytes untouched."""
    if not document.born_signed:
        signed = renditions.find(tx, document.id, renditions.SIGNED)
        if signed is None:
            raise Rejected(Code.OBJECT_MISSING, "signed rendition is not recorded", subject=document.id)
        return signed
    first = pages.get(tx, document.page_ids[0])
    source = next(file for file in intakes.files(tx, first.intake_id) if file.id == first.file_id)
    ref = objects.find(tx, source.sha256)
    if ref is None:
        raise Rejected(Code.OBJECT_MISSING, "source file is not recorded", subject=source.id)
    return renditions.Stored(renditions.ORIGINAL, ref, None)


def _judged(document: Document, final: renditions.Stored, services: Services) -> renditions.SignatureFacts:
    """Return the facts about the signatures as independent validation sees them, before anything is archived.

    Our own signature must be valid. A file that came signed keeps its bytes whatever its verdict; the verdict is
    recorded, and only a valid one counts as signed.

    Raises:
        Rejected(SIGNATURE_INVALID): What we signed ourselves does not validate.
    """
    judged = judge(final, services)
    if not document.born_signed and judged.verdict != "valid":
        raise Rejected(Code.SIGNATURE_INVALID, judged.verdict, subject=document.id)
    if final.facts is not None:
        return replace(final.facts, verdict=judged.verdict)
    last = judged.signatures[-1] if judged.signatures else None
    return renditions.SignatureFacts(
        max(1, len(judged.signatures)),
        last.level if last else "",
        last.signer if last else "",
        last.development if last else False,
        last.signed_at.isoformat() if last and last.signed_at else "",
        judged.verdict,
    )


def manifest_of(tx: Transaction, dossier: Dossier) -> dict[str, Any]:
    """Return the manifest of a dossier's newest delivery that has documents, as it stands now."""
    intake = next(iter(intakes.assembled(tx, dossier.id)), None)
    if intake is None:
        raise Rejected(Code.DOSSIER_UNKNOWN, subject=dossier.code)
    return _manifest(tx, intake)


def _manifest(tx: Transaction, intake: Intake) -> dict[str, Any]:
    """Return what the delivery put into the archive: enough to find and check every byte without the catalogue."""
    return {
        "format": _MANIFEST_FORMAT,
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
    return {
        "id": document.id,
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
