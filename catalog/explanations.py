"""Explanations: what a person said of a dossier of which the register says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from catalog.catalogue import Transaction
from catalog.inserting import insert_into
from catalog.schema import explanation, stamp


def put(tx: Transaction, codes: Sequence[str], reason: str, actor: str, at: datetime) -> None:
    """Record a reason for some dossiers, in place of an earlier one."""
    own = {"reason": reason, "actor": actor, "at": stamp(at)}
    for code in codes:
        statement = insert_into(tx, explanation).values(code=code, **own)
        tx.execute(statement.on_conflict_do_update(index_elements=["code"], set_=own))


def explained(tx: Transaction, codes: Sequence[str]) -> frozenset[str]:
    """Return which of some dossiers a person has explained."""
    return frozenset(tx.execute(select(explanation.c.code).where(explanation.c.code.in_(codes))).scalars())
