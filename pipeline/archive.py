"""Archive: read back what is stored, judge it, record both; with a dossier's last document its closing is due."""

from __future__ import annotations

from dataclasses import replace

from catalog import Transaction, documents, events, fixity, intakes, objects, pages, renditions
from dossier.digest import canonical
from dossier.errors import Code, Rejected
from dossier.model import Document
from dossier.states import DocumentState
from pipeline.closing import close_when_archived
from pipeline.gathering import gathered
from pipeline.keeping import keep_bytes
from pipeline.locking import lock
from pipeline.services import Services
from pipeline.sweeping import discard
from pipeline.turns import let_go
from pipeline.verification import judge
from signing.beside import BESIDE_TYPE
from signing.report import REPORT_TYPE, report
from signing.verdict import Verification


def archive(document_id: str, services: Services) -> None:
    """Read a document's final form back from the store, compare it, and record it as archived."""
    with services.catalogue.read() as tx:
        document = documents.get(tx, document_id)
    if document.state not in (DocumentState.SIGNED, DocumentState.CLASSIFIED):
        with services.commit():
            return
    with services.catalogue.read() as tx:
        final = _final(tx, document)
        words = [page.words for page in pages.by_ids(tx, document.page_ids)]
    for digest in (final.ref.sha256, *words):
        services.store.verify(digest)
    judged = judge(final, services)
    beside = []
    if document.born_signed and (found := gathered(judged, services)):
        beside = [(renditions.EVIDENCE, "validation data", keep_bytes(found, BESIDE_TYPE, services))]
        judged = judge(final, services, beside=found)
    facts = _facts(document, final, judged)
    beside.append((renditions.REPORT, "signature report", keep_bytes(canonical(report(judged)), REPORT_TYPE, services)))
    kept = (final.ref.sha256, *(ref.sha256 for _, _, ref in beside), *words)
    lock(kept, services)
    with services.commit() as tx:
        now = services.clock()
        renditions.put(tx, document_id, final.role, final.ref.sha256, now, facts)
        for role, what, ref in beside:
            objects.record(tx, ref, f"{role}:{document_id}", what, now)
            renditions.put(tx, document_id, role, ref.sha256, now)
        released = let_go(tx, document_id)
        documents.set_archived(tx, document_id, now)
        fixity.mark_read(tx, kept, now)
        events.append(tx, document.dossier_id, "archived", now, {"document": document_id, "final": final.ref.sha256})
        close_when_archived(tx, document.dossier_id, services)
    if released:
        discard(released, services)


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


def _facts(document: Document, final: renditions.Stored, judged: Verification) -> renditions.SignatureFacts:
    """Return the facts about the signatures as independent validation sees them, before anything is archived.

    Our own signature must be valid. A file that came signed keeps its bytes whatever its verdict; the verdict is
    recorded, and only a valid one counts as signed.

    Raises:
        Rejected(SIGNATURE_INVALID): What we signed ourselves does not validate.
    """
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
