"""Whether a CMS signature value was made by the key of a certificate."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from signing.keys import HASHES, rsa_padding
from signing.port import Scheme


def check_signature(certificate: x509.Certificate, signer_info: Any, signed: bytes) -> None:  # noqa: ANN401 - asn1crypto is untyped
    """Check the signature value of a CMS SignerInfo over `signed`.

    Raises:
        InvalidSignature: The key did not make it, or its label does not fit the key.
        UnsupportedAlgorithm: Neither RSA nor ECDSA with SHA-2.
    """
    algorithm, value = signer_info["signature_algorithm"], signer_info["signature"].native
    name = signer_info["digest_algorithm"]["algorithm"].native
    if name not in HASHES:
        raise UnsupportedAlgorithm(name)
    key, scheme = certificate.public_key(), algorithm.signature_algo
    if isinstance(key, rsa.RSAPublicKey) and scheme == "rsassa_pkcs1v15":
        key.verify(value, signed, padding.PKCS1v15(), HASHES[name])
    elif isinstance(key, rsa.RSAPublicKey) and scheme == "rsassa_pss":
        pss = padding.PSS(padding.MGF1(HASHES[name]), algorithm["parameters"]["salt_length"].native)
        key.verify(value, signed, pss, HASHES[name])
    elif isinstance(key, ec.EllipticCurvePublicKey) and scheme == "ecdsa":
        key.verify(value, signed, ec.ECDSA(HASHES[name]))
    else:
        raise UnsupportedAlgorithm(scheme)


def check_value(certificate: x509.Certificate, scheme: Scheme, digest: str, data: bytes, value: bytes) -> None:
    """Check a bare signature value over `data`, hashed with `digest`.

    Raises:
        InvalidSignature: The certificate's key did not make it that way.
    """
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and scheme is not Scheme.ECDSA:
        key.verify(value, data, rsa_padding(scheme, digest), HASHES[digest])
    elif isinstance(key, ec.EllipticCurvePublicKey) and scheme is Scheme.ECDSA:
        key.verify(value, data, ec.ECDSA(HASHES[digest]))
    else:
        raise InvalidSignature


def der_of_raw(raw: bytes) -> bytes:
    """Return the DER `ECDSA-Sig-Value` of r and s as tokens give them: side by side, equally long.

    Raises:
        ValueError: The value cannot be cut into two halves.
    """
    half, odd = divmod(len(raw), 2)
    if odd or not half:
        raise ValueError("r and s are not equally long")
    return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
