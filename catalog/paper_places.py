"""Where papers lie, by dossier, as the newest list of a store room says."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from catalog import documents
from catalog.catalogue import Transaction
from catalog.schema import dossier, paper_place
from dossier.papers import PaperPlace

_AT_ONCE = 500


def put(tx: Transaction, places: Sequence[PaperPlace]) -> None:
    """Record places in order, in place of earlier ones of the same dossiers; one that says nothing removes them."""
    newest = {place.code: place for place in places}
    rows = [
        {name: getattr(place, name) for name in PaperPlace.__dataclass_fields__}
        for place in newest.values()
        if place.box or place.counter or place.pages is not None
    ]
    codes = list(newest)
    for start in range(0, len(codes), _AT_ONCE):
        tx.execute(delete(paper_place).where(paper_place.c.code.in_(codes[start : start + _AT_ONCE])))
    for start in range(0, len(rows), _AT_ONCE):
        tx.execute(insert(paper_place), rows[start : start + _AT_ONCE])
    for start in range(0, len(codes), _AT_ONCE):
        documents.touch(tx, dossier.c.code.in_(codes[start : start + _AT_ONCE]))


def of_codes(tx: Transaction, codes: Sequence[str]) -> dict[str, PaperPlace]:
    """Return the places of those among some dossiers that have one."""
    rows = tx.execute(select(paper_place).where(paper_place.c.code.in_(codes)))
    return {row.code: PaperPlace(row.code, row.box, row.number, row.counter, row.pages) for row in rows}
