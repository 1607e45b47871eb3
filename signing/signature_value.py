"""Whether a CMS signature value was made by the key of a certificate."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from signing.keys import HASHES


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
