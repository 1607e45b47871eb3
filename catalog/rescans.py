"""What has to be scanned again: pages whose reading cannot be trusted, and files that could not be taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from catalog.catalogue import Transaction
from catalog.schema import dossier, intake, page, source_file
from dossier.page import Verdict
from dossier.states import FileState, IntakeState


@dataclass(frozen=True, slots=True)
class Rescan:
    """One file of the newest delivery of a dossier that has to be scanned again, and why (stable names)."""

    code: str
    unit: str
    file_id: str
    name: str
    component: str
    pages: tuple[int, ...]
    reasons: tuple[str, ...]
    error: str


def rescans(tx: Transaction, units: Iterable[str] | None, most: int, code: str = "") -> list[Rescan]:
    """Return what has to be scanned again in dossiers of some units (None: all), in order of code.

    A later delivery with another scan in its place takes it off by itself: only the newest one
    that was not turned down is looked at.
    """
    later = intake.alias()
    overtaken = select(later.c.id).where(
        later.c.dossier_id == intake.c.dossier_id,
        later.c.version > intake.c.version,
        later.c.state != IntakeState.REJECTED.value,
    )
    joined = (
        source_file.join(intake, intake.c.id == source_file.c.intake_id)
        .join(dossier, dossier.c.id == intake.c.dossier_id)
        .outerjoin(page, (page.c.file_id == source_file.c.id) & (page.c.verdict == Verdict.RESCAN.value))
    )
    bad = (source_file.c.state == FileState.REJECTED.value) | (page.c.id.is_not(None))
    query = (
        select(dossier.c.code, dossier.c.unit, source_file, page.c.number, page.c.reasons)
        .select_from(joined)
        .where(intake.c.state == IntakeState.ASSEMBLED.value, ~overtaken.exists(), bad)
        .order_by(dossier.c.code, source_file.c.position, page.c.number)
        .limit(most * 4)
    )
    if units is not None:
        query = query.where(dossier.c.unit.in_(list(units)))
    if code:
        query = query.where(dossier.c.code == code)
    found: dict[str, Rescan] = {}
    for row in tx.execute(query):
        known = found.get(row.id)
        numbers = (*(known.pages if known else ()), *((row.number,) if row.number is not None else ()))
        reasons = dict.fromkeys((*(known.reasons if known else ()), *(row.reasons or ())))
        found[row.id] = Rescan(
            row.code, row.unit, row.id, row.name, row.component, numbers, tuple(reasons), row.error or ""
        )
    return list(found.values())[:most]
