"""The signing desk: sessions of keys that are elsewhere take what waits and bring signatures back.

A session gets digests, never files. What it brings back is checked and kept; a worker then puts it into the document,
with time stamp and all that follows, as with a key at hand (`pipeline/sign.py`).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from catalog import Transaction, batches, documents, signing_list
from catalog.signing_list import Request, RequestState, Session, Waiting, Wanted
from dossier.errors import Code, HososoError, Rejected
from dossier.states import SignerRole
from pipeline.services import DeskPolicy, Services
from pipeline.turns import Turn, turn_of
from signing.elsewhere import AbsentKey, Returned, prepare
from signing.port import Appearance
from signing.returned import check_returned

_log = structlog.get_logger("hososo")
_LISTING_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Offer:
    """One document as the person at the token sees it: its kind in Vietnamese, a short id, nothing about people."""

    request: Request
    kind: str
    short: str


def waiting(services: Services, role: SignerRole = SignerRole.AGENCY) -> int:
    """Return how many documents a session of a role could have now, counted as far as one session goes."""
    policy, now = _policy(services), services.clock()
    with services.catalogue.read() as tx:
        wanted = _wanted(tx, role, "", now, services)
        return len(signing_list.waiting(tx, now, policy.most, wanted)) if wanted else 0


def begin(
    certificate: str, most: int, services: Services, role: SignerRole = SignerRole.AGENCY, batch: str = ""
) -> tuple[Session, list[Offer]]:
    """Open a session and give it its documents: those of a prepared batch where there is one.

    Args:
        certificate: SHA-256 of the signer's certificate, in hexadecimal digits.
        most: How many documents are wanted at most; the policy's own bound holds too.
        services: Of this process.
        role: In which role the key is to sign; it gets what waits for that role.
        batch: Which prepared batch; empty: the one that has waited longest, and all that waits where there is none.

    Returns:
        The session, and what it is to sign, each prepared with the time of now.

    Raises:
        Rejected(CERTIFICATE_NOT_ALLOWED): The policy does not name the certificate for the role, or its time is over.
        Rejected(SIGNING_BATCH_OVER): There is no such batch to take.
        Unavailable: CERTIFICATE_REVOKED, or VALIDATION_DATA_UNAVAILABLE when nobody can tell.
    """
    policy = _policy(services)
    key = policy.keys_of(role).get(certificate)
    now, most = services.clock(), min(most, policy.most)
    if key is None or now > key.certificate.not_valid_after_utc:
        raise Rejected(Code.CERTIFICATE_NOT_ALLOWED, "unknown" if key is None else "expired")
    if services.signing_level != "B-T":
        services.collector.collect(key.certificate, key.chain)  # a revoked one must not be used in vain
    session = Session(_new_id(), certificate, role, most, now, now + timedelta(seconds=policy.seconds))
    with services.catalogue.read() as tx:
        wanted = _wanted(tx, role, batch, now, services)
        listed = signing_list.waiting(tx, now, most, wanted) if wanted else []
    offers = _offers(listed, key, session, services)
    with services.catalogue.write() as tx:
        signing_list.take_list_turn(tx)  # of two sessions that begin at once, one gets a document
        free = _free(tx, wanted, session, policy)
        taken = [each for each in offers if (each.request.document_id, each.request.unsigned) in free]
        signing_list.open_session(tx, session)
        signing_list.offer(tx, [each.request for each in taken])
    return session, [each for each in taken if each.request.state is RequestState.OFFERED]


def collect(session_id: str, request_id: str, cms: bytes, services: Services) -> None:
    """Take in a signature; a second time it changes nothing. One that is none is noted and refused.

    Raises:
        Rejected: SIGNING_SESSION_OVER; SIGNING_INPUT_CHANGED when the document is no longer the one that was listed;
            SIGNATURE_MALFORMED, KEY_MISMATCH (see `check_returned`).
        Unavailable(KEY_TOO_WEAK): The rule in force does not let such a key sign.
    """
    with services.catalogue.read() as tx:
        request, session = _known(tx, session_id, request_id, services.clock(), lock=False)
    if request.state is RequestState.COLLECTED:
        return
    key = _policy(services).keys_of(session.role)[session.certificate]
    try:
        check_returned(cms, bytes.fromhex(request.digest), request.algorithm, key.certificate)
        with services.catalogue.write() as tx:
            _settle(tx, session_id, request_id, cms, services)
    except HososoError as exc:
        if exc.code is not Code.SIGNING_SESSION_OVER:
            fail(session_id, request_id, exc.code, services)
        raise


def fail(session_id: str, request_id: str, code: Code, services: Services) -> None:
    """Note that a document of a session was not signed; it is on the list again.

    Raises:
        Rejected(SIGNING_SESSION_OVER): The session or the request is unknown or over.
    """
    with services.catalogue.write() as tx:
        request, _session = _known(tx, session_id, request_id, services.clock())
        if request.state is RequestState.OFFERED:
            signing_list.settle(tx, request_id, RequestState.FAILED, code=code.value)
    _log.warning("not signed", document=request.document_id, code=code.value)


def end(session_id: str, services: Services) -> dict[RequestState, int]:
    """Close a session and return how its requests ended.

    Raises:
        Rejected(SIGNING_SESSION_OVER): It is unknown or over.
    """
    now = services.clock()
    with services.catalogue.write() as tx:
        if signing_list.session(tx, session_id, now) is None:
            raise Rejected(Code.SIGNING_SESSION_OVER)
        signing_list.close_session(tx, session_id, now)
        return signing_list.counts(tx, session_id)


def returned_key(document_id: str, turn: Turn, services: Services) -> tuple[Returned, datetime] | None:
    """Return the key with the signature that came back for a waiting file, and the time it shows; None before that."""
    with services.catalogue.read() as tx:
        found = signing_list.collected(tx, document_id, turn.source.sha256, turn.role)
    if found is None:
        return None
    request, session = found
    key = _policy(services).keys_of(session.role).get(session.certificate)
    if key is None:
        raise Rejected(Code.CERTIFICATE_NOT_ALLOWED, "no longer", subject=document_id)
    return Returned(key.certificate, key.chain, request.cms), request.at


def _policy(services: Services) -> DeskPolicy:
    if services.desk is None:
        raise Rejected(Code.SETTINGS_INVALID, "nobody may sign from elsewhere", subject="signing_certificates")
    return services.desk


def _wanted(tx: Transaction, role: SignerRole, batch: str, now: datetime, services: Services) -> Wanted | None:
    """Return which part of the list a session gets; None: nothing, for nobody has prepared anything."""
    if batch:
        asked = batches.find(tx, batch)
        if asked is None or asked.role is not role or not asked.open_at(now):
            raise Rejected(Code.SIGNING_BATCH_OVER)
    else:
        asked = batches.next_open(tx, role, now)
        if asked is None and _policy(services).prepared_only:
            return None
    return Wanted(role, services.officer_first, asked.id if asked else "")


def _free(tx: Transaction, wanted: Wanted | None, session: Session, policy: DeskPolicy) -> set[tuple[str, str]]:
    """Return what a session may still have of its part, which is its own from now on where it is a batch."""
    if wanted is None:
        return set()
    if wanted.batch and not batches.take(tx, wanted.batch, session.id):
        raise Rejected(Code.SIGNING_BATCH_OVER)
    listed = signing_list.waiting(tx, session.opened_at, policy.most, wanted)
    return {(each.document_id, each.unsigned) for each in listed}


def _known(
    tx: Transaction, session_id: str, request_id: str, now: datetime, *, lock: bool = True
) -> tuple[Request, Session]:
    session = signing_list.session(tx, session_id, now)
    request = signing_list.request(tx, session_id, request_id, lock=lock)
    if session is None or request is None:
        raise Rejected(Code.SIGNING_SESSION_OVER)
    return request, session


def _settle(tx: Transaction, session_id: str, request_id: str, cms: bytes, services: Services) -> None:
    request, session = _known(tx, session_id, request_id, services.clock())
    turn = turn_of(tx, request.document_id, services)
    if turn is None or (turn.role, turn.source.sha256) != (session.role, request.unsigned):
        raise Rejected(Code.SIGNING_INPUT_CHANGED, "another file waits by now", subject=request.document_id)
    signing_list.settle(tx, request_id, RequestState.COLLECTED, cms=cms)
    signing_list.wake(tx, request.document_id)


def _offers(listed: Sequence[Waiting], key: AbsentKey, session: Session, services: Services) -> list[Offer]:
    """Lay documents out, as many as there is time for: somebody waits for the answer."""
    offers: list[Offer] = []
    deadline = time.monotonic() + _LISTING_SECONDS
    for each in listed:
        if offers and time.monotonic() > deadline:
            break
        offers.append(_offer(each, key, session, services))
    return offers


def _offer(listed: Waiting, key: AbsentKey, session: Session, services: Services) -> Offer:
    """Lay a document out; one that cannot be is noted as failed, and the others go on."""
    at, digest, algorithm, code = services.clock(), "", "", ""
    try:
        with services.catalogue.read() as tx:
            turn = turn_of(tx, listed.document_id, services)
            dossier_code = documents.get(tx, listed.document_id).code
        if turn is None or (turn.role, turn.source.sha256) != (session.role, listed.unsigned):
            raise Rejected(Code.SIGNING_INPUT_CHANGED, "nothing waits by now")
        words = Appearance(services.office.form_of_copy, services.office.agency, key.development, session.role)
        with services.local_copy(turn.source) as source:
            prepared = prepare(source, key=key, appearance=words, at=at)
        digest, algorithm = prepared.digest.hex(), prepared.algorithm
    except HososoError as exc:
        code, dossier_code = exc.code.value, ""  # nobody is shown it
        _log.warning("not listed", document=listed.document_id, code=code, detail=exc.detail)
    state = RequestState.FAILED if code else RequestState.OFFERED
    request = Request(
        _new_id(), session.id, listed.document_id, listed.unsigned, digest, algorithm, at, state, b"", code
    )
    return Offer(request, services.rules.kind(listed.kind).name, dossier_code)


def _new_id() -> str:
    return secrets.token_urlsafe(18)
