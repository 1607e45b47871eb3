"""Lots: opened with what the boxes are said to hold, counted against what came, and the sample drawn.

The sample follows from the digest of the manifest: whoever draws it again gets the same pages, and nobody can choose
them. A lot is counted once; only one that was rejected is counted again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog import Transaction, accounts, lots, paper_places
from catalog.schema import stamp
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.leaves import leaves_of
from dossier.lots import (
    MOST_DOSSIERS,
    Counting,
    Listed,
    Lot,
    LotState,
    LotStatement,
    LotStep,
    Opening,
    Sampling,
    body_of,
    differences,
    lot_number,
)
from dossier.model import ObjectRef
from dossier.papers import PaperPlace
from dossier.people import Account, Permission
from dossier.register import VIETNAM
from pipeline.handing_over import unit_of
from pipeline.keeping import keep_bytes
from pipeline.lot_manifest import MANIFEST_TYPE, LotManifest, content_of, lot_manifest
from pipeline.lot_stating import Next, known_lot, next_statement, require, state
from pipeline.referring import reference
from pipeline.scope import may_see
from pipeline.services import Services
from registers.reference import Kind
from reports.acceptance import acceptance, plan_on
from reports.sampling import draw

COUNTED = "lot_counted"
"""Kind of the event in the chain of each dossier of a lot."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class LotWish:
    """What a person wants to open a lot with; see `Opening`.

    Without `codes` it is all dossiers that the list of the store room has in the boxes.
    """

    number: str
    wave: str
    boxes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    retention: str = ""
    dossiers: int | None = None
    leaves: int | None = None


def open_lot(wish: LotWish, own: Account, services: Services) -> Lot:
    """Open a lot.

    Raises:
        Rejected: LOT_INVALID, number or texts, no dossiers or too many, several units, a retention that nobody knows;
            LOT_TAKEN, there is one of this number, or a dossier is in a lot that was not accepted yet; NOT_ALLOWED;
            PAGE_UNKNOWN, dossiers of a unit that the account does not see.
    """
    require(own, Permission.LOT)
    number = lot_number(wish.number)
    if number is None or not wish.wave.strip() or any(len(text) > _LONGEST for text in (wish.wave, *wish.boxes)):
        raise Rejected(Code.LOT_INVALID, "number, wave or box", subject=wish.number[:60])
    with services.catalogue.read() as tx:
        opening = _opening(tx, wish, services)
    if not may_see(own, opening.unit, services):
        raise Rejected(Code.PAGE_UNKNOWN)
    made = LotStatement(number, 1, LotStep.OPENED, stamp(services.clock()), own.id, "", body_of(opening))
    return state(Next(made, codes=tuple(each.code for each in opening.listed)), services)


def count_lot(lot_id: str, scanned_by: Sequence[str], own: Account, services: Services) -> Lot:
    """Count a lot: store its manifest, name differences, draw the sample.

    Args:
        lot_id: Its number.
        scanned_by: Logins of people who scanned, beside those who handed papers over with an account.
        own: Who counts.
        services: Of this process.

    Raises:
        Rejected: LOT_UNKNOWN; LOT_STATE, it was counted already; LOT_UNFINISHED, something of it is on its way;
            LOT_CHANGED, while it was counted; ACCOUNT_UNKNOWN; LOT_INVALID, nobody is known to have scanned it.
    """
    require(own, Permission.LOT)
    with services.catalogue.read() as tx:
        lot = known_lot(tx, lot_id, own, services)
        if lot.state not in (LotState.OPEN, LotState.REJECTED):
            raise Rejected(Code.LOT_STATE, lot.state.value, subject=lot.id)
        found = lot_manifest(tx, lot)
        who = _scanners(tx, lot, scanned_by)
    if found.unfinished:
        raise Rejected(
            Code.LOT_UNFINISHED, f"{len(found.unfinished)} dossiers", subject=", ".join(found.unfinished[:5])
        )
    if not who:
        raise Rejected(Code.LOT_INVALID, "nobody is known to have scanned it", subject=lot.id)
    manifest = keep_bytes(found.data, MANIFEST_TYPE, services)
    counting = _counting(lot, found, manifest, tuple(sorted(who)), services)
    made = next_statement(lot, LotStep.COUNTED, own.id, body_of(counting), services)
    return state(Next(made, lot, COUNTED, manifest, unchanged=counting.content), services)


def _opening(tx: Transaction, wish: LotWish, services: Services) -> Opening:
    codes = list(dict.fromkeys(wish.codes)) or paper_places.codes_in(tx, wish.boxes, MOST_DOSSIERS + 1)
    if not 0 < len(codes) <= MOST_DOSSIERS:
        raise Rejected(Code.LOT_INVALID, f"{len(codes)} dossiers", subject=wish.number[:60])
    units = {unit for code in codes if (unit := _unit(tx, code))}
    if len(units) != 1:
        raise Rejected(Code.LOT_INVALID, f"{len(units)} units", subject=wish.number[:60])
    if any(each is not None and each < 0 for each in (wish.dossiers, wish.leaves)):
        raise Rejected(Code.LOT_INVALID, "declared counts", subject=wish.number[:60])
    places = paper_places.of_codes(tx, codes)
    listed = tuple(
        Listed(code, own.box, own.number, _count(own), own.leaves) if (own := places.get(code)) else Listed(code)
        for code in codes
    )
    boxes = wish.boxes or tuple(dict.fromkeys(each.box for each in listed if each.box))
    whole = _kept_for_ever(tx, wish.retention, services)
    return Opening(units.pop(), wish.wave.strip(), boxes, wish.retention, whole, wish.dossiers, wish.leaves, listed)


def _count(place: PaperPlace) -> int | None:
    """Return how many leaves a dossier has: those that are named, else as many as pages were counted."""
    return leaves_of(place.leaves).count or place.pages


def _unit(tx: Transaction, code: str) -> str:
    parsed = parse_code(code)
    return unit_of(tx, parsed) if parsed else ""


def _kept_for_ever(tx: Transaction, group: str, services: Services) -> bool:
    """Return whether papers of a group of retention are kept for ever; raises LOT_INVALID where nobody knows it."""
    if not group:
        return False
    day = services.clock().astimezone(VIETNAM).date()
    rows = reference(tx, services).of_kind(Kind.RETENTION, day)
    found = next((row for row in rows if row.values["code"] == group), None)
    if found is None:
        raise Rejected(Code.LOT_INVALID, "no such group of retention", subject=group[:60])
    return bool(found.values["kept"]) and found.values.get("years") is None


def _scanners(tx: Transaction, lot: Lot, logins: Sequence[str]) -> set[str]:
    found = lots.scanners(tx, [each.code for each in lot.opening.listed])
    for login in logins:
        account = accounts.find(tx, login.strip().lower())
        if account is None:
            raise Rejected(Code.ACCOUNT_UNKNOWN, subject=login[:60])
        found.add(account.id)
    return found


def _counting(lot: Lot, found: LotManifest, kept: ObjectRef, who: tuple[str, ...], services: Services) -> Counting:
    content, population = content_of(found.data), len(found.pages)
    plan = plan_on(services.clock().astimezone(VIETNAM).date())
    whole = lot.opening.whole or content in lot.rejections  # nothing was scanned anew: no second draw of the same
    drawn = acceptance(population, plan, whole=whole)
    is_whole = drawn.size == population
    sample = found.pages if is_whole else tuple(draw(found.pages, drawn.size, kept.sha256))
    return Counting(
        manifest=kept.sha256,
        size=kept.size,
        content=content,
        came=found.came,
        leaves=found.leaves,
        differences=differences(lot.opening, found.came, found.leaves),
        scanners=who,
        sampling=Sampling(
            plan.valid_from.isoformat(),
            plan.share,
            plan.limit,
            plan.risk,
            population,
            drawn.size,
            drawn.most_faulty,
            is_whole,
        ),
        sample=sample,
    )
