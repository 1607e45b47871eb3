"""From the sub-indications of ETSI EN 319 102-1 to our reasons."""

from __future__ import annotations

from signing.verdict import Reason

_REASONS = {
    "NO_CERTIFICATE_CHAIN_FOUND": Reason.CERTIFICATE_UNKNOWN,
    "NO_SIGNING_CERTIFICATE_FOUND": Reason.CERTIFICATE_UNKNOWN,
    "OUT_OF_BOUNDS_NO_POE": Reason.CERTIFICATE_EXPIRED,
    "OUT_OF_BOUNDS_NOT_REVOKED": Reason.CERTIFICATE_EXPIRED,
    "EXPIRED": Reason.CERTIFICATE_EXPIRED,
    "NOT_YET_VALID": Reason.CERTIFICATE_NOT_YET_VALID,
    "TRY_LATER": Reason.REVOCATION_UNKNOWN,
    "HASH_FAILURE": Reason.HASH_FAILURE,
    "SIG_CRYPTO_FAILURE": Reason.SIGNATURE_VALUE,
    "FORMAT_FAILURE": Reason.SIGNATURE_FORMAT,
    "REVOKED": Reason.CERTIFICATE_REVOKED,
    "REVOKED_NO_POE": Reason.CERTIFICATE_REVOKED,
    "REVOKED_CA_NO_POE": Reason.CERTIFICATE_REVOKED,
    "CRYPTO_CONSTRAINTS_FAILURE": Reason.ALGORITHM_WEAK,
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": Reason.ALGORITHM_WEAK,
}


def reason_of(subindication: str | None) -> Reason:
    """Return why a certificate was not accepted; without a sub-indication no chain was found."""
    return _REASONS.get(subindication or "NO_CERTIFICATE_CHAIN_FOUND", Reason.CERTIFICATE_UNSUITABLE)
