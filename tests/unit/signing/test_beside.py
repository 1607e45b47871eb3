"""Validation data comes back from beside a file as it went there; anything else is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from signing.beside import packed, unpacked
from signing.validation_data import ValidationData

KEY = ec.generate_private_key(ec.SECP256R1())
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test")])
NOW = datetime.now(UTC)


def certificate() -> x509.Certificate:
    """Return one that signed itself."""
    builder = x509.CertificateBuilder(NAME, NAME, KEY.public_key(), 7, NOW, NOW + timedelta(days=1))
    return builder.sign(KEY, hashes.SHA256())


def crl(entries: int) -> bytes:
    """Return a list of so many revoked ones."""
    builder = x509.CertificateRevocationListBuilder(NAME, NOW, NOW + timedelta(days=1))
    for serial in range(1, entries + 1):
        builder = builder.add_revoked_certificate(x509.RevokedCertificateBuilder(serial, NOW).build())
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER)


def response() -> bytes:
    """Return a response that says good."""
    own = certificate()
    builder = ocsp.OCSPResponseBuilder().add_response(
        own, own, hashes.SHA256(), ocsp.OCSPCertStatus.GOOD, NOW, NOW + timedelta(days=1), None, None
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, own)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER)


def data(*crls: bytes) -> ValidationData:
    """Return validation data with a certificate, a response and these lists."""
    own = certificate().public_bytes(Encoding.DER)
    return ValidationData({own: None}, {response(): None}, dict.fromkeys(crls))


@pytest.mark.parametrize("entries", [0, 1, 3, 90, 200])
def test_everything_comes_back_to_the_byte(entries: int) -> None:
    """Be its length what it may: asn1crypto stumbles over lengths that end in the byte 80."""
    given_ = data(crl(entries))
    back = unpacked(packed(given_))
    assert [each.dump() for each in back.certificates] == list(given_.certificates)
    assert [each.dump() for each in back.crls] == list(given_.crls)
    assert [each.dump() for each in back.ocsps] == list(given_.ocsps)


def test_another_parser_finds_the_certificates() -> None:
    """It is a CMS like any other; this parser knows none with OCSP responses."""
    without = data(crl(1))
    without.ocsps.clear()
    (found,) = pkcs7.load_der_pkcs7_certificates(packed(without))
    assert found.serial_number == certificate().serial_number


@given(st.binary(max_size=200))
def test_anything_else_is_refused(junk: bytes) -> None:
    """With the one error that callers expect."""
    with pytest.raises(ValueError):  # noqa: PT011 - whatever parsers say
        unpacked(junk)


def test_what_is_too_large_is_not_looked_at() -> None:
    """Whatever it may be."""
    with pytest.raises(ValueError, match="too large"):
        unpacked(core.OctetString(bytes(65 << 20)).dump())
