"""Lost papers: what people have stated as lost and not yet as found again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from catalog.catalogue import Transaction
from catalog.inserting import insert_into
from catalog.schema import lost_paper, moment, stamp
from catalog.streaming import binary
from dossier.papers import LossStatement


@dataclass(frozen=True, slots=True)
class LostPaper:
    """One component of one dossier that is lost, why, and who said so when."""

    code: str
    component: str
    reason: str
    actor: str
    at: datetime


def put(tx: Transaction, said: LossStatement) -> None:
    """Record a statement, in place of an earlier one on the same papers."""
    if not said.is_lost:
        where = (lost_paper.c.code.in_(said.codes), lost_paper.c.component == said.component)
        tx.execute(delete(lost_paper).where(*where))
        return
    own = {"reason": said.reason, "actor": said.actor, "at": stamp(said.at)}
    for code in said.codes:
        statement = insert_into(tx, lost_paper).values(code=code, component=said.component, **own)
        tx.execute(statement.on_conflict_do_update(index_elements=["code", "component"], set_=own))


def of_dossiers(tx: Transaction, codes: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the lost components of those among some dossiers that have any."""
    query = select(lost_paper.c.code, lost_paper.c.component).where(lost_paper.c.code.in_(codes))
    found: dict[str, frozenset[str]] = {}
    for code, component in tx.execute(query):
        found[code] = found.get(code, frozenset()) | {component}
    return found


def listed(tx: Transaction, after: str = "", limit: int = 100) -> list[LostPaper]:
    """Return what is lost in order of code, a page at a time; `after` is the last code of the page before."""
    code = binary(tx, lost_paper.c.code)
    query = select(lost_paper).where(code > after).order_by(code, lost_paper.c.component).limit(limit)
    return [LostPaper(r.code, r.component, r.reason, r.actor, moment(r.at)) for r in tx.execute(query)]
