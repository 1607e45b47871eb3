"""Lots: their statements, and what is asked of many lots at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from catalog.catalogue import Transaction, take_turn
from catalog.columns import moment
from catalog.inserting import insert_into
from catalog.schema import claim, hand_over, lot, lot_dossier, lot_look, lot_statement
from dossier.lots import Look, Lot, LotState, LotStatement, LotStep, lot_of

_TURN = "lots"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot in a list."""

    id: str
    unit: str
    state: LotState
    barred: bool
    opened_at: datetime


def take_lots_turn(tx: Transaction) -> None:
    """Wait for whoever is stating something about lots: of two who would be next one must see the other."""
    take_turn(tx, _TURN)


def find(tx: Transaction, lot_id: str) -> Lot | None:
    """Return a lot, or None."""
    return lot_of(statements(tx, lot_id))


def statements(tx: Transaction, lot_id: str) -> list[LotStatement]:
    """Return what was stated of a lot, in order."""
    query = select(lot_statement).where(lot_statement.c.lot_id == lot_id).order_by(lot_statement.c.sequence)
    found: list[LotStatement] = []
    for row in tx.execute(query):
        found.append(_statement(row, found[-1].sha256 if found else ""))
    return found


def add(tx: Transaction, own: LotStatement) -> None:
    """Record the next statement of a lot, and what follows from it; the caller has the turn."""
    is_first = own.sequence == 1
    if is_first:
        values = {"id": own.lot, "unit": own.body["unit"], "state": LotState.OPEN.value, "barred": False}
        tx.execute(insert(lot).values(**values, opened_at=own.at))
        codes = [each["code"] for each in own.body["listed"]]
        for start in range(0, len(codes), _AT_ONCE):
            rows = [{"lot_id": own.lot, "code": code} for code in codes[start : start + _AT_ONCE]]
            tx.execute(insert(lot_dossier), rows)
    told = {name: getattr(own, name) for name in ("sequence", "sha256", "at", "actor")}
    tx.execute(insert(lot_statement).values(lot_id=own.lot, kind=own.kind.value, body=dict(own.body), **told))
    now = find(tx, own.lot)
    if now is not None and not is_first:
        tx.execute(update(lot).where(lot.c.id == own.lot).values(state=now.state.value, barred=now.barred))


def listed(tx: Transaction, units: Iterable[str] | None, most: int) -> list[LotLine]:
    """Return the newest lots of some units (None: all), newest first."""
    query = select(lot).order_by(lot.c.opened_at.desc(), lot.c.id).limit(most)
    rows = tx.execute(query if units is None else query.where(lot.c.unit.in_(sorted(units))))
    return [LotLine(row.id, row.unit, LotState(row.state), bool(row.barred), moment(row.opened_at)) for row in rows]


def unfinished_of(tx: Transaction, codes: Sequence[str]) -> dict[str, str]:
    """Return of dossiers that are in a lot which was not accepted: its number, by code."""
    found: dict[str, str] = {}
    for start in range(0, len(codes), _AT_ONCE):
        some = lot_dossier.c.code.in_(codes[start : start + _AT_ONCE])
        query = select(lot_dossier.c.code, lot.c.id).join(lot, lot.c.id == lot_dossier.c.lot_id)
        rows = tx.execute(query.where(some, lot.c.state != LotState.ACCEPTED.value))
        found |= {row.code: row.id for row in rows}
    return found


def barred(tx: Transaction, codes: Sequence[str]) -> frozenset[str]:
    """Return which of some dossiers are in a lot that was rejected and not accepted since."""
    query = select(lot_dossier.c.code).join(lot, lot.c.id == lot_dossier.c.lot_id)
    return frozenset(tx.execute(query.where(lot_dossier.c.code.in_(codes), lot.c.barred)).scalars())


def scanners(tx: Transaction, codes: Sequence[str]) -> set[str]:
    """Return the accounts that handed papers of some dossiers over."""
    found: set[str] = set()
    for start in range(0, len(codes), _AT_ONCE):
        some = hand_over.c.code.in_(codes[start : start + _AT_ONCE])
        found |= set(tx.execute(select(hand_over.c.account_id).where(some).distinct()).scalars())
    return found


def look(tx: Transaction, own: Lot, seen: Look) -> None:
    """Record what was seen of a page of the sample, in place of what was said of it before."""
    values = {"fault": seen.fault, "actor": seen.actor, "at": seen.at}
    key = {"lot_id": own.id, "sequence": own.drawn_at, "position": seen.position}
    row = insert_into(tx, lot_look).values(**key, **values)
    tx.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


def looks(tx: Transaction, own: Lot) -> tuple[Look, ...]:
    """Return what was seen of the pages of the sample so far, in order of position."""
    mine = (lot_look.c.lot_id == own.id) & (lot_look.c.sequence == own.drawn_at)
    rows = tx.execute(select(lot_look).where(mine).order_by(lot_look.c.position))
    return tuple(Look(row.position, row.fault, row.actor, row.at) for row in rows)


def with_minutes(tx: Transaction) -> list[Lot]:
    """Return the lots whose minutes are signed, in order of number."""
    signed = select(lot_statement.c.lot_id).where(lot_statement.c.kind == LotStep.SIGNED.value).distinct()
    found = (find(tx, lot_id) for lot_id in sorted(tx.execute(signed).scalars()))
    return [each for each in found if each is not None and each.minutes]


def objects_of(tx: Transaction) -> list[str]:
    """Return the digests of all statements on lots and of what they refer to, in order."""
    query = select(claim.c.sha256).where(claim.c.referrer.startswith("lot:")).distinct()
    return sorted(tx.execute(query).scalars())


def _statement(row: Row[Any], previous: str) -> LotStatement:
    kind = LotStep(row.kind)
    return LotStatement(row.lot_id, row.sequence, kind, row.at, row.actor, previous, dict(row.body), row.sha256)
