"""The minutes of a lot (biên bản số hóa lô): printed of what was stated, signed by the agency, kept and renewed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import structlog

from catalog import Transaction, accounts, lots
from catalog.renditions import SignatureFacts
from catalog.schema import moment
from dossier.digest import of_file
from dossier.errors import Code, Rejected
from dossier.lots import Lot, LotState, LotStep
from dossier.model import ObjectRef
from dossier.people import Account, Permission
from pipeline.agency_forms import (
    invalid,
    judged_form,
    renewal_due_at,
    renewed,
    returned_print,
    signed_print,
    why,
)
from pipeline.keeping import keep
from pipeline.lot_stating import Next, known_lot, next_statement, require, state
from pipeline.referring import reference
from pipeline.render import PDF
from pipeline.scratch import working_folder
from pipeline.services import Services
from pipeline.verification import Finding, verify_object
from reports.acceptance import plan_on
from reports.printed.minutes import Minutes, minutes_pdf
from signing.renewal import RenewalPolicy
from signing.verdict import Verdict

_log = structlog.get_logger("hososo")


def print_minutes(lot: Lot, services: Services) -> bytes:
    """Return the minutes of a lot that was counted, as PDF/A-2b: the same bytes for the same statements.

    Raises:
        Rejected(LOT_STATE): It was not counted yet.
        Unavailable: FONT_MISSING, PRINT_LIBRARIES_MISSING.
    """
    if lot.counting is None or lot.counted is None:
        raise Rejected(Code.LOT_STATE, lot.state.value, subject=lot.id)
    with services.catalogue.read() as tx:
        looks = lot.decision.looks if lot.decision else lots.looks(tx, lot)
        told = lot.decided or lot.counted
        day = moment(told.at)
        unit = reference(tx, services).units.name(lot.opening.unit, day.date())
        ids = {lot.opened.actor, lot.counted.actor, told.actor, *lot.counting.scanners, *(each.actor for each in looks)}
        names = {each: _name(tx, each) for each in ids}
    plan = plan_on(datetime.fromisoformat(lot.counting.sampling.valid_from).date())
    return minutes_pdf(Minutes(lot, looks, services.office.agency, unit, names, plan.basis, day))


def sign_minutes(lot_id: str, own: Account, services: Services, returned: Path | None = None) -> Lot:
    """Sign the minutes of a lot that was decided, or take in what was signed elsewhere, and keep them.

    Raises:
        Rejected: LOT_UNKNOWN; LOT_STATE, not decided, or signed already; SIGNING_INPUT_CHANGED, SIGNATURE_INVALID;
            NOT_ALLOWED.
        Unavailable: As `pipeline.agency_forms.signed_print`.
    """
    require(own, Permission.SIGN)
    with services.catalogue.read() as tx:
        lot = known_lot(tx, lot_id, own, services)
    if lot.state not in (LotState.ACCEPTED, LotState.REJECTED) or lot.minutes:
        raise Rejected(Code.LOT_STATE, "signed" if lot.minutes else lot.state.value, subject=lot.id)
    with working_folder(services.scratch) as folder:
        printed, target = folder / "print.pdf", folder / "minutes.pdf"
        printed.write_bytes(print_minutes(lot, services))
        if returned is None:
            facts = signed_print(printed, target, services)
        else:
            facts = returned_print(printed, returned, target, lot.id, services)
        return _kept(lot, target, facts, own.id, services, made_here=returned is None)


def stored_minutes(lot: Lot, services: Services) -> AbstractContextManager[Path]:
    """Give the path of a temporary copy of the signed minutes of a lot; raises Rejected(LOT_STATE) without any."""
    if not lot.minutes:
        raise Rejected(Code.LOT_STATE, lot.state.value, subject=lot.id)
    return services.local_copy(ObjectRef("", lot.minutes, 0, PDF))


def verify_lots(services: Services) -> Iterator[Finding]:
    """Yield findings on every object that statements on lots refer to, and on the signed minutes in force."""
    with services.catalogue.read() as tx:
        digests = lots.objects_of(tx)
        signed = lots.with_minutes(tx)
    for digest in digests:
        yield verify_object("", digest, services)
    for lot in signed:
        yield _finding(lot, services)


def due_minutes(services: Services, policy: RenewalPolicy, before: datetime) -> list[tuple[Lot, datetime | None]]:
    """Return the lots whose signed minutes are due for renewal before a moment, and when they are."""
    with services.catalogue.read() as tx:
        signed = lots.with_minutes(tx)
    dated = [(lot, renewal_due_at(facts_of(lot), policy)) for lot in signed]
    lasting = services.signing_level == "B-LTA"
    return [(lot, at) for lot, at in dated if (at < before if at is not None else lasting)]


def renew_minutes(services: Services, policy: RenewalPolicy, before: datetime) -> tuple[int, int]:
    """Renew signed minutes that are due; return how many were, and how many their verdict forbids."""
    done = refused = 0
    for lot, _ in due_minutes(services, policy, before):
        try:
            _renew(lot, policy, services)
            done += 1
        except Rejected as exc:
            refused += 1
            _log.warning("minutes not renewed", lot=lot.id, detail=exc.detail)
    return done, refused


def facts_of(lot: Lot) -> SignatureFacts:
    """Return what is known of the signature on the minutes of a lot."""
    if lot.signed is None:
        raise Rejected(Code.LOT_STATE, lot.state.value, subject=lot.id)
    return SignatureFacts(**lot.signed["facts"])


def _renew(lot: Lot, policy: RenewalPolicy, services: Services) -> None:
    with working_folder(services.scratch) as folder, stored_minutes(lot, services) as source:
        facts, made_here = facts_of(lot), _made_here(lot)
        judged = judged_form(source, lot.minutes, facts, services, made_here=made_here)
        if judged.verdict != Verdict.VALID:
            raise Rejected(Code.RENEWAL_REFUSED, why(judged), subject=lot.id)
        target = folder / "minutes.pdf"
        fresh = renewed(source, target, facts, policy, services)
        _kept(lot, target, fresh, services.office.actor, services, made_here=made_here)


def _kept(lot: Lot, file: Path, facts: SignatureFacts, actor: str, services: Services, *, made_here: bool) -> Lot:
    """Judge signed minutes and put them in force; nothing that does not stand is stored."""
    sha256, _ = of_file(file)
    judged = judged_form(file, sha256, facts, services, made_here=made_here)
    if judged.verdict != Verdict.VALID:
        raise invalid(f"lot:{lot.id}", judged)
    with file.open("rb") as stream:
        ref = keep(stream, PDF, services)
    services.store.verify(ref.sha256)
    told = {**asdict(facts), "verdict": judged.verdict.value}
    body = {"sha256": ref.sha256, "size": ref.size, "made_here": made_here, "facts": told}
    return state(Next(next_statement(lot, LotStep.SIGNED, actor, body, services), lot, kept=ref), services)


def _made_here(lot: Lot) -> bool:
    return bool(lot.signed and lot.signed["made_here"])


def _finding(lot: Lot, services: Services) -> Finding:
    subject, facts = f"lot:{lot.id}", facts_of(lot)
    try:
        with stored_minutes(lot, services) as file:
            judged = judged_form(file, lot.minutes, facts, services, made_here=_made_here(lot))
    except Rejected as exc:
        return Finding("", "signature", subject, "invalid", exc.code, exc.detail)
    problem = None if judged.verdict == Verdict.VALID else Code.SIGNATURE_INVALID
    return Finding("", "signature", subject, judged.verdict, problem, why(judged), facts.development)


def _name(tx: Transaction, account_id: str) -> str:
    """Return whose account it is; its id where the account is gone with a lost catalogue."""
    found = accounts.by_id(tx, account_id)
    return found.name if found else account_id
