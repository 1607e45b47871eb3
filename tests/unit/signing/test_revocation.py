"""Only a sound, timely answer of the right hand about the right certificate says that nothing was revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from dossier.errors import Code, Unavailable
from signing.revocation import crl_evidence, ocsp_evidence
from tests.fakes.authorities import Authorities

NONCE = b"n" * 16


@pytest.fixture
def pki() -> Authorities:
    """Return authorities that nobody revoked."""
    return Authorities("http://127.0.0.1:1")


def asked(pki: Authorities) -> bytes:
    """Return a request about the agency."""
    builder = ocsp.OCSPRequestBuilder().add_certificate(
        pki.agency.certificate,
        pki.issuing.certificate,
        hashes.SHA1(),  # noqa: S303
    )
    return builder.add_extension(x509.OCSPNonce(NONCE), critical=False).build().public_bytes(Encoding.DER)


def judged(pki: Authorities, response: bytes) -> Code | str:
    """Return what is made of an answer: a code, or the kind of evidence."""
    try:
        return ocsp_evidence(
            response, pki.agency.certificate, pki.issuing.certificate, at=datetime.now(UTC), nonce=NONCE
        ).kind
    except Unavailable as exc:
        return exc.code


BAD_ANSWERS: dict[str, Callable[[Authorities], bytes]] = {
    "garbage": lambda _: b"<html>",
    "empty": lambda _: b"",
    "refusal": lambda _: ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(
        Encoding.DER
    ),
    "another nonce": lambda pki: pki.ocsp(asked(pki), nonce=b"x" * 16),
    "yesterday's": lambda pki: pki.ocsp(asked(pki), shift=timedelta(days=-2)),
    "tomorrow's": lambda pki: pki.ocsp(asked(pki), shift=timedelta(days=2)),
    "of another certificate": lambda pki: pki.ocsp(asked(pki), about=pki.tsa.signer.certificate),
    "by another authority": lambda pki: pki.ocsp(asked(pki), by=Authorities("http://127.0.0.1:1").responder),
    "by a signer of the same authority": lambda pki: pki.ocsp(asked(pki), by=pki.issue("Stranger", pki.issuing)),
    "changed": lambda pki: _flipped(pki.ocsp(asked(pki))),
}


def _flipped(data: bytes) -> bytes:
    place = len(data) // 2
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_an_ocsp_answer_that_proves_nothing_is_not_taken(pki: Authorities, name: str) -> None:
    """Whatever is wrong with it, the document waits; nothing is raised but that."""
    assert judged(pki, BAD_ANSWERS[name](pki)) == Code.VALIDATION_DATA_UNAVAILABLE


def test_a_sound_ocsp_answer_is_taken(pki: Authorities) -> None:
    """By the responder that the issuer named, or by the issuer."""
    assert judged(pki, pki.ocsp(asked(pki))) == "ocsp"
    assert judged(pki, pki.ocsp(asked(pki), by=pki.issuing)) == "ocsp"


def test_a_revoked_certificate_is_told_by_its_own_code(pki: Authorities) -> None:
    """An operator must act on it, not wait."""
    pki.revoked.add(pki.agency.certificate.serial_number)
    assert judged(pki, pki.ocsp(asked(pki))) == Code.CERTIFICATE_REVOKED
    with pytest.raises(Unavailable) as caught:
        listed(pki, pki.crl("Issuing"))
    assert caught.value.code is Code.CERTIFICATE_REVOKED


def listed(pki: Authorities, der: bytes, *, later: timedelta = timedelta()) -> str:
    """Return what is made of a list."""
    at = datetime.now(UTC) + later
    return crl_evidence(der, pki.agency.certificate, pki.issuing.certificate, at=at).kind


@pytest.mark.parametrize("name", ["garbage", "another issuer's", "changed", "without end", "delta", "of authorities"])
def test_a_list_that_proves_nothing_is_not_taken(pki: Authorities, name: str) -> None:
    """Another authority's, one that says only what changed, or one that does not speak of such certificates."""
    at = datetime.now(UTC)
    plain = x509.CertificateRevocationListBuilder().issuer_name(pki.issuing.certificate.subject).last_update(at)
    point = x509.IssuingDistributionPoint(
        full_name=None,
        relative_name=None,
        only_contains_user_certs=False,
        only_contains_ca_certs=True,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )
    ended = plain.next_update(at + timedelta(hours=1))
    made: dict[str, Callable[[], bytes]] = {
        "garbage": lambda: b"-----BEGIN",
        "another issuer's": lambda: pki.crl("Root"),
        "changed": lambda: _flipped(pki.crl("Issuing")),
        "without end": lambda: pki.crl("Issuing")[:-40],
        "delta": lambda: _signed(ended.add_extension(x509.DeltaCRLIndicator(1), critical=True), pki),
        "of authorities": lambda: _signed(ended.add_extension(point, critical=True), pki),
    }
    with pytest.raises(Unavailable) as caught:
        listed(pki, made[name]())
    assert caught.value.code is Code.VALIDATION_DATA_UNAVAILABLE


def _signed(builder: x509.CertificateRevocationListBuilder, pki: Authorities) -> bytes:
    return builder.sign(pki.issuing.key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_list_speaks_in_its_time_only(pki: Authorities) -> None:
    """A day later it says nothing any more."""
    der = pki.crl("Issuing")
    assert listed(pki, der) == "crl"
    with pytest.raises(Unavailable):
        listed(pki, der, later=timedelta(days=1))
