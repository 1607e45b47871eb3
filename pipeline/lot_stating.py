"""Stating: the next statement on a lot is stored, recorded, and told in the chain of each of its dossiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog import Transaction, events, intakes, lots
from catalog.schema import stamp
from dossier.errors import Code, Rejected
from dossier.lots import Lot, LotStatement, LotStep, lot_number
from dossier.model import ObjectRef
from dossier.people import Account, Permission
from pipeline.closing import close_when_archived
from pipeline.keeping import keep_bytes
from pipeline.locking import lock
from pipeline.lot_manifest import content_of, lot_manifest
from pipeline.lot_statements import lot_object, record_lot
from pipeline.scope import may_see
from pipeline.services import Services
from pipeline.statements import STATEMENT_TYPE


@dataclass(frozen=True, slots=True)
class Next:
    """A statement that is to be made.

    Attributes:
        made: What is stated.
        of: The lot as it is now; None: this opens it.
        event: Kind of the event in the chains of its dossiers; empty: none.
        kept: What the statement refers to, stored already.
        codes: Dossiers that no other lot may have.
        unchanged: What `Counting.content` must still be; empty: anything.
        also: What else belongs into the transaction.
    """

    made: LotStatement
    of: Lot | None = None
    event: str = ""
    kept: ObjectRef | None = None
    codes: tuple[str, ...] = ()
    unchanged: str = ""
    also: Callable[[Transaction], None] | None = None


def require(own: Account, permission: Permission) -> None:
    """Raise Rejected(NOT_ALLOWED) unless an account has a permission."""
    if not own.may(permission):
        raise Rejected(Code.NOT_ALLOWED, subject=own.login)


def known_lot(tx: Transaction, lot_id: str, own: Account, services: Services) -> Lot:
    """Return a lot of a unit that an account sees.

    Raises:
        Rejected(LOT_UNKNOWN): There is none of this number, or it is another unit's.
    """
    lot = lots.find(tx, lot_number(lot_id) or "")
    if lot is None or not may_see(own, lot.opening.unit, services):
        raise Rejected(Code.LOT_UNKNOWN, subject=lot_id[:60])
    return lot


def state(own: Next, services: Services) -> Lot:
    """Store a statement and record it, with an event in the chain of each dossier that the archive has.

    Raises:
        Rejected: LOT_TAKEN; LOT_STATE, somebody else was faster; LOT_CHANGED.
    """
    made = own.made
    note = keep_bytes(lot_object(made), STATEMENT_TYPE, services)
    with services.catalogue.write() as tx:
        known = _locked(tx, own.of) if own.of else []
        lots.take_lots_turn(tx)
        _check(tx, own)
        record_lot(tx, made, note, own.kept)
        for dossier_id in known if own.event else []:
            events.append(tx, dossier_id, own.event, services.clock(), {"statement": note.sha256}, actor=made.actor)
            close_when_archived(tx, dossier_id, services)
        if own.also is not None:
            own.also(tx)
        done = lots.find(tx, made.lot)
    lock([note.sha256, *([own.kept.sha256] if own.kept else [])], services)
    if done is None:
        raise Rejected(Code.LOT_UNKNOWN, subject=made.lot)
    return done


def _check(tx: Transaction, own: Next) -> None:
    made = own.made
    now = lots.find(tx, made.lot)
    if (now.head if now else "") != made.previous:
        raise Rejected(Code.LOT_STATE if own.of else Code.LOT_TAKEN, subject=made.lot)
    if taken := lots.unfinished_of(tx, own.codes):
        raise Rejected(Code.LOT_TAKEN, ", ".join(sorted(set(taken.values()))[:5]), subject=min(taken))
    if own.of and own.unchanged and content_of(lot_manifest(tx, own.of).data) != own.unchanged:
        raise Rejected(Code.LOT_CHANGED, subject=made.lot)


def next_statement(lot: Lot, kind: LotStep, own: str, body: Mapping[str, Any], services: Services) -> LotStatement:
    """Return the statement after the newest one of a lot."""
    return LotStatement(lot.id, lot.sequence + 1, kind, stamp(services.clock()), own, lot.head, body)


def _locked(tx: Transaction, lot: Lot) -> list[str]:
    """Return the ids of those dossiers of a lot that the archive has, locked."""
    known = (intakes.find_dossier(tx, each.code) for each in lot.opening.listed)
    found = [dossier.id for dossier in known if dossier is not None]
    intakes.lock_dossiers(tx, found)
    return found
