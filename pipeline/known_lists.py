"""The office's own lists as values are held against them: who issues papers, which places there are.

Rows that come with the program stand for the samples' invented units; only what the office has loaded counts, so that
an office that has loaded nothing is told nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from catalog import Transaction
from classify.areas import Area, Areas
from classify.lists import NOTHING, Issuer, Issuers, Lists
from classify.naming import expanded
from dossier.errors import Code, Rejected
from dossier.text import fold
from pipeline.referring import reference
from pipeline.services import Services
from registers.reference import Kind, ReferenceRow
from registers.reference_data import Reference
from registers.units import unit_rows

_COMMITTEE = "uy ban nhan dan "
_SYMBOL = "UBND"


def known_lists(tx: Transaction, services: Services) -> Lists:
    """Return the lists as they are now; an own file that is not sound holds nothing, reports refuse it by name."""
    try:
        return lists_of(reference(tx, services))
    except Rejected as exc:
        if exc.code is not Code.REFERENCE_INVALID:
            raise
        return NOTHING


@lru_cache(maxsize=2)
def lists_of(known: Reference) -> Lists:
    """Return the lists that reference data hold; each row until the next of its key, as reference data go."""
    packaged = set(unit_rows())
    units = [row for row in known.of_kind(Kind.UNITS) if row not in packaged]
    agencies = [*_agencies(known.of_kind(Kind.AGENCIES)), *_committees(units)]
    return Lists(Issuers(tuple(agencies)), Areas(tuple(_areas(units))))


def _agencies(rows: Iterable[ReferenceRow]) -> Iterator[Issuer]:
    for row, until in _dated(rows):
        symbols = row.values.get("symbols")
        own = tuple(map(str, symbols)) if isinstance(symbols, tuple) else ()
        yield Issuer(str(row.values["name"]), own, row.valid_from, until)


def _committees(rows: Iterable[ReferenceRow]) -> Iterator[Issuer]:
    """Yield the units as issuers; a committee's papers mostly have UBND, and not only that."""
    for row, until in _dated(rows):
        name = str(row.values["name"])
        own = (_SYMBOL,) if fold(expanded(name)).startswith(_COMMITTEE) else ()
        yield Issuer(name, own, row.valid_from, until, only=False)


def _areas(rows: Iterable[ReferenceRow]) -> Iterator[Area]:
    """Yield the places of units that are people's committees or are named as a place themselves."""
    for row, until in _dated(rows):
        name, level = str(row.values["name"]), str(row.values["level"])
        words = expanded(name).split()
        place = " ".join(words[4:]) if fold(" ".join(words)).startswith(_COMMITTEE) else name
        yield Area(row.key, place, level, str(row.values.get("parent") or ""), row.valid_from, until)


def _dated(rows: Iterable[ReferenceRow]) -> Iterator[tuple[ReferenceRow, date | None]]:
    """Yield rows with their last day: their own, or the one before the next row of their key begins."""
    by_key: dict[str, list[ReferenceRow]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    for own in by_key.values():
        ordered = sorted(own, key=lambda row: row.valid_from)
        for row, following in zip(ordered, [*ordered[1:], None], strict=True):
            ends = [row.valid_to] if row.valid_to else []
            ends += [following.valid_from - timedelta(days=1)] if following else []
            yield row, min(ends) if ends else None
