"""Sign: a rendered document waits on the signing list until a session with a key takes it.

The step is not repeatable for free (a token's use counts), so its intent is recorded first, the signed file is kept
under the digest of what was signed with a note of its record beside it, and a resumed step looks for that file before
it asks the key again.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from catalog import documents, events, objects, renditions, work
from dossier.digest import of_file
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import Document, ObjectRef
from dossier.states import DocumentState, Step
from pipeline.names import signed_name
from pipeline.render import PDF, scratch_path
from pipeline.services import Services
from signing.port import Appearance, SignatureRecord, Signer, TimeStampAuthority
from signing.seal import sign_pdf

_INTENDED = "signing.intended"
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
    _forget(unsigned.ref, services)


def _keys(services: Services) -> tuple[Signer, TimeStampAuthority]:
    if services.signer is None:
        raise Unavailable(Code.KEY_UNAVAILABLE, "no signing key is configured")
    if services.tsa is None:
        raise Unavailable(Code.TSA_UNAVAILABLE, "no time-stamp authority is configured")
    return services.signer, services.tsa


def _record_intent(document: Document, unsigned: ObjectRef, services: Services) -> None:
    """Note in the chain, once, that this file is about to be signed: a key that was used in vain shows too."""
    with services.checkpoint() as tx:
        payload = {"document": document.id, "pdf": unsigned.sha256}
        if not events.has(tx, document.dossier_id, _INTENDED, payload):
            events.append(tx, document.dossier_id, _INTENDED, services.clock(), payload)


def _signed(
    unsigned: ObjectRef, signer: Signer, tsa: TimeStampAuthority, services: Services
) -> tuple[SignatureRecord, ObjectRef]:
    target = scratch_path(services, signed_name(unsigned.sha256))
    record = _collected(target)
    if record is None:
        record = _sign(unsigned, target, signer, tsa, services)
        _note(target).write_text(json.dumps(asdict(record), default=str), encoding="utf-8")
    with target.open("rb") as stream:
        return record, services.store.put(stream, PDF)


def _sign(
    unsigned: ObjectRef, target: Path, signer: Signer, tsa: TimeStampAuthority, services: Services
) -> SignatureRecord:
    appearance = Appearance(services.office.form_of_copy, services.office.agency, signer.development)
    with services.local_copy(unsigned) as source:
        if of_file(source)[0] != unsigned.sha256:
            raise Rejected(Code.SIGNING_INPUT_CHANGED, "stored bytes differ from those listed", subject=unsigned.sha256)
        return sign_pdf(source, target, signer=signer, tsa=tsa, appearance=appearance, at=services.clock())


def _collected(target: Path) -> SignatureRecord | None:
    """Return the record of a file that was signed before we were killed; None when it is not there as a whole."""
    try:
        values = json.loads(_note(target).read_text(encoding="utf-8"))
        record = SignatureRecord(**{**values, "signed_at": datetime.fromisoformat(values["signed_at"])})
        whole = of_file(target)[0] == record.sha256
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return record if whole else None


def _note(target: Path) -> Path:
    return target.with_suffix(".json")


def _forget(unsigned: ObjectRef, services: Services) -> None:
    target = scratch_path(services, signed_name(unsigned.sha256))
    target.unlink(missing_ok=True)
    _note(target).unlink(missing_ok=True)
