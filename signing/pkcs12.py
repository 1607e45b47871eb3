"""A signer from a PKCS#12 file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from dossier.errors import Code, Unavailable
from signing import key_rules
from signing.keys import KeySigner
from signing.port import Scheme

if TYPE_CHECKING:
    from pathlib import Path

_MAX_BYTES = 1 << 20


def load_pkcs12(path: Path, passphrase: bytes, rsa_scheme: Scheme | None = None) -> KeySigner:
    """Return the signer in a PKCS#12 file; the other certificates in it become the chain.

    An RSA key signs as `rsa_scheme` says, or as the rule in force does.

    Raises:
        Unavailable: KEY_TOO_WEAK, when the rule in force does not let such a key sign.
        Unavailable: KEY_UNAVAILABLE, when the file is missing, damaged or not opened by the passphrase, or when it
            holds no RSA or elliptic curve key with its certificate.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES)
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase)
    except (OSError, ValueError, TypeError) as exc:
        raise Unavailable(Code.KEY_UNAVAILABLE, f"PKCS#12: {type(exc).__name__}") from exc
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Unavailable(Code.KEY_UNAVAILABLE, "PKCS#12 without an RSA or elliptic curve key and its certificate")
    rule = key_rules.in_force()
    rule.scheme_of(certificate)
    return KeySigner(key, certificate, tuple(others), rsa_scheme or rule.rsa_scheme)
