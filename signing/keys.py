"""A signer whose private key is in memory."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from signing.port import Scheme, is_development

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True, slots=True)
class KeySigner:
    """A `Signer` over an RSA or elliptic curve key; `rsa_scheme` says how an RSA key signs."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    rsa_scheme: Scheme = Scheme.RSA_PKCS1

    @property
    def name(self) -> str:
        """Common name of the certificate's subject, or its whole name where it has none."""
        return common_name(self.certificate.subject)

    @property
    def development(self) -> bool:
        """Whether a subject in the chain says so."""
        return is_development((self.certificate, *self.chain))

    @property
    def scheme(self) -> Scheme:
        """How the key signs."""
        return self.rsa_scheme if isinstance(self.key, rsa.RSAPrivateKey) else Scheme.ECDSA

    def sign(self, data: bytes, digest: str) -> bytes:
        """Return the signature value over `data`, hashed with `digest`."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, rsa_padding(self.rsa_scheme, digest), HASHES[digest])
        return self.key.sign(data, ec.ECDSA(HASHES[digest]))


def rsa_padding(scheme: Scheme, digest: str) -> padding.PKCS1v15 | padding.PSS:
    """Return the padding of an RSA scheme; PSS has MGF1 with the same hash and a salt as long as it."""
    if scheme is Scheme.RSA_PSS:
        return padding.PSS(padding.MGF1(HASHES[digest]), HASHES[digest].digest_size)
    return padding.PKCS1v15()


def common_name(name: x509.Name) -> str:
    """Return the common name, or the whole name where there is none."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
