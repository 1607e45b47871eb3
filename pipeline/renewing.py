"""Renew: archived signatures get another document time stamp before the newest one loses its force.

Nothing is renewed over a failed verdict: a time stamp would only make a doubt look old. The renewed file begins with
the bytes of the one before, which stays stored under a role of its own; a run that is killed leaves either.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import structlog

from catalog import Transaction, claimants, events, fixity, intakes, objects, problems, renditions
from catalog.renewals import SOUND, SignedForm, set_verdict, signed_form, signed_forms
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import ObjectRef
from pipeline.closing import close_when_archived
from pipeline.keeping import keep
from pipeline.locking import lock
from pipeline.proofs import with_proof
from pipeline.render import PDF
from pipeline.scratch import working_folder
from pipeline.services import Services
from pipeline.verification import judge
from signing.extend import extend_pdf
from signing.port import ExtensionRecord
from signing.renewal import RenewalPolicy
from signing.verify import Known

_log = structlog.get_logger("hososo")
_LONGEST_MONTH = timedelta(days=31)
_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Due:
    """A signed form and when it is due; None: at once, it has no document time stamp."""

    form: SignedForm
    at: datetime | None


@dataclass(slots=True)
class Renewed:
    """What one run did. `left` is True when it stopped before all that was due had been looked at."""

    renewed: int = 0
    refused: int = 0
    left: bool = False


def due(services: Services, policy: RenewalPolicy, before: datetime) -> Generator[Due, None, None]:
    """Yield what is due before a moment, the most urgent ends first, in constant memory.

    Where the office signs below B-LTA on purpose, what has no document time stamp is not due.
    """
    horizon = before + policy.lead_months * _LONGEST_MONTH
    ended = any(policy.due_at(end, "", "") <= before for _, end in policy.ends)  # type: ignore[operator]
    with services.catalogue.read() as tx, closing(signed_forms(tx, None if ended else horizon)) as forms:
        yield from (each for form in forms if (each := _due(form, services, policy, before)) is not None)


def _due(form: SignedForm, services: Services, policy: RenewalPolicy, before: datetime) -> Due | None:
    at = policy.due_at(form.until, form.digest, form.key)
    return Due(form, at) if (at < before if at is not None else services.signing_level == "B-LTA") else None


def renew_due(
    services: Services,
    policy: RenewalPolicy,
    before: datetime,
    *,
    stop: threading.Event | None = None,
    longest: float = float("inf"),
    refused_too: bool = False,
) -> Renewed:
    """Renew what is due before a moment, one document after the other.

    Args:
        services: Of this process; needs a time-stamp authority, no key.
        policy: When renewals are due and how they are made.
        before: Renew what is due before.
        stop: Ends the run after the document in hand.
        longest: Seconds after which it ends likewise.
        refused_too: Try again what was refused before.

    Returns:
        How many were renewed, and how many refused: told as problems.

    Raises:
        Unavailable: Time-stamp authority, validation data, store or catalogue are away; what was renewed stays so.
    """
    done, ends = Renewed(), time.monotonic() + longest
    with closing(due(services, policy, before)) as found:
        listed = list(islice(found, _AT_ONCE))
    done.left = len(listed) == _AT_ONCE
    for each in listed:
        if each.form.verdict not in ("", SOUND) and not refused_too:
            continue
        if time.monotonic() > ends or (stop is not None and stop.is_set()):
            done.left = True
            break
        if renew(each.form, services, policy):
            done.renewed += 1
        else:
            done.refused += 1
    return done


def renew_one(document_id: str, services: Services, policy: RenewalPolicy, before: datetime) -> bool:
    """Renew one document because a person says so, one that was refused too; return False when it is refused.

    Raises:
        Rejected(RENEWAL_NOT_DUE): It is not due before that moment, or not archived with a signature of ours.
        Unavailable: As `renew_due`.
    """
    with services.catalogue.read() as tx:
        form = signed_form(tx, document_id)
    if form is None or _due(form, services, policy, before) is None:
        raise Rejected(Code.RENEWAL_NOT_DUE, subject=document_id)
    return renew(form, services, policy)


def renew(form: SignedForm, services: Services, policy: RenewalPolicy) -> bool:
    """Renew one document; return False when its verdict forbids it, which is then on the list of problems.

    A document that somebody else renewed meanwhile is left as it is.

    Raises:
        Unavailable: As `renew_due`.
    """
    with services.catalogue.read() as tx:
        stored = renditions.find(tx, form.document_id, renditions.SIGNED)
    if stored is None or stored.facts is None or stored.ref.sha256 != form.sha256:
        return True
    try:
        _check(stored, services)
        with working_folder(services.scratch) as folder:
            target = folder / "renewed.pdf"
            proof = _extended(stored.ref, target, services, policy)
            _check_file(target, proof, stored.facts.signatures, services)
            with target.open("rb") as stream:
                ref = keep(stream, PDF, services)
    except Rejected as exc:
        _refuse(form, exc, services)
        return False
    services.store.verify(ref.sha256)
    lock((ref.sha256,), services)
    _record(form, ref, replace(with_proof(stored.facts, proof), verdict=SOUND), services)
    return True


def _check(stored: renditions.Stored, services: Services) -> None:
    judged = judge(stored, services)
    if judged.verdict != SOUND:
        raise Rejected(Code.RENEWAL_REFUSED, f"{judged.verdict}: {','.join(judged.reasons)}")


def _check_file(target: Path, proof: ExtensionRecord, signatures: int, services: Services) -> None:
    judged = services.verifier.verify(target, services.trust, Known(signatures, proof.sha256))
    if judged.verdict != SOUND:
        raise Rejected(Code.RENEWAL_REFUSED, f"renewed file {judged.verdict}: {','.join(judged.reasons)}")


def _extended(ref: ObjectRef, target: Path, services: Services, policy: RenewalPolicy) -> ExtensionRecord:
    if services.tsa is None:
        raise Unavailable(Code.TSA_UNAVAILABLE, "no time-stamp authority is configured")
    with services.local_copy(ref) as source:
        return extend_pdf(source, target, collector=services.collector, tsa=services.tsa, digest=policy.digest)


def _record(form: SignedForm, ref: ObjectRef, facts: renditions.SignatureFacts, services: Services) -> None:
    with services.commit() as tx:
        intakes.lock_dossiers(tx, [form.dossier_id])
        stored = renditions.find(tx, form.document_id, renditions.SIGNED)
        if stored is None or stored.ref.sha256 != form.sha256:
            return  # another run was first: its bytes count, ours are swept
        now = services.clock()
        objects.record(tx, ref, f"signed:{form.document_id}", "renewed rendition", now)
        renditions.renew(tx, form.document_id, ref.sha256, now, facts)
        fixity.mark_read(tx, [ref.sha256], now)
        payload = {"document": form.document_id, "from": form.sha256, "renewed": ref.sha256, "level": facts.level}
        events.append(tx, form.dossier_id, "renewed", now, payload, actor=services.office.actor)
        _tell(tx, form, None, services)
        close_when_archived(tx, form.dossier_id, services)


def _refuse(form: SignedForm, why: Rejected, services: Services) -> None:
    _log.warning("not renewed", document=form.document_id, detail=why.detail)
    with services.commit() as tx:
        set_verdict(tx, form.document_id, form.sha256, why.detail.partition(":")[0] or why.code.value)
        _tell(tx, form, why, services)


def _tell(tx: Transaction, form: SignedForm, why: Rejected | None, services: Services) -> None:
    """Put a refusal on the list of problems, or take it off."""
    for claimant in claimants.claimants(tx, form.sha256):
        place = (claimant.folder, claimant.subject)
        if why is None:
            problems.resolve(tx, *place, Code.RENEWAL_REFUSED, services.clock())
        else:
            problems.report(tx, *place, Code.RENEWAL_REFUSED, why.detail, services.clock())
