"""Verify: every byte against its digest, every signature, every event chain, the access log, every seal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from catalog import documents, events, objects, renditions, seals
from dossier.errors import Code, Rejected
from dossier.model import Dossier
from dossier.states import SignerRole
from pipeline.access_checking import check_access_log, strays
from pipeline.sealing import check_seals
from pipeline.services import Services
from signing.verdict import Revocation, TrustPolicy, Verdict, Verification
from signing.verify import Known


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing.

    `kind`: `object`, `signature`, `chain`, `access`, `seal`; `code` is None when it is sound.

    `verdict` is `valid`, `invalid` or `indeterminate`; `detail` names reasons as stable codes.
    """

    dossier: str
    kind: str
    subject: str
    verdict: str
    code: Code | None = None
    detail: str = ""
    development: bool = False


def verify_dossier(dossier: Dossier, services: Services) -> Iterator[Finding]:
    """Yield a finding for the chain, every object and every signature of a dossier, old versions included."""
    yield _chain(dossier, services)
    for digest in _digests(dossier, services):
        yield verify_object(dossier.code, digest, services)
    for document_id, stored, evidence in _signed(dossier, services):
        yield _signature(dossier.code, document_id, stored, evidence, services)


def verify_seals(services: Services) -> Finding:
    """Return the finding on the seals over all chains."""
    try:
        with services.catalogue.read() as tx:
            check_seals(tx)
            bare = seals.without_time_stamp(tx)
    except Rejected as exc:
        return Finding("", "seal", exc.subject, "invalid", exc.code, exc.detail)
    return Finding("", "seal", "all", "valid", detail=f"without_time_stamp={bare}" if bare else "")


def verify_access_log(services: Services) -> Iterator[Finding]:
    """Yield what is wrong with the access log, in the catalogue and in the store; one finding where nothing is."""
    with services.catalogue.read() as tx:
        done = check_access_log(tx, services.store)
        faults = [*done.faults, *strays(tx, services.store)]
    for fault in faults:
        yield Finding("", "access", fault.subject, "invalid", fault.code, fault.detail)
    if not faults:
        said = f"lines={done.lines} segments={done.segments} unstored={done.unstored}"
        yield Finding("", "access", done.head, "valid", detail=said)


def verify_file(path: Path, services: Services, at: datetime | None = None) -> Verification:
    """Return the verdict on any PDF, now or as of a moment; it is judged by its own bytes alone."""
    return services.verifier.verify(path, services.trust, at=at)


def _chain(dossier: Dossier, services: Services) -> Finding:
    try:
        with services.catalogue.read() as tx:
            head = events.check_chain(tx, dossier.id)
    except Rejected as exc:
        return Finding(dossier.code, "chain", dossier.id, "invalid", exc.code, exc.detail)
    return Finding(dossier.code, "chain", head, "valid")


def _digests(dossier: Dossier, services: Services) -> list[str]:
    with services.catalogue.read() as tx:
        return objects.of_dossier(tx, dossier.id)


def verify_object(code: str, digest: str, services: Services) -> Finding:
    """Return the finding on one stored object; `code` is that of its dossier, empty where it has none."""
    try:
        services.store.verify(digest)
    except Rejected as exc:
        return Finding(code, "object", digest, "invalid", exc.code, exc.detail)
    return Finding(code, "object", digest, "valid")


def _signed(dossier: Dossier, services: Services) -> list[tuple[str, renditions.Stored, renditions.Stored | None]]:
    """Return each document with its archived form and what is kept beside it."""
    with services.catalogue.read() as tx:
        found = [
            (document.id, renditions.final(tx, document.id), renditions.find(tx, document.id, renditions.EVIDENCE))
            for document in documents.every_version(tx, dossier.id)
        ]
    return [(document_id, stored, evidence) for document_id, stored, evidence in found if stored is not None]


def _signature(
    code: str, document_id: str, stored: renditions.Stored, evidence: renditions.Stored | None, services: Services
) -> Finding:
    try:
        beside = services.store.read(evidence.ref.sha256) if evidence else b""
        judged = judge(stored, services, beside=beside)
    except Rejected as exc:  # the bytes are gone or cut: a finding like any other, the rest is still looked at
        return Finding(code, "signature", document_id, "invalid", exc.code, exc.detail)
    problem = None if judged.verdict == "valid" else Code.SIGNATURE_INVALID
    reasons = ",".join(sorted({reason for one in judged.signatures for reason in one.reasons} | set(judged.reasons)))
    development = any(one.development for one in judged.signatures)
    return Finding(code, "signature", document_id, judged.verdict, problem, reasons, development)


def judge(stored: renditions.Stored, services: Services, *, beside: bytes = b"") -> Verification:
    """Return the verdict on a stored rendition, with what is kept outside it: digest, number, roles, evidence.

    A file that came signed and was found valid then is judged as of the time when it was archived: that it was there
    is what the archive itself proves, and its bytes are compared with what they were.
    """
    with services.local_copy(stored.ref) as path:
        return services.verifier.verify(
            path,
            demands_on(stored, services.trust, beside=bool(beside)),
            Known(stored.facts.signatures if stored.facts else None, stored.ref.sha256, _roles(stored), beside),
            stored.since if _came_valid(stored) else None,
        )


def demands_on(stored: renditions.Stored, trust: TrustPolicy, *, beside: bool = False) -> TrustPolicy:
    """Return by what policy a stored rendition is judged: it must be all that it was when it was archived.

    What we signed must have what its level stands for, so that a document which an earlier release, or an office that
    signs lower on purpose, archived at B-T is due for renewal and no failure. A file that came signed need not have a
    time stamp, because the archive itself proves when it was there, but what authorities said about its signers must
    stand in it or beside it; it is indeterminate and kept as it is where they said nothing. One that an earlier release
    found valid without that stays what it was.
    """
    if stored.role == renditions.ORIGINAL and (beside or not _came_valid(stored)):
        return replace(trust, timestamp_required=False)
    facts = stored.facts
    if facts is None or facts.level in _WITH_VALIDATION_DATA:
        return trust
    return replace(trust, revocation=Revocation.EMBEDDED, timestamp_required=facts.level == "B-T")


def _came_valid(stored: renditions.Stored) -> bool:
    return stored.role == renditions.ORIGINAL and stored.facts is not None and stored.facts.verdict == Verdict.VALID


_WITH_VALIDATION_DATA = ("B-LT", "B-LTA")


def _roles(stored: renditions.Stored) -> tuple[SignerRole, ...] | None:
    """Return who must have signed what we signed ourselves, in this order."""
    if stored.role != renditions.SIGNED or stored.facts is None:
        return None
    return (SignerRole.OFFICER, SignerRole.AGENCY) if stored.facts.officer else (SignerRole.AGENCY,)
