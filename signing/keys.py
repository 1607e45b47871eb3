"""A signer whose private key is in memory."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from signing.port import is_development

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True, slots=True)
class KeySigner:
    """A `Signer` over an RSA or elliptic curve key."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def name(self) -> str:
        """Common name of the certificate's subject, or its whole name where it has none."""
        return common_name(self.certificate.subject)

    @property
    def development(self) -> bool:
        """Whether a subject in the chain says so."""
        return is_development((self.certificate, *self.chain))

    def sign(self, data: bytes, digest: str) -> bytes:
        """Return the signature value over `data`, hashed with `digest`."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), HASHES[digest])
        return self.key.sign(data, ec.ECDSA(HASHES[digest]))


def common_name(name: x509.Name) -> str:
    """Return the common name, or the whole name where there is none."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
