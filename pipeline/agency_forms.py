"""What the agency prints and signs beside documents: reports and minutes, at the level of the policy, and judged.

A print that was signed elsewhere, with a token that only a person has, counts as well: it begins with the same bytes.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from catalog import renditions
from catalog.renditions import SignatureFacts
from catalog.schema import moment
from dossier.digest import of_beginning, of_file
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import ObjectRef
from dossier.states import SignerRole
from pipeline.proofs import with_proof
from pipeline.render import PDF
from pipeline.services import Services
from pipeline.verification import demands_on
from signing import renewal
from signing.extend import extend_pdf
from signing.port import Appearance, TimeStampAuthority
from signing.renewal import RenewalPolicy
from signing.seal import sign_pdf
from signing.verdict import Verdict, Verification
from signing.verify import Known


def signed_print(printed: Path, target: Path, services: Services) -> SignatureFacts:
    """Sign a print with the agency's key into another file, at the level of the policy.

    Raises:
        Unavailable: KEY_UNAVAILABLE, no key is at hand; TSA_UNAVAILABLE, VALIDATION_DATA_UNAVAILABLE,
            CERTIFICATE_REVOKED, CLOCK_SKEW: as for any document.
    """
    tsa = authority(services)
    signer = services.key_at_hand(SignerRole.AGENCY)
    if signer is None:
        raise Unavailable(Code.KEY_UNAVAILABLE, "no key of the agency is at hand")
    if services.signing_level != "B-T":
        services.collector.collect(signer.certificate, signer.chain)  # a revoked one must not be used in vain
    words = Appearance("", services.office.agency, signer.development)
    record = sign_pdf(printed, target, signer=signer, tsa=tsa, appearance=words, at=services.clock())
    signed_at = record.signed_at.isoformat()
    facts = SignatureFacts(record.signatures, record.level, record.signer, record.development, signed_at)
    return _levelled(target, facts, tsa, services)


def returned_print(printed: Path, returned: Path, target: Path, subject: str, services: Services) -> SignatureFacts:
    """Copy a print that was signed elsewhere into another file, brought to the level of the policy.

    Raises:
        Rejected: SIGNING_INPUT_CHANGED, it is not this print with signatures added to it; SIGNATURE_INVALID.
        Unavailable: As `signed_print`, but for the key.
    """
    tsa = authority(services)
    digest, size = of_file(printed)
    if of_file(returned)[1] <= size or of_beginning(returned, size) != digest:
        raise Rejected(Code.SIGNING_INPUT_CHANGED, "not the print of this", subject=subject)
    judged = services.verifier.verify(returned, replace(services.trust, timestamp_required=False))
    if judged.verdict == Verdict.INVALID or not judged.signatures:
        raise invalid(subject, judged)
    last = judged.signatures[-1]
    signed_at = (last.signed_at or services.clock()).isoformat()
    development = any(each.development for each in judged.signatures)
    shutil.copyfile(returned, target)
    facts = SignatureFacts(len(judged.signatures), last.level, last.signer, development, signed_at)
    return _levelled(target, facts, tsa, services)


def renewed(
    source: Path, target: Path, facts: SignatureFacts, policy: RenewalPolicy, services: Services
) -> SignatureFacts:
    """Give a signed print another time stamp, into another file."""
    tsa = authority(services)
    proof = extend_pdf(source, target, collector=services.collector, tsa=tsa, digest=policy.digest)
    return with_proof(facts, proof)


def judged_form(file: Path, sha256: str, facts: SignatureFacts, services: Services, *, made_here: bool) -> Verification:
    """Return the verdict on a signed print: it must be all that it was when it was put in force."""
    known = Known(facts.signatures, sha256, (SignerRole.AGENCY,) if made_here else None)
    stored = renditions.Stored(renditions.SIGNED, ObjectRef("", sha256, 0, PDF), facts, services.clock())
    return services.verifier.verify(file, demands_on(stored, services.trust), known)


def renewal_due_at(facts: SignatureFacts, policy: RenewalPolicy) -> datetime | None:
    """Return when a signed print is to be renewed; None: at once, it has no document time stamp."""
    until = moment(facts.stamp_until) if facts.stamp_until else None
    return policy.due_at(until, facts.stamp_digest, facts.stamp_key)


def invalid(subject: str, judged: Verification) -> Rejected:
    """Return the error of a signed print that does not stand."""
    return Rejected(Code.SIGNATURE_INVALID, f"{judged.verdict}: {why(judged)}", subject=subject)


def why(judged: Verification) -> str:
    """Return the reasons of a verdict as stable codes."""
    return ",".join(sorted({reason for one in judged.signatures for reason in one.reasons} | set(judged.reasons)))


def authority(services: Services) -> TimeStampAuthority:
    """Return the time-stamp authority; raises Unavailable(TSA_UNAVAILABLE) where there is none."""
    if services.tsa is None:
        raise Unavailable(Code.TSA_UNAVAILABLE, "no time-stamp authority is configured")
    return services.tsa


def _levelled(file: Path, facts: SignatureFacts, tsa: TimeStampAuthority, services: Services) -> SignatureFacts:
    level = services.signing_level
    if level == "B-T":
        return facts
    digest = renewal.policy_in_force(services.clock()).digest
    return with_proof(facts, extend_pdf(file, file, collector=services.collector, tsa=tsa, level=level, digest=digest))
