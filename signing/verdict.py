"""What is said about the signatures of a file: verdicts, reasons, and whom to trust."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography import x509


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
    FILE_DIGEST = "FILE_DIGEST"
    BYTES_NOT_COVERED = "BYTES_NOT_COVERED"
    PDF_ENCRYPTED = "PDF_ENCRYPTED"
    PDF_HYBRID = "PDF_HYBRID"
    PDF_UNREADABLE = "PDF_UNREADABLE"
    TIMED_OUT = "TIMED_OUT"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    CRASHED = "CRASHED"
    # about one signature
    HASH_FAILURE = "HASH_FAILURE"
    SIGNATURE_VALUE = "SIGNATURE_VALUE"
    SIGNATURE_FORMAT = "SIGNATURE_FORMAT"
    CHANGED_AFTER = "CHANGED_AFTER"
    CERTIFICATE_UNKNOWN = "CERTIFICATE_UNKNOWN"
    CERTIFICATE_EXPIRED = "CERTIFICATE_EXPIRED"
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED"
    CERTIFICATE_UNSUITABLE = "CERTIFICATE_UNSUITABLE"
    ALGORITHM_WEAK = "ALGORITHM_WEAK"
    TIMESTAMP_MISSING = "TIMESTAMP_MISSING"
    TIMESTAMP_BROKEN = "TIMESTAMP_BROKEN"
    TIMESTAMP_UNTRUSTED = "TIMESTAMP_UNTRUSTED"


class Revocation(StrEnum):
    """What is asked of revocation data. Nothing is ever fetched while judging: only what the file carries counts."""

    EMBEDDED = "embedded"  # used where there is some
    REQUIRED = "required"  # none, or stale: indeterminate


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """Whom to believe. Certificates are DER bytes, so that a policy can go to a child process.

    Attributes:
        anchors: Roots of signers; nothing else is trusted, in particular not the system's web roots.
        timestamp_anchors: Roots of time-stamp authorities; empty means the same as `anchors`.
        revocation: What is asked of revocation data.
        timestamp_required: Whether a signature without a good time stamp can be valid at all.
    """

    anchors: tuple[bytes, ...]
    timestamp_anchors: tuple[bytes, ...] = ()
    revocation: Revocation = Revocation.EMBEDDED
    timestamp_required: bool = False

    @classmethod
    def of(
        cls,
        anchors: Iterable[x509.Certificate],
        timestamp_anchors: Iterable[x509.Certificate] = (),
        *,
        revocation: Revocation = Revocation.EMBEDDED,
        timestamp_required: bool = False,
    ) -> Self:
        """Return the policy for certificates as `cryptography` holds them."""
        return cls(_der(anchors), _der(timestamp_anchors), revocation, timestamp_required)


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


@dataclass(frozen=True, slots=True)
class Verification:
    """What is said about a file.

    Attributes:
        verdict: Valid only if every signature is and nothing else speaks against the file.
        reasons: All reasons, those of single signatures included, each once.
        signatures: The signatures, oldest first; document time stamps are not among them.
        sha256: Digest of the whole file as it was judged.
        size: Its length in bytes.
        detail: Technical phrase for logs when the file could not be judged.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    signatures: tuple[SignatureVerdict, ...]
    sha256: str
    size: int
    detail: str = ""

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
