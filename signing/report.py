"""What is said about a file, in the form that is printed for programs and kept beside the document in the archive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from dossier.wording import LANGUAGES, say
from signing.verdict import CertificateFacts, Reason, RevocationFacts, SignatureVerdict, StampVerdict, Verification

REPORT_MARK = "hososo-signature-report 1"
REPORT_TYPE = "application/vnd.hososo.signature-report+json"


def report(found: Verification) -> dict[str, Any]:
    """Return the report on a file (docs/schemas/signature-report.json); times are UTC, ISO 8601."""
    return {
        "#": REPORT_MARK,
        "sha256": found.sha256,
        "size": found.size,
        "at": _time(found.at),
        "verdict": str(found.verdict),
        "reasons": _reasons(found.reasons),
        "signatures": [_signature(one) for one in found.signatures],
        "time_stamps": [_stamp(one) for one in found.time_stamps],
        "wording": {str(reason): _wording(reason) for reason in found.reasons},
    }


def _signature(one: SignatureVerdict) -> dict[str, Any]:
    return {
        "field": one.field,
        "role": one.role.value if one.role else None,
        "verdict": str(one.verdict),
        "subindication": one.subindication,
        "reasons": _reasons(one.reasons),
        "signer": one.signer,
        "development": one.development,
        "level": one.level,
        "digest": one.digest,
        "signed_at": _time(one.signed_at),
        "time_source": one.time_source,
        "judged_at": _time(one.judged_at),
        "path": [_certificate(each) for each in one.path],
        "revocation": _revocation(one.revocation),
        "time_stamp": _stamp(one.time_stamp) if one.time_stamp else None,
        "changes": one.changes,
        "whole_file": one.whole_file,
    }


def _stamp(one: StampVerdict) -> dict[str, Any]:
    return {
        "field": one.field,
        "verdict": str(one.verdict),
        "subindication": one.subindication,
        "reasons": _reasons(one.reasons),
        "authority": one.authority,
        "digest": one.digest,
        "stamped_at": _time(one.stamped_at),
        "judged_at": _time(one.judged_at),
        "path": [_certificate(each) for each in one.path],
        "revocation": _revocation(one.revocation),
        "changes": one.changes,
        "whole_file": one.whole_file,
    }


def _certificate(one: CertificateFacts) -> dict[str, Any]:
    return {
        "subject": one.subject,
        "issuer": one.issuer,
        "serial": one.serial,
        "sha256": one.sha256,
        "valid_from": _time(one.valid_from),
        "valid_to": _time(one.valid_to),
    }


def _revocation(one: RevocationFacts) -> dict[str, Any]:
    return {
        "status": one.status,
        "source": one.source,
        "issued_at": _time(one.issued_at),
        "next_at": _time(one.next_at),
        "revoked_at": _time(one.revoked_at),
    }


def _reasons(reasons: Iterable[Reason]) -> list[str]:
    return [str(reason) for reason in reasons]


def _wording(reason: Reason) -> dict[str, str]:
    return {language: say(f"reasons.{reason}", language) for language in LANGUAGES}


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None
