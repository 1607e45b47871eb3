"""What sealing needs from outside: a key, a time-stamp authority, and the words that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from dossier.errors import Code, Unavailable
from dossier.states import SignerRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cryptography import x509

DEVELOPMENT_MARK = "DEVELOPMENT ONLY"
"""Stands in the subject of every certificate of the development PKI."""


class Scheme(StrEnum):
    """How a key signs."""

    RSA_PKCS1 = "rsassa_pkcs1v15"
    RSA_PSS = "rsassa_pss"
    ECDSA = "ecdsa"


class Signer(Protocol):
    """A private key with its certificate: a file, a token, an HSM or a remote service."""

    @property
    def name(self) -> str:
        """Common name of the certificate's subject."""
        ...

    @property
    def development(self) -> bool:
        """Whether the key belongs to a development PKI and proves nothing."""
        ...

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate.

        Raises:
            Unavailable: KEY_UNAVAILABLE or one of the TOKEN_* and KEY_* codes, where a token must be asked for it.
        """
        ...

    @property
    def scheme(self) -> Scheme:
        """What `sign` makes; it fits the public key in the certificate."""
        ...

    @property
    def chain(self) -> Sequence[x509.Certificate]:
        """Issuers of the certificate, nearest first; the root may be left out."""
        ...

    def sign(self, data: bytes, digest: str) -> bytes:
        """Return the signature value over `data` (not over its hash), hashed with `digest`, e.g. `sha256`.

        RSA gives a PKCS#1 v1.5 or a PSS signature (MGF1 with the same hash, salt as long as the hash), an elliptic
        curve key a DER `ECDSA-Sig-Value`.

        Raises:
            Unavailable: KEY_UNAVAILABLE or one of the TOKEN_* and KEY_* codes, when the key cannot be used now.
        """
        ...


@runtime_checkable
class Identified(Protocol):
    """A `Signer` that can say which certificate it has before it needs a PIN."""

    def identified(self) -> x509.Certificate:
        """Return its certificate; errors as `Signer.certificate`."""
        ...


@runtime_checkable
class CmsSigner(Protocol):
    """A `Signer` that makes the whole CMS itself, because its key is elsewhere: hash out, CMS back."""

    def signed_data(self, digest: bytes, algorithm: str) -> bytes:
        """Return a CMS over a document's digest without time stamp, checked by `signing.returned.check_returned`.

        Raises:
            Rejected, Unavailable: What came back is no such signature, or nothing came back.
        """
        ...


class TimeStampAuthority(Protocol):
    """Gives RFC 3161 time stamps."""

    def token(self, digest: bytes, algorithm: str) -> bytes:
        """Return the DER TimeStampToken over `digest`, which was made with `algorithm`, e.g. `sha256`.

        The token is checked: granted, same imprint, same nonce, signed by a certificate for time stamping.

        Raises:
            Unavailable: TSA_UNAVAILABLE, whatever went wrong: silence, refusal, lateness or a wrong answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """An answer about one certificate, checked, as it goes into a file.

    Attributes:
        kind: Whether `der` is an OCSP response or a CRL.
        der: Its bytes.
        until: Time until which it speaks, aware (nextUpdate).
        certificates: Those that a reader needs to check it, beside the issuer's: an OCSP responder's own.
    """

    kind: Literal["ocsp", "crl"]
    der: bytes
    until: datetime
    certificates: tuple[x509.Certificate, ...] = ()


class Revoked(Unavailable):
    """A certificate is revoked, and `evidence` says so: somebody else's signature may be older than that."""

    def __init__(self, detail: str, evidence: Evidence) -> None:
        super().__init__(Code.CERTIFICATE_REVOKED, detail)
        self.evidence = evidence


class NobodyToAsk(Unavailable):
    """Neither a certificate nor the settings name anybody who could be asked: waiting is no use."""

    def __init__(self) -> None:
        super().__init__(Code.VALIDATION_DATA_UNAVAILABLE, "no address to ask")


class RevocationSource(Protocol):
    """Tells whether a certificate has been revoked, by OCSP or CRL."""

    def evidence(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Evidence:
        """Return what proves that a certificate is not revoked now.

        The answer is checked: signed by the issuer or whom the issuer named for it, about this certificate, in its
        time. It may be one that was given before and still speaks.

        Args:
            certificate: Which one is asked about.
            issuer: The certificate it was issued by; the caller has checked that it was.

        Raises:
            Revoked: It is, with what says so.
            NobodyToAsk: Nobody is known who could be asked.
            Unavailable: VALIDATION_DATA_UNAVAILABLE, whatever else went wrong.
        """
        ...


@dataclass(frozen=True, slots=True)
class Appearance:
    """What the visible text says beside the time of signing.

    Attributes:
        form: Form of the copy as it is printed, e.g. `SAO Y`.
        agency: Name of the agency that signs.
        development: Adds the line that says the signature has no legal value. A development key adds it anyway.
        role: In whose name; what the officer who compared shows, if anything, is named by the rule set.
    """

    form: str
    agency: str
    development: bool
    role: SignerRole = SignerRole.AGENCY


@dataclass(frozen=True, slots=True)
class SignatureRecord:
    """What is kept outside the PDF about a signature just made.

    Attributes:
        sha256: Lower-case hex digest of the whole signed file.
        size: Its length in bytes.
        level: PAdES baseline level reached: `B-T`, `B-LT`, `B-LTA`.
        signer: Common name of the signer.
        signed_at: Time shown in the visible text, to the second.
        signatures: Signatures now in the file, document time stamps not counted.
        development: Whether the signature comes from a development key.
    """

    sha256: str
    size: int
    level: str
    signer: str
    signed_at: datetime
    signatures: int
    development: bool


@dataclass(frozen=True, slots=True)
class ExtensionRecord:
    """What is kept outside the PDF about an update for the long term.

    Attributes:
        sha256: Lower-case hex digest of the whole file.
        size: Its length in bytes.
        level: Level of all its signatures now: `B-LT` or `B-LTA`.
        stamped_at: Time of the newest document time stamp; None at level B-LT.
        authority_until: End of the certificate that made it: what it proves must be renewed before.
        digest: Digest over which it was made, e.g. `sha256`; empty at level B-LT.
        key: Kind and strength of the authority's key, e.g. `rsa-3072`, `ec-256`; empty at level B-LT.
    """

    sha256: str
    size: int
    level: str
    stamped_at: datetime | None = None
    authority_until: datetime | None = None
    digest: str = ""
    key: str = ""


def is_development(certificates: Iterable[x509.Certificate]) -> bool:
    """Return whether a subject says that its certificate is for development only."""
    return any(DEVELOPMENT_MARK in certificate.subject.rfc4514_string() for certificate in certificates)
