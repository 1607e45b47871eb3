"""A time-stamp answer counts only if it is about our request and signed for that purpose."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from asn1crypto import tsp

from dossier.errors import Code, Unavailable
from signing.development_pki import DevelopmentPki
from signing.keys import KeySigner
from signing.responder import TimeStampResponder
from signing.timestamp import Query, query, time_of, token_of

DIGEST = bytes(range(32))


def refused(response: bytes, asked: Query) -> bool:
    """Return whether the answer is refused with the right code."""
    with pytest.raises(Unavailable) as caught:
        token_of(response, asked)
    return caught.value.code is Code.TSA_UNAVAILABLE


def test_a_good_answer_gives_its_token_and_time(pki: DevelopmentPki) -> None:
    """To the second of the authority's clock."""
    at = datetime(2026, 11, 5, 3, 4, 5, 600_000, tzinfo=UTC)
    token = TimeStampResponder(pki.tsa.signer, lambda: at).token(DIGEST, "sha256")
    assert time_of(token) == at.replace(microsecond=0)


@pytest.mark.parametrize(("algorithm", "size"), [("sha256", 32), ("sha384", 48), ("sha512", 64)])
def test_the_digest_of_the_imprint_is_the_callers(pki: DevelopmentPki, algorithm: str, size: int) -> None:
    """SHA-2 in all lengths."""
    assert pki.tsa.token(bytes(size), algorithm)


def test_an_answer_to_another_request_is_refused(pki: DevelopmentPki) -> None:
    """Same digest, other nonce; and same nonce, other digest."""
    asked = query(DIGEST, "sha256")
    assert refused(pki.tsa.respond(query(DIGEST, "sha256").der), asked)
    other = Query(bytes(32), "sha256", asked.nonce, asked.der)
    assert refused(pki.tsa.respond(asked.der), other)


def test_an_answer_without_nonce_is_refused(pki: DevelopmentPki) -> None:
    """It could be an old one."""
    asked = query(DIGEST, "sha256")
    request = tsp.TimeStampReq.load(asked.der).copy()
    del request["nonce"]
    assert refused(pki.tsa.respond(request.dump()), asked)


def test_a_weak_or_unreadable_request_is_refused(pki: DevelopmentPki) -> None:
    """The responder answers with a refusal, which the client takes as one."""
    weak = query(bytes(20), "sha1")
    assert refused(pki.tsa.respond(weak.der), weak)
    assert refused(pki.tsa.respond(b"\x30\x03\x02\x01"), query(DIGEST, "sha256"))


def test_a_key_for_documents_cannot_stamp(pki: DevelopmentPki) -> None:
    """The certificate must be for time stamping alone."""
    asked = query(DIGEST, "sha256")
    assert refused(TimeStampResponder(pki.signer).respond(asked.der), asked)


def test_a_signature_by_another_key_is_refused(pki: DevelopmentPki) -> None:
    """The certificate says time stamping, the signature value is somebody else's."""
    asked = query(DIGEST, "sha256")
    forger = KeySigner(pki.signer.key, pki.tsa.signer.certificate, pki.tsa.signer.chain)
    assert refused(TimeStampResponder(forger).respond(asked.der), asked)


def test_no_flipped_byte_gets_a_different_token_through(pki: DevelopmentPki) -> None:
    """Wherever the answer is damaged: refused, or the damage is outside what is signed and the time is the same."""
    asked = query(DIGEST, "sha256")
    good = pki.tsa.respond(asked.der)
    stamped = time_of(token_of(good, asked))
    survivors = 0
    for place in range(0, len(good), 61):
        damaged = good[:place] + bytes([good[place] ^ 0x10]) + good[place + 1 :]
        try:
            assert time_of(token_of(damaged, asked)) == stamped
            survivors += 1
        except Unavailable:
            continue
    assert survivors < len(range(0, len(good), 61)) / 2
