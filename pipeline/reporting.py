"""Reporting: the printed form of a snapshot is signed by the agency, here or elsewhere, and kept like any document.

Its bytes begin with the print that was made of the snapshot's own rows, so what is signed is what was fixed. It is
stored at the level of the policy or not at all, judged before it counts, and renewed before its proof loses its force.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from catalog import signed_reports, snapshots
from catalog.renditions import SignatureFacts
from catalog.signed_reports import SignedReport
from catalog.snapshots import Snapshot
from dossier.digest import of_file
from dossier.errors import Code, Rejected
from dossier.model import ObjectRef
from pipeline.agency_forms import (
    authority,
    invalid,
    judged_form,
    renewal_due_at,
    renewed,
    returned_print,
    signed_print,
    why,
)
from pipeline.keeping import keep, keep_bytes
from pipeline.locking import lock
from pipeline.render import PDF
from pipeline.scratch import working_folder
from pipeline.services import Services
from pipeline.statements import STATEMENT_TYPE, record_signed_report, signed_report_object
from pipeline.verification import Finding, verify_object
from signing.renewal import RenewalPolicy
from signing.verdict import Verdict, Verification

_log = structlog.get_logger("hososo")


@dataclass(frozen=True, slots=True)
class DueReport:
    """A signed report and when its renewal is due; None: at once, it has no document time stamp."""

    report: SignedReport
    at: datetime | None


def sign_report(taken: Snapshot, printed: Path, actor: str, services: Services) -> SignedReport:
    """Sign the print of a snapshot with the agency's key, and keep it.

    Args:
        taken: The snapshot.
        printed: What was printed of it.
        actor: Account of who has it signed.
        services: Of this process.

    Raises:
        Rejected: REPORT_SIGNED, it has a signed form already; SIGNATURE_INVALID, what came out does not stand.
        Unavailable: KEY_UNAVAILABLE, no key is at hand; TSA_UNAVAILABLE, VALIDATION_DATA_UNAVAILABLE,
            CERTIFICATE_REVOKED, CLOCK_SKEW: as for any document.
    """
    authority(services)
    _check_open(taken, services)
    with working_folder(services.scratch) as folder:
        target = folder / "report.pdf"
        facts = signed_print(printed, target, services)
        return _record(_Form(taken.number, target, actor, made_here=True), facts, services)


def take_signed(taken: Snapshot, printed: Path, returned: Path, actor: str, services: Services) -> SignedReport:
    """Keep a print of a snapshot that a person has signed elsewhere.

    Args:
        taken: The snapshot.
        printed: What is printed of it now.
        returned: The signed file: the same print with signatures added to it.
        actor: Account of who brings it.
        services: Of this process.

    Raises:
        Rejected: REPORT_SIGNED; SIGNING_INPUT_CHANGED, it is not a print of this snapshot; SIGNATURE_INVALID.
        Unavailable: As `sign_report`, but for the key.
    """
    authority(services)
    _check_open(taken, services)
    with working_folder(services.scratch) as folder:
        target = folder / "report.pdf"
        facts = returned_print(printed, returned, target, str(taken.number), services)
        return _record(_Form(taken.number, target, actor, made_here=False), facts, services)


def stored_report(signed: SignedReport, services: Services) -> AbstractContextManager[Path]:
    """Give the path of a temporary copy of a signed form."""
    return services.local_copy(ObjectRef("", signed.sha256, 0, PDF))


def verify_reports(services: Services) -> Iterable[Finding]:
    """Yield a finding for the rows of each snapshot, and one for its signed form, where it has one."""
    with services.catalogue.read() as tx:
        taken, signed = snapshots.every(tx), signed_reports.every(tx)
        current = {each.sha256 for each in signed_reports.in_force(tx)}
    for digest in sorted({each.sha256 for each in taken} | {each.sha256 for each in signed}):
        yield verify_object("", digest, services)
    for each in signed:
        if each.sha256 in current:
            yield _finding(each, services)


def due_reports(services: Services, policy: RenewalPolicy, before: datetime) -> list[DueReport]:
    """Return the signed reports whose renewal is due before a moment."""
    with services.catalogue.read() as tx:
        signed = signed_reports.in_force(tx)
    dated = [DueReport(each, renewal_due_at(each.facts, policy)) for each in signed]
    lasting = services.signing_level == "B-LTA"
    return [each for each in dated if (each.at < before if each.at is not None else lasting)]


def renew_reports(services: Services, policy: RenewalPolicy, before: datetime) -> tuple[int, int]:
    """Renew what is due before a moment; return how many were renewed, and how many their verdict forbids.

    Raises:
        Unavailable: Time-stamp authority, validation data, store or catalogue are away; what was renewed stays so.
    """
    done = refused = 0
    for each in due_reports(services, policy, before):
        try:
            _renew(each.report, services, policy)
            done += 1
        except Rejected as exc:
            refused += 1
            _log.warning("report not renewed", snapshot=each.report.snapshot, detail=exc.detail)
    return done, refused


@dataclass(frozen=True, slots=True)
class _Form:
    """A signed file that is to become the form in force of a snapshot."""

    snapshot: int
    file: Path
    actor: str
    made_here: bool


def _renew(signed: SignedReport, services: Services, policy: RenewalPolicy) -> None:
    with working_folder(services.scratch) as folder, stored_report(signed, services) as source:
        judged = _judged(signed, source, services)
        if judged.verdict != Verdict.VALID:
            raise Rejected(Code.RENEWAL_REFUSED, why(judged), subject=str(signed.snapshot))
        target = folder / "report.pdf"
        facts = renewed(source, target, signed.facts, policy, services)
        _record(_Form(signed.snapshot, target, services.office.actor, made_here=signed.made_here), facts, services)


def _record(form: _Form, facts: SignatureFacts, services: Services) -> SignedReport:
    """Judge a signed file, store it and put it in force; nothing that does not stand is stored."""
    signed = SignedReport(form.snapshot, of_file(form.file)[0], services.clock(), form.actor, form.made_here, facts)
    judged = _judged(signed, form.file, services)
    if judged.verdict != Verdict.VALID:
        raise invalid(f"snapshot:{form.snapshot}", judged)
    signed = replace(signed, facts=replace(facts, verdict=judged.verdict.value))
    with form.file.open("rb") as stream:
        ref = keep(stream, PDF, services)
    services.store.verify(ref.sha256)
    with services.catalogue.read() as tx:
        taken = snapshots.find(tx, form.snapshot)
    if taken is None:
        raise Rejected(Code.SNAPSHOT_UNKNOWN, subject=str(form.snapshot))
    note = keep_bytes(signed_report_object(signed, taken, ref), STATEMENT_TYPE, services)
    lock((ref.sha256, note.sha256), services)
    with services.commit() as tx:
        record_signed_report(tx, signed, ref, note)
    return signed


def _judged(signed: SignedReport, file: Path, services: Services) -> Verification:
    """Return the verdict on a signed form: it must be all that it was when it was put in force."""
    return judged_form(file, signed.sha256, signed.facts, services, made_here=signed.made_here)


def _finding(signed: SignedReport, services: Services) -> Finding:
    subject = f"snapshot:{signed.snapshot}"
    try:
        with stored_report(signed, services) as file:
            judged = _judged(signed, file, services)
    except Rejected as exc:
        return Finding("", "signature", subject, "invalid", exc.code, exc.detail)
    problem = None if judged.verdict == Verdict.VALID else Code.SIGNATURE_INVALID
    return Finding("", "signature", subject, judged.verdict, problem, why(judged), signed.facts.development)


def _check_open(taken: Snapshot, services: Services) -> None:
    with services.catalogue.read() as tx:
        if signed_reports.find(tx, taken.number) is not None:
            raise Rejected(Code.REPORT_SIGNED, subject=str(taken.number))
