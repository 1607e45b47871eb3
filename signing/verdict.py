"""What is said about the signatures of a file: verdicts, reasons, and whom to trust."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from signing.roles import role_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography import x509

    from dossier.states import SignerRole


class Verdict(StrEnum):
    """The three answers of ETSI EN 319 102-1; anything not proved valid is one of the other two."""

    VALID = "valid"
    INVALID = "invalid"
    INDETERMINATE = "indeterminate"


class Reason(StrEnum):
    """Stable names of why a verdict is what it is."""

    # about the file
    SIGNATURE_ABSENT = "SIGNATURE_ABSENT"
    SIGNATURE_COUNT = "SIGNATURE_COUNT"
    SIGNER_ROLES = "SIGNER_ROLES"
    FILE_DIGEST = "FILE_DIGEST"
    BYTES_NOT_COVERED = "BYTES_NOT_COVERED"
    PDF_ENCRYPTED = "PDF_ENCRYPTED"
    PDF_HYBRID = "PDF_HYBRID"
    PDF_UNREADABLE = "PDF_UNREADABLE"
    SIGNATURES_TOO_MANY = "SIGNATURES_TOO_MANY"
    TIMED_OUT = "TIMED_OUT"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    CRASHED = "CRASHED"
    # about one signature
    HASH_FAILURE = "HASH_FAILURE"
    SIGNATURE_VALUE = "SIGNATURE_VALUE"
    SIGNATURE_FORMAT = "SIGNATURE_FORMAT"
    CHANGED_AFTER = "CHANGED_AFTER"
    FORM_FILLED = "FORM_FILLED"
    CERTIFICATE_UNKNOWN = "CERTIFICATE_UNKNOWN"
    CERTIFICATE_EXPIRED = "CERTIFICATE_EXPIRED"
    CERTIFICATE_NOT_YET_VALID = "CERTIFICATE_NOT_YET_VALID"
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED"
    REVOCATION_UNKNOWN = "REVOCATION_UNKNOWN"
    CERTIFICATE_UNSUITABLE = "CERTIFICATE_UNSUITABLE"
    ALGORITHM_WEAK = "ALGORITHM_WEAK"
    TIMESTAMP_MISSING = "TIMESTAMP_MISSING"
    TIMESTAMP_BROKEN = "TIMESTAMP_BROKEN"
    TIMESTAMP_UNTRUSTED = "TIMESTAMP_UNTRUSTED"
    TIMESTAMP_ORDER = "TIMESTAMP_ORDER"


class Revocation(StrEnum):
    """What is asked of revocation data. Nothing is ever fetched while judging: only what the file carries counts."""

    EMBEDDED = "embedded"  # used where there is some
    REQUIRED = "required"  # none, or stale: indeterminate; the newest time stamp alone needs none


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """Whom to believe. Certificates are DER bytes, so that a policy can go to a child process.

    Attributes:
        anchors: Roots of signers; nothing else is trusted, in particular not the system's web roots.
        timestamp_anchors: Roots of time-stamp authorities; empty means the same as `anchors`.
        intermediates: Authorities that a file may leave out; they are no anchors.
        revocation: What is asked of revocation data.
        timestamp_required: Whether a signature without a good time stamp can be valid at all.
        ends: Until when an algorithm may have been used, by the name of a digest (`sha256`) or of a kind of key
            (`rsa2048`: RSA keys of up to 2048 bits); one that is not named here has no end. What was weak before
            this program was written (SHA-1, MD5, RSA below 2048 bits) is never accepted.
    """

    anchors: tuple[bytes, ...]
    timestamp_anchors: tuple[bytes, ...] = ()
    revocation: Revocation = Revocation.EMBEDDED
    timestamp_required: bool = False
    ends: tuple[tuple[str, datetime], ...] = ()
    intermediates: tuple[bytes, ...] = ()

    @classmethod
    def of(
        cls,
        anchors: Iterable[x509.Certificate],
        timestamp_anchors: Iterable[x509.Certificate] = (),
        *,
        revocation: Revocation = Revocation.EMBEDDED,
        timestamp_required: bool = False,
        ends: tuple[tuple[str, datetime], ...] = (),
        intermediates: Iterable[x509.Certificate] = (),
    ) -> Self:
        """Return the policy for certificates as `cryptography` holds them."""
        return cls(_der(anchors), _der(timestamp_anchors), revocation, timestamp_required, ends, _der(intermediates))


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """One certificate of a path: who it is, who says so, and when it holds."""

    subject: str
    issuer: str
    serial: str
    sha256: str
    valid_from: datetime
    valid_to: datetime
    der: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class RevocationFacts:
    """What the file's revocation data says about a signer's path at the time that counts.

    Attributes:
        status: `good`, `revoked_later` (good, and revoked after that time), `stale` (good, by data that was out of date
            at that time), `revoked`, or `unknown`.
        source: `ocsp` or `crl`: kind of the newest data about the signer's certificate; None without any.
        issued_at: When that data was made.
        next_at: When it says that newer data comes.
        revoked_at: Since when the certificate, or its issuer's, is revoked.
    """

    status: str
    source: str | None = None
    issued_at: datetime | None = None
    next_at: datetime | None = None
    revoked_at: datetime | None = None


UNKNOWN = RevocationFacts("unknown")


@dataclass(frozen=True, slots=True)
class StampVerdict:
    """What is said about one time stamp: a document time stamp, or the one in a signature.

    Attributes:
        field: Name of its form field; empty for the one in a signature.
        verdict: The answer.
        subindication: Sub-indication of EN 319 102-1, where there is one.
        reasons: Why it is not valid; empty when it is.
        authority: Common name of the authority.
        stamped_at: Time it states.
        digest: Algorithm of the imprint, e.g. `sha256`.
        judged_at: The time at which its certificates were judged: that of the next good document time stamp, or now.
        path: Certificates from the authority's to the anchor; empty when none was found.
        revocation: What is known of revocation.
        changes: What was changed after it, see `SignatureVerdict.changes`; `none` for the one in a signature.
        whole_file: Whether it covers the file to the last byte.
    """

    field: str
    verdict: Verdict
    subindication: str | None
    reasons: tuple[Reason, ...]
    authority: str
    stamped_at: datetime | None
    digest: str = ""
    judged_at: datetime | None = None
    path: tuple[CertificateFacts, ...] = ()
    revocation: RevocationFacts = UNKNOWN
    changes: str = "none"
    whole_file: bool = False


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """What is said about one signature.

    Attributes:
        field: Name of its form field.
        verdict: The answer.
        subindication: Sub-indication of EN 319 102-1, where there is one.
        reasons: Why it is not valid; empty when it is.
        signer: Common name of the signer.
        development: Whether a certificate of its chain says it is for development only.
        level: `B-B`, `B-T`, `B-LT`, `B-LTA`, or `CMS` for a signature outside the PAdES baseline.
        signed_at: Best known time of signing.
        time_source: `timestamp` when a trusted time stamp proves it, `claimed` when only the signer says it.
        changes: What was changed after it: `none`, `lta_updates`, `form_filling`, `annotations`, `other`.
        whole_file: Whether it covers the file to the last byte.
        digest: Digest algorithm, e.g. `sha256`.
        judged_at: The time at which its certificates were judged: proved by its time stamp or by a later document
            time stamp, or now.
        path: Certificates from the signer's to the anchor; empty when none was found.
        revocation: What is known of revocation.
        time_stamp: The time stamp in the signature, if there is one.
    """

    field: str
    verdict: Verdict
    subindication: str | None
    reasons: tuple[Reason, ...]
    signer: str
    development: bool
    level: str
    signed_at: datetime | None
    time_source: str | None
    changes: str
    whole_file: bool
    digest: str = ""
    judged_at: datetime | None = None
    path: tuple[CertificateFacts, ...] = ()
    revocation: RevocationFacts = UNKNOWN
    time_stamp: StampVerdict | None = None

    @property
    def role(self) -> SignerRole | None:
        """The role that the file states, see `signing.roles.role_of`."""
        return role_of(self.field)


@dataclass(frozen=True, slots=True)
class Verification:
    """What is said about a file.

    Attributes:
        verdict: Valid only if every signature is and nothing else speaks against the file.
        reasons: All reasons, those of single signatures and time stamps included, each once.
        signatures: The signatures, oldest first; document time stamps are not among them.
        sha256: Digest of the whole file as it was judged.
        size: Its length in bytes.
        detail: Technical phrase for logs when the file could not be judged.
        time_stamps: The document time stamps, oldest first.
        at: The moment of judging.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    signatures: tuple[SignatureVerdict, ...]
    sha256: str
    size: int
    detail: str = ""
    time_stamps: tuple[StampVerdict, ...] = ()
    at: datetime | None = None

    @property
    def development(self) -> bool:
        """Whether a development signature is among them."""
        return any(signature.development for signature in self.signatures)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the answer for the whole: one invalid part makes it invalid, one doubtful part indeterminate."""
    found = set(verdicts)
    return next((v for v in (Verdict.INVALID, Verdict.INDETERMINATE) if v in found), Verdict.VALID)


def _der(certificates: Iterable[x509.Certificate]) -> tuple[bytes, ...]:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - slow to load

    return tuple(certificate.public_bytes(Encoding.DER) for certificate in certificates)
