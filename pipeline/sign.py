"""Sign: a rendered document waits on the signing list until a session with a key takes it.

The step is not repeatable for free (a token's use counts), so its intent is recorded first, the signed file is kept
under the digest of what was signed, and a resumed step looks for that file before it asks the key again.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from catalog import documents, events, objects, renditions, work
from dossier.digest import of_file
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import Document, ObjectRef
from dossier.states import DocumentState, Step
from pipeline.render import PDF, scratch_path
from pipeline.services import Services
from signing.port import Appearance, SignatureRecord, Signer, TimeStampAuthority
from signing.seal import sign_pdf

_WAITING = (DocumentState.WAITING_SIGNATURE, DocumentState.WAITING_TIMESTAMP)


def sign(document_id: str, services: Services) -> None:
    """Seal a waiting document as the agency and store the signed file.

    Raises:
        Unavailable: No key (KEY_UNAVAILABLE) or no time stamp (TSA_UNAVAILABLE): the document keeps waiting.
        Rejected(SIGNING_INPUT_CHANGED): The stored file is not the one that was put on the list.
    """
    signer, tsa = _keys(services)
    with services.catalogue.read() as tx:
        document = documents.get(tx, document_id)
        unsigned = renditions.find(tx, document_id, renditions.UNSIGNED)
    if document.state not in _WAITING or unsigned is None:
        with services.commit():
            return
    _record_intent(document, unsigned.ref, services)
    record, ref = _signed(unsigned.ref, signer, tsa, services)
    facts = renditions.SignatureFacts(
        record.signatures, record.level, record.signer, record.development, record.signed_at.isoformat()
    )
    with services.commit() as tx:
        now = services.clock()
        objects.record(tx, ref, f"signed:{document_id}", "signed rendition", now)
        renditions.put(tx, document_id, renditions.SIGNED, ref.sha256, now, facts)
        documents.move(tx, document_id, DocumentState.SIGNED)
        payload = {"document": document_id, "from": unsigned.ref.sha256, "signed": ref.sha256, "level": record.level}
        events.append(tx, document.dossier_id, "signed", now, payload)
        work.enqueue(tx, Step.ARCHIVE, [document_id], document.intake_id, now)
    scratch_path(services, f"signed-{unsigned.ref.sha256}.pdf").unlink(missing_ok=True)


def _keys(services: Services) -> tuple[Signer, TimeStampAuthority]:
    if services.signer is None:
        raise Unavailable(Code.KEY_UNAVAILABLE, "no signing key is configured")
    if services.tsa is None:
        raise Unavailable(Code.TSA_UNAVAILABLE, "no time-stamp authority is configured")
    return services.signer, services.tsa


def _record_intent(document: Document, unsigned: ObjectRef, services: Services) -> None:
    with services.catalogue.write() as tx:
        payload = {"document": document.id, "pdf": unsigned.sha256}
        events.append(tx, document.dossier_id, "signing.intended", services.clock(), payload)


def _signed(
    unsigned: ObjectRef, signer: Signer, tsa: TimeStampAuthority, services: Services
) -> tuple[SignatureRecord, ObjectRef]:
    source = scratch_path(services, f"unsigned-{unsigned.sha256}.pdf")
    target = scratch_path(services, f"signed-{unsigned.sha256}.pdf")
    _fetch(unsigned, source, services)
    try:
        office = services.office
        appearance = Appearance(office.form_of_copy, office.agency, signer.development)
        record = sign_pdf(source, target, signer=signer, tsa=tsa, appearance=appearance, at=services.clock())
        with target.open("rb") as stream:
            return record, services.store.put(stream, PDF)
    finally:
        source.unlink(missing_ok=True)


def _fetch(ref: ObjectRef, target: Path, services: Services) -> None:
    with services.store.open(ref.sha256) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)
    if of_file(target)[0] != ref.sha256:
        target.unlink()
        raise Rejected(Code.SIGNING_INPUT_CHANGED, "stored bytes differ from those listed", subject=ref.sha256)
