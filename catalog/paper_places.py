"""Where papers lie, by dossier, as the newest list of a store room says."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from catalog import documents
from catalog.catalogue import Transaction
from catalog.schema import dossier, paper_place
from dossier.papers import PaperPlace

_AT_ONCE = 500
_COLUMNS = ("code", "box", "number", "counter", "pages", "leaves")


def put(tx: Transaction, places: Sequence[PaperPlace]) -> None:
    """Record places in order, in place of earlier ones of the same dossiers; one that says nothing removes them."""
    newest = {place.code: place for place in places}
    rows = [
        {name: getattr(place, name) for name in _COLUMNS}
        for place in newest.values()
        if place.box or place.counter or place.pages is not None or place.leaves
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
    return {row.code: PaperPlace(**{name: getattr(row, name) for name in _COLUMNS}) for row in rows}


def leaves_in(tx: Transaction, box: str, most: int) -> dict[str, str]:
    """Return the leaves of the dossiers of a box; an empty text where nobody has said which a dossier has."""
    rows = tx.execute(select(paper_place.c.code, paper_place.c.leaves).where(paper_place.c.box == box).limit(most))
    return {row.code: row.leaves for row in rows}


def codes_in(tx: Transaction, boxes: Sequence[str], most: int) -> list[str]:
    """Return the dossiers of some boxes in the order of the boxes, within a box by number and code."""
    found: list[str] = []
    for box in boxes:
        rows = tx.execute(select(paper_place.c.code, paper_place.c.number).where(paper_place.c.box == box).limit(most))
        found += [row.code for row in sorted(rows, key=lambda row: (_natural(row.number), row.code))]
    return found[:most]


def _natural(number: str) -> tuple[int, str]:
    """Return what numbers as people write them sort by: 2 before 10."""
    digits = "".join(char for char in number if char.isascii() and char.isdigit())
    return int(digits[:9] or 0), number
