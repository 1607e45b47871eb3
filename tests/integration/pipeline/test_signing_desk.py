"""The signing desk: a batch goes out as digests and comes back as signatures; what goes wrong stays small."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from catalog import renditions
from catalog.signing_list import RequestState
from dossier.errors import Code, HososoError
from dossier.states import DocumentState, Step
from pipeline import signing_desk
from pipeline.services import DeskPolicy
from signing.cms import signed_data
from signing.development_pki import DevelopmentPki
from signing.elsewhere import AbsentKey
from signing.keys import KeySigner
from signing.verdict import Verdict
from tests.fakes.office import PaperOffice

SECONDS = 600.0


@pytest.fixture
def key(pki: DevelopmentPki) -> KeySigner:
    """Return the key in the clerk's token."""
    return pki.signer


@pytest.fixture
def fingerprint(key: KeySigner) -> str:
    """Return what the desk knows it by."""
    return sha256(key.certificate.public_bytes(Encoding.DER)).hexdigest()


@pytest.fixture
def desk(office: PaperOffice, key: KeySigner, fingerprint: str) -> PaperOffice:
    """Return an office without a key of its own, with three documents on its signing list."""
    policy = DeskPolicy({fingerprint: AbsentKey(key.certificate, key.chain)}, 2, SECONDS)
    office.services = replace(office.services, signer=None, desk=policy)
    for number in range(3):
        code = f"H99.27.14-260211-000{number + 1}"
        office.page("01_a.jpg", 40 * number, text=f"GIẤY KHAI SINH {number}", code=code)
    office.deliver()
    office.drain()
    return office


def states(office: PaperOffice) -> list[DocumentState]:
    """Return the states of all documents."""
    return [state for number in range(3) for state in office.states(f"H99.27.14-260211-000{number + 1}")]


def signature(key: KeySigner, offer: signing_desk.Offer) -> bytes:
    """Return what the token makes."""
    return signed_data(bytes.fromhex(offer.request.digest), offer.request.algorithm, key)


def refusal(call: object, *arguments: object) -> Code:
    """Return the code with which a call is refused."""
    with pytest.raises(HososoError) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.code


def test_a_batch_is_signed_elsewhere(desk: PaperOffice, key: KeySigner, fingerprint: str) -> None:
    """The count limit holds; what came back is archived and valid, the rest is on the list for the next session."""
    services = desk.services
    assert states(desk) == [DocumentState.WAITING_SIGNATURE] * 3
    assert desk.claim(Step.SIGN) is None  # it waits without a lease, and nobody asks again and again
    session, offers = signing_desk.begin(fingerprint, 50, services)
    assert len(offers) == 2
    assert signing_desk.waiting(services) == 1
    for offer in offers:
        signing_desk.collect(session.id, offer.request.id, signature(key, offer), services)
        signing_desk.collect(session.id, offer.request.id, b"a second time", services)
    assert signing_desk.end(session.id, services)[RequestState.COLLECTED] == 2
    desk.drain()
    assert sorted(states(desk)) == [DocumentState.ARCHIVED] * 2 + [DocumentState.WAITING_SIGNATURE]
    for number in range(3):
        for document in desk.documents(f"H99.27.14-260211-000{number + 1}"):
            with services.catalogue.read() as tx:
                stored = renditions.find(tx, document.id, renditions.SIGNED)
            if stored is not None:
                with services.local_copy(stored.ref) as path:
                    assert services.verifier.verify(path, services.trust).verdict is Verdict.VALID
    _session, rest = signing_desk.begin(fingerprint, 50, services)
    assert len(rest) == 1


def test_one_failure_does_not_lose_the_batch(desk: PaperOffice, key: KeySigner, fingerprint: str) -> None:
    """A signature that is none, or none at all: the other document is signed, this one goes to the end of the list."""
    services = desk.services
    session, (first, second) = signing_desk.begin(fingerprint, 2, services)
    wrong = signed_data(bytes(32), "sha256", key)
    assert refusal(signing_desk.collect, session.id, first.request.id, wrong, services) is Code.SIGNING_INPUT_CHANGED
    signing_desk.collect(session.id, second.request.id, signature(key, second), services)
    assert signing_desk.end(session.id, services) == {
        RequestState.OFFERED: 0,
        RequestState.COLLECTED: 1,
        RequestState.FAILED: 1,
    }
    desk.drain()
    assert sorted(states(desk)) == [DocumentState.ARCHIVED] + [DocumentState.WAITING_SIGNATURE] * 2
    _session, again = signing_desk.begin(fingerprint, 2, services)
    assert [offer.request.document_id for offer in again][-1] == first.request.document_id


def test_a_session_ends(desk: PaperOffice, key: KeySigner, fingerprint: str) -> None:
    """After its time, or closed: nothing is taken in any more, and its documents are on the list again."""
    services = desk.services
    session, (offer, _other) = signing_desk.begin(fingerprint, 2, services)
    desk.clock.later(SECONDS)
    late = (signing_desk.collect, session.id, offer.request.id, signature(key, offer), services)
    assert refusal(*late) is Code.SIGNING_SESSION_OVER
    assert signing_desk.waiting(services) == 2
    session, (offer, _other) = signing_desk.begin(fingerprint, 2, services)
    signing_desk.end(session.id, services)
    assert refusal(signing_desk.end, session.id, services) is Code.SIGNING_SESSION_OVER
    assert refusal(signing_desk.fail, session.id, offer.request.id, Code.PIN_WRONG, services) is (
        Code.SIGNING_SESSION_OVER
    )
    assert len(signing_desk.begin(fingerprint, 9, services)[1]) == 2


def test_a_stranger_gets_nothing(desk: PaperOffice, fingerprint: str) -> None:
    """A certificate that the policy does not name, a request of another session."""
    services = desk.services
    assert refusal(signing_desk.begin, "00" * 32, 1, services) is Code.CERTIFICATE_NOT_ALLOWED
    session, (offer,) = signing_desk.begin(fingerprint, 1, services)
    other, _offers = signing_desk.begin(fingerprint, 1, services)
    assert refusal(signing_desk.collect, other.id, offer.request.id, b"", services) is Code.SIGNING_SESSION_OVER
    assert refusal(signing_desk.collect, session.id, "?", b"", services) is Code.SIGNING_SESSION_OVER


def test_a_document_that_was_replaced_is_refused(desk: PaperOffice, key: KeySigner, fingerprint: str) -> None:
    """Another file waits by now: the signature is about what nobody has on the list any more."""
    services = desk.services
    session, (offer, other) = signing_desk.begin(fingerprint, 2, services)
    with services.catalogue.write() as tx:
        replacement = renditions.find(tx, other.request.document_id, renditions.UNSIGNED)
        assert replacement is not None
        renditions.put(tx, offer.request.document_id, renditions.UNSIGNED, replacement.ref.sha256, services.clock())
    back = (signing_desk.collect, session.id, offer.request.id, signature(key, offer), services)
    assert refusal(*back) is Code.SIGNING_INPUT_CHANGED


def test_a_layout_that_changed_is_listed_anew(desk: PaperOffice, key: KeySigner, fingerprint: str) -> None:
    """The office's name was corrected between list and signature: nothing is signed that nobody saw."""
    services = desk.services
    session, (offer, *_) = signing_desk.begin(fingerprint, 1, services)
    signing_desk.collect(session.id, offer.request.id, signature(key, offer), services)
    desk.services = replace(services, office=replace(services.office, agency="UBND XÃ KHÁC"))
    desk.drain()
    assert states(desk) == [DocumentState.WAITING_SIGNATURE] * 3
    assert offer.request.document_id in {
        each.request.document_id for _ in range(2) for each in signing_desk.begin(fingerprint, 2, desk.services)[1]
    }
