"""Sign: a rendered document waits on the signing list until a session with a key takes it.

The step is not repeatable for free (a token's use counts), so its intent is recorded first, the signed file is held
with a note of its record in the batch of its delivery, and a resumed step, on whatever host, looks there before it
asks the key again. One window remains: a worker killed after the key was used and before the note is held asks it once
more; the intent in the chain and the count of the token show it.

Sealing takes two acts: the signature (level B-T), which uses the key and is held, and what makes it last (B-LTA), which
asks only servers and is done again where one of them fails. A document is stored at the level of the policy or not at
all: it waits, with the cause, for the time-stamp authority, for OCSP or a CRL.

Where the officer who compared signs too, that is the same act once more, before the agency's: its file (B-T) is stored
as `compared` and committed by itself, and what makes signatures last follows the agency's, for both. Until then the
document is not signed.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from catalog import documents, events, objects, renditions, signing_list, work
from dossier.digest import of_beginning, of_file
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import Document, ObjectRef
from dossier.states import ON_SIGNING_LIST, DocumentState, SignerRole, Step
from pipeline.keeping import keep
from pipeline.names import signed_name, signing_note_name
from pipeline.proofs import with_proof
from pipeline.render import PDF
from pipeline.scratch import working_folder
from pipeline.services import Services
from pipeline.signing_desk import returned_key
from pipeline.turns import Turn, let_go, turn_of
from signing import renewal
from signing.extend import check_signers, extend_pdf
from signing.port import Appearance, ExtensionRecord, SignatureRecord, Signer, TimeStampAuthority
from signing.seal import sign_pdf

_log = structlog.get_logger("hososo")
_INTENDED = "signing.intended"
_WAITS = {SignerRole.OFFICER: Code.OFFICER_WAITING, SignerRole.AGENCY: Code.SIGNING_WAITING}
_NOT_AS_LISTED = (Code.SIGNING_INPUT_CHANGED, Code.KEY_MISMATCH, Code.SIGNATURE_MALFORMED)


@dataclass(frozen=True, slots=True)
class _Act:
    """One signature to be made: in whose name, over which stored file, with which authority's time."""

    document: Document
    turn: Turn
    tsa: TimeStampAuthority

    @property
    def source(self) -> ObjectRef:
        """The file that is signed."""
        return self.turn.source

    @property
    def note(self) -> str:
        """Name of the note about it in the holding area."""
        return signing_note_name(self.source.sha256, self.turn.role)


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
    """Seal a waiting document as the agency, after the officer who compared where one must sign, and store the file.

    Raises:
        Unavailable: No key (KEY_UNAVAILABLE; OFFICER_WAITING, SIGNING_WAITING where it is elsewhere), no time stamp
            (TSA_UNAVAILABLE, CLOCK_SKEW), no validation data (VALIDATION_DATA_UNAVAILABLE), or a signer's
            certificate is revoked (CERTIFICATE_REVOKED): the document keeps waiting.
        Rejected(SIGNING_INPUT_CHANGED): The stored file is not the one that was put on the list.
    """
    if services.tsa is None:
        raise Unavailable(Code.TSA_UNAVAILABLE, "no time-stamp authority is configured")
    with services.catalogue.read() as tx:
        document = documents.get(tx, document_id)
        turn = turn_of(tx, document_id, services)
    if document.state not in ON_SIGNING_LIST or turn is None:
        with services.commit():
            return
    if turn.role is SignerRole.OFFICER:
        turn = _compare(_Act(document, turn, services.tsa), services)
    _seal(_Act(document, turn, services.tsa), services)


def _compare(act: _Act, services: Services) -> Turn:
    """Sign as the officer who compared; return the agency's turn. The document is not signed by this."""
    sealed, document_id = _made(act, services), act.document.id
    with services.checkpoint() as tx:
        now = services.clock()
        objects.record(tx, sealed.ref, f"compared:{document_id}", "waits for the agency's signature", now)
        renditions.put(tx, document_id, renditions.COMPARED, sealed.ref.sha256, now, _facts(act, sealed))
        documents.move(tx, document_id, DocumentState.WAITING_SIGNATURE)
        signing_list.forget(tx, document_id)
        payload = {"document": document_id, "from": act.source.sha256, "compared": sealed.ref.sha256}
        events.append(tx, act.document.dossier_id, "compared", now, payload)
    _forget(act, sealed.held, services)
    return Turn(SignerRole.AGENCY, sealed.ref, sealed.record.signer, act.source)


def _seal(act: _Act, services: Services) -> None:
    """Sign as the agency: from now on the document is signed."""
    sealed, document_id = _made(act, services), act.document.id
    facts = _facts(act, sealed)
    with services.commit() as tx:
        now = services.clock()
        objects.record(tx, sealed.ref, f"signed:{document_id}", "signed rendition", now)
        renditions.put(tx, document_id, renditions.SIGNED, sealed.ref.sha256, now, facts)
        documents.move(tx, document_id, DocumentState.SIGNED)
        signing_list.forget(tx, document_id)
        payload = {
            "document": document_id,
            "from": act.source.sha256,
            "signed": sealed.ref.sha256,
            "level": sealed.record.level,
        }
        events.append(tx, act.document.dossier_id, "signed", now, payload)
        work.enqueue(tx, Step.ARCHIVE, [document_id], act.document.intake_id, now)
    _forget(act, sealed.held, services)


def _made(act: _Act, services: Services) -> _Sealed:
    key = _key(act, services)
    _record_intent(act, services)
    return _signed(act, key, services)


@dataclass(frozen=True, slots=True)
class _Key:
    """What signs, and the time of signing that the document shows."""

    signer: Signer
    at: datetime


def _key(act: _Act, services: Services) -> _Key:
    """Return the key at hand, or the signature that a key elsewhere has made for this very file in this role."""
    role = act.turn.role
    at_hand = services.key_at_hand(role)
    if at_hand is not None:
        return _Key(at_hand, services.clock())
    if services.desk is None or not services.desk.keys_of(role):
        raise Unavailable(Code.KEY_UNAVAILABLE, f"no signing key is configured: {role}")
    found = returned_key(act.document.id, act.turn, services)
    if found is None:
        raise Unavailable(_WAITS[role], "on the signing list")
    return _Key(*found)


def _record_intent(act: _Act, services: Services) -> None:
    """Note in the chain, once, that this file is about to be signed: a key that was used in vain shows too."""
    with services.checkpoint() as tx:
        payload = {"document": act.document.id, "pdf": act.source.sha256}
        if not events.has(tx, act.document.dossier_id, _INTENDED, payload):
            events.append(tx, act.document.dossier_id, _INTENDED, services.clock(), payload)


def _signed(act: _Act, key: _Key, services: Services) -> _Sealed:
    with working_folder(services.scratch) as folder:
        target = folder / "signed.pdf"
        record = _collected(act, target, services)
        if record is None:
            _check_keys(act, key.signer, services)
            record = _sign(act, target, key, services)
            _remember(act, target, record, services)
        try:
            proof = _extended(act, target, services)
        except Unavailable as exc:
            if exc.code is Code.CERTIFICATE_REVOKED:  # the next attempt signs anew, with a better certificate
                _forget(act, record.sha256, services)
                _list_anew(act, services)
            raise
        final = replace(record, sha256=proof.sha256, size=proof.size, level=proof.level) if proof else record
        with target.open("rb") as stream:
            return _Sealed(final, proof, keep(stream, PDF, services), record.sha256)


def _check_keys(act: _Act, signer: Signer, services: Services) -> None:
    """Refuse a revoked certificate before its key is used; what is learnt is kept and serves the whole batch."""
    if services.signing_level == "B-T":
        return
    services.collector.collect(signer.certificate, signer.chain)
    if act.turn.officer:
        try:
            _check_officer(act, services)
        except Unavailable as exc:
            if exc.code is Code.CERTIFICATE_REVOKED:
                _list_anew(act, services)
            raise


def _check_officer(act: _Act, services: Services) -> None:
    with services.local_copy(act.source) as compared:
        check_signers(compared, services.collector)


def _list_anew(act: _Act, services: Services) -> None:
    """Have a document signed anew; by the officer who compared too, where that certificate is revoked."""
    revoked = False
    if act.turn.officer:
        try:
            _check_officer(act, services)
        except Unavailable as exc:
            revoked = exc.code is Code.CERTIFICATE_REVOKED
    with services.checkpoint() as tx:
        signing_list.forget(tx, act.document.id)
        if revoked:
            let_go(tx, act.document.id, renditions.COMPARED)  # the next sweep removes the bytes


def _extended(act: _Act, target: Path, services: Services) -> ExtensionRecord | None:
    """Bring the signatures to the level of the policy, in place, once the agency's is among them."""
    level = services.signing_level
    if level == "B-T" or act.turn.role is SignerRole.OFFICER:
        return None
    digest = renewal.policy_in_force(services.clock()).digest
    return extend_pdf(target, target, collector=services.collector, tsa=act.tsa, level=level, digest=digest)


def _facts(act: _Act, sealed: _Sealed) -> renditions.SignatureFacts:
    record = sealed.record
    facts = renditions.SignatureFacts(
        record.signatures,
        record.level,
        record.signer,
        record.development,
        record.signed_at.isoformat(),
        officer=act.turn.officer,
    )
    return with_proof(facts, sealed.proof) if sealed.proof else facts


def _sign(act: _Act, target: Path, key: _Key, services: Services) -> SignatureRecord:
    office, role = services.office, act.turn.role
    appearance = Appearance(office.form_of_copy, office.agency, key.signer.development, role)
    with services.local_copy(act.source) as source:
        _check_source(act, source)
        try:
            return sign_pdf(source, target, signer=key.signer, tsa=act.tsa, appearance=appearance, at=key.at)
        except Rejected as exc:
            if services.key_at_hand(role) is not None or exc.code not in _NOT_AS_LISTED:
                raise
    # The layout has changed since the digest went out (another version of the program, another font): list it anew.
    with services.checkpoint() as tx:
        signing_list.forget_unsigned(tx, act.source.sha256)
    raise Unavailable(_WAITS[role], "signature does not fit the document any more")


def _check_source(act: _Act, source: Path) -> None:
    """Refuse bytes that are not those listed, and what the officer signed where it was not what was rendered."""
    if of_file(source)[0] != act.source.sha256:
        raise Rejected(Code.SIGNING_INPUT_CHANGED, "stored bytes differ from those listed", subject=act.source.sha256)
    rendered = act.turn.rendered
    if rendered is not None and of_beginning(source, rendered.size) != rendered.sha256:
        raise Rejected(Code.SIGNING_INPUT_CHANGED, "the officer signed another file", subject=act.source.sha256)


def _remember(act: _Act, target: Path, record: SignatureRecord, services: Services) -> None:
    """Hold the signed file and, when it is held, a note of its record under the digest of what was signed.

    A precaution: where the batch is gone (the catalogue comes from a backup, which has no holding area) or cannot be
    reached now, the signature in hand is still worth storing.
    """
    document, note = act.document, json.dumps(asdict(record), default=str).encode()
    try:
        services.holding.put_file(document.intake_id, signed_name(record.sha256), target)
        services.holding.put(document.intake_id, act.note, note)
    except (Rejected, Unavailable) as exc:
        _log.warning("signature not noted", document=document.id, code=exc.code.value, detail=exc.detail)


def _collected(act: _Act, target: Path, services: Services) -> SignatureRecord | None:
    """Fetch what was signed before a worker was killed; None when it is not held as a whole.

    Raises:
        Unavailable: The holding area cannot be asked, so neither is the key.
    """
    batch = act.document.intake_id
    try:
        values = json.loads(services.holding.get(batch, act.note))
        record = SignatureRecord(**{**values, "signed_at": datetime.fromisoformat(values["signed_at"])})
        with target.open("wb") as stream:
            services.holding.stream_to(batch, signed_name(record.sha256), stream)
        whole = of_file(target)[0] == record.sha256
    except (Rejected, ValueError, KeyError, TypeError):
        return None
    return record if whole else None


def _forget(act: _Act, held: str, services: Services) -> None:
    """Give the room in the holding area back; what is left when this fails goes with the batch."""
    with suppress(Unavailable):
        services.holding.forget(act.document.intake_id, act.note)
        services.holding.forget(act.document.intake_id, signed_name(held))
