"""Time-stamp authorities and keys that are watched or keep silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509

from dossier.errors import Code, Unavailable
from signing.port import Evidence, RevocationSource, Scheme, Signer, TimeStampAuthority


@dataclass
class MoodyTsa:
    """Passes questions on to another authority while it is not `silent`."""

    inner: TimeStampAuthority
    silent: bool = False

    def token(self, digest: bytes, algorithm: str) -> bytes:
        """Return a token or say nothing."""
        if self.silent:
            raise Unavailable(Code.TSA_UNAVAILABLE, "no answer")
        return self.inner.token(digest, algorithm)


@dataclass
class MoodyRevocation:
    """Passes questions on to another source while it has no `fault`; counts them."""

    inner: RevocationSource
    fault: Code | None = None
    asked: int = 0

    def evidence(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Evidence:
        """Return evidence, or fail."""
        self.asked += 1
        if self.fault is not None:
            raise Unavailable(self.fault, "a test said so")
        return self.inner.evidence(certificate, issuer)


@dataclass
class CountedSigner:
    """Counts how often the key is used: a token's use may cost."""

    inner: Signer
    uses: int = 0

    @property
    def name(self) -> str:
        """See `Signer`."""
        return self.inner.name

    @property
    def development(self) -> bool:
        """See `Signer`."""
        return self.inner.development

    @property
    def certificate(self) -> x509.Certificate:
        """See `Signer`."""
        return self.inner.certificate

    @property
    def chain(self) -> Sequence[x509.Certificate]:
        """See `Signer`."""
        return self.inner.chain

    @property
    def scheme(self) -> Scheme:
        """See `Signer`."""
        return self.inner.scheme

    def sign(self, data: bytes, digest: str) -> bytes:
        """Sign and count."""
        self.uses += 1
        return self.inner.sign(data, digest)
