"""Sign: a rendered document waits on the signing list until a session with a key takes it.

The step is not repeatable for free (a token's use counts), so its intent is recorded first, the signed file is held
with a note of its record in the batch of its delivery, and a resumed step, on whatever host, looks there before it
asks the key again. One window remains: a worker killed after the key was used and before the note is held asks it once
more; the intent in the chain and the count of the token show it.

Sealing takes two acts: the signature (level B-T), which uses the key and is held, and what makes it last (B-LTA), which
asks only servers and is done again where one of them fails. A document is stored at the level of the policy or not at
all: it waits, with the cause, for the time-stamp authority, for OCSP or a CRL.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from catalog import documents, events, objects, renditions, signing_list, work
from dossier.digest import of_file
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import Document, ObjectRef
from dossier.states import ON_SIGNING_LIST, DocumentState, Step
from pipeline.keeping import keep
from pipeline.names import signed_name, signing_note_name
from pipeline.proofs import with_proof
from pipeline.render import PDF
from pipeline.scratch import working_folder
from pipeline.services import Services
from pipeline.signing_desk import returned_key
from signing import renewal
from signing.extend import extend_pdf
from signing.port import Appearance, ExtensionRecord, SignatureRecord, Signer, TimeStampAuthority
from signing.seal import sign_pdf

_log = structlog.get_logger("hososo")
_INTENDED = "signing.intended"
_NOT_AS_LISTED = (Code.SIGNING_INPUT_CHANGED, Code.KEY_MISMATCH, Code.SIGNATURE_MALFORMED)


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A stored signed file.

    `proof` is what makes it last, None at level B-T; `held` the digest of its signature in the holding area.
    """

    record: SignatureRecord
    proof: ExtensionRecord | None
    ref: ObjectRef
    held: str


def sign(document_id: str, services: Services) -> None:
    """Seal a waiting document as the agency and store the signed file.

    Raises:
        Unavailable: No key (KEY_UNAVAILABLE), no time stamp (TSA_UNAVAILABLE, CLOCK_SKEW), no validation data
            (VALIDATION_DATA_UNAVAILABLE), or the key's certificate is revoked (CERTIFICATE_REVOKED): the document
            keeps waiting.
        Rejected(SIGNING_INPUT_CHANGED): The stored file is not the one that was put on the list.
    """
    if services.tsa is None:
        raise Unavailable(Code.TSA_UNAVAILABLE, "no time-stamp authority is configured")
    with services.catalogue.read() as tx:
        document = documents.get(tx, document_id)
        unsigned = renditions.find(tx, document_id, renditions.UNSIGNED)
    if document.state not in ON_SIGNING_LIST or unsigned is None:
        with services.commit():
            return
    key = _key(document, unsigned.ref, services)
    _record_intent(document, unsigned.ref, services)
    sealed = _signed(document, unsigned.ref, key, services.tsa, services)
    record, ref = sealed.record, sealed.ref
    facts = _facts(record, sealed.proof)
    with services.commit() as tx:
        now = services.clock()
        objects.record(tx, ref, f"signed:{document_id}", "signed rendition", now)
        renditions.put(tx, document_id, renditions.SIGNED, ref.sha256, now, facts)
        documents.move(tx, document_id, DocumentState.SIGNED)
        signing_list.forget(tx, document_id)
        payload = {"document": document_id, "from": unsigned.ref.sha256, "signed": ref.sha256, "level": record.level}
        events.append(tx, document.dossier_id, "signed", now, payload)
        work.enqueue(tx, Step.ARCHIVE, [document_id], document.intake_id, now)
    _forget(document, unsigned.ref, sealed.held, services)


@dataclass(frozen=True, slots=True)
class _Key:
    """What signs, and the time of signing that the document shows."""

    signer: Signer
    at: datetime


def _key(document: Document, unsigned: ObjectRef, services: Services) -> _Key:
    """Return the key at hand, or the signature that a key elsewhere has made for this very file."""
    if services.signer is not None:
        return _Key(services.signer, services.clock())
    if services.desk is None:
        raise Unavailable(Code.KEY_UNAVAILABLE, "no signing key is configured")
    found = returned_key(document.id, unsigned.sha256, services)
    if found is None:
        raise Unavailable(Code.SIGNING_WAITING, "on the signing list")
    return _Key(*found)


def _record_intent(document: Document, unsigned: ObjectRef, services: Services) -> None:
    """Note in the chain, once, that this file is about to be signed: a key that was used in vain shows too."""
    with services.checkpoint() as tx:
        payload = {"document": document.id, "pdf": unsigned.sha256}
        if not events.has(tx, document.dossier_id, _INTENDED, payload):
            events.append(tx, document.dossier_id, _INTENDED, services.clock(), payload)


def _signed(document: Document, unsigned: ObjectRef, key: _Key, tsa: TimeStampAuthority, services: Services) -> _Sealed:
    with working_folder(services.scratch) as folder:
        target = folder / "signed.pdf"
        record = _collected(document, unsigned, target, services)
        if record is None:
            _check_key(key.signer, services)
            record = _sign(unsigned, target, key, tsa, services)
            _remember(document, unsigned, target, record, services)
        try:
            proof = _extended(target, tsa, services)
        except Unavailable as exc:
            if exc.code is Code.CERTIFICATE_REVOKED:  # the next attempt signs anew, with a better certificate
                _forget(document, unsigned, record.sha256, services)
                with services.checkpoint() as tx:
                    signing_list.forget(tx, document.id)
            raise
        final = replace(record, sha256=proof.sha256, size=proof.size, level=proof.level) if proof else record
        with target.open("rb") as stream:
            return _Sealed(final, proof, keep(stream, PDF, services), record.sha256)


def _check_key(signer: Signer, services: Services) -> None:
    """Refuse a revoked certificate before its key is used; what is learnt is kept and serves the whole batch."""
    if services.signing_level != "B-T":
        services.collector.collect(signer.certificate, signer.chain)


def _extended(target: Path, tsa: TimeStampAuthority, services: Services) -> ExtensionRecord | None:
    """Bring a signature to the level of the policy, in place."""
    level = services.signing_level
    if level == "B-T":
        return None
    digest = renewal.policy_in_force(services.clock()).digest
    return extend_pdf(target, target, collector=services.collector, tsa=tsa, level=level, digest=digest)


def _facts(record: SignatureRecord, proof: ExtensionRecord | None) -> renditions.SignatureFacts:
    facts = renditions.SignatureFacts(
        record.signatures, record.level, record.signer, record.development, record.signed_at.isoformat()
    )
    return with_proof(facts, proof) if proof else facts


def _sign(unsigned: ObjectRef, target: Path, key: _Key, tsa: TimeStampAuthority, services: Services) -> SignatureRecord:
    appearance = Appearance(services.office.form_of_copy, services.office.agency, key.signer.development)
    with services.local_copy(unsigned) as source:
        if of_file(source)[0] != unsigned.sha256:
            raise Rejected(Code.SIGNING_INPUT_CHANGED, "stored bytes differ from those listed", subject=unsigned.sha256)
        try:
            return sign_pdf(source, target, signer=key.signer, tsa=tsa, appearance=appearance, at=key.at)
        except Rejected as exc:
            if services.signer is not None or exc.code not in _NOT_AS_LISTED:
                raise
    # The layout has changed since the digest went out (another version of the program, another font): list it anew.
    with services.checkpoint() as tx:
        signing_list.forget_unsigned(tx, unsigned.sha256)
    raise Unavailable(Code.SIGNING_WAITING, "signature does not fit the document any more")


def _remember(
    document: Document, unsigned: ObjectRef, target: Path, record: SignatureRecord, services: Services
) -> None:
    """Hold the signed file and, when it is held, a note of its record under the digest of what was signed.

    A precaution: where the batch is gone (the catalogue comes from a backup, which has no holding area) or cannot be
    reached now, the signature in hand is still worth storing.
    """
    note = json.dumps(asdict(record), default=str).encode()
    try:
        services.holding.put_file(document.intake_id, signed_name(record.sha256), target)
        services.holding.put(document.intake_id, signing_note_name(unsigned.sha256), note)
    except (Rejected, Unavailable) as exc:
        _log.warning("signature not noted", document=document.id, code=exc.code.value, detail=exc.detail)


def _collected(document: Document, unsigned: ObjectRef, target: Path, services: Services) -> SignatureRecord | None:
    """Fetch what was signed before a worker was killed; None when it is not held as a whole.

    Raises:
        Unavailable: The holding area cannot be asked, so neither is the key.
    """
    try:
        values = json.loads(services.holding.get(document.intake_id, signing_note_name(unsigned.sha256)))
        record = SignatureRecord(**{**values, "signed_at": datetime.fromisoformat(values["signed_at"])})
        with target.open("wb") as stream:
            services.holding.stream_to(document.intake_id, signed_name(record.sha256), stream)
        whole = of_file(target)[0] == record.sha256
    except (Rejected, ValueError, KeyError, TypeError):
        return None
    return record if whole else None


def _forget(document: Document, unsigned: ObjectRef, held: str, services: Services) -> None:
    """Give the room in the holding area back; what is left when this fails goes with the batch."""
    with suppress(Unavailable):
        services.holding.forget(document.intake_id, signing_note_name(unsigned.sha256))
        services.holding.forget(document.intake_id, signed_name(held))
