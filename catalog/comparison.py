"""Comparison: two catalogues row by row, as when one was rebuilt and the other was not lost after all.

Compared is what was archived: dossiers, their deliveries, files, pages, documents and data, objects and claims, events,
seals, the stored part of the access log, and registers. Not compared are numbers that a database counts up by itself,
marks of projections and of looks (search, seals, fixity, how a folder last looked), and what is no archive: work,
problems, switches, counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, func, literal, select

from catalog.catalogue import Transaction, row_dict
from catalog.rows import MARKS
from catalog.schema import (
    access,
    access_segment,
    claim,
    document,
    document_page,
    dossier,
    event_link,
    explanation,
    field,
    intake,
    lost_paper,
    lot,
    lot_dossier,
    lot_statement,
    page,
    paper_place,
    portal_package,
    reference_edition,
    reference_row,
    register_entry,
    register_history,
    register_import,
    register_source,
    rendition,
    reused_component,
    seal,
    signed_report,
    snapshot,
    source_file,
    stored_object,
)
from catalog.streaming import binary, streamed

_KEYS: dict[Table, tuple[ColumnElement[Any], ...]] = {
    dossier: (dossier.c.id,),
    intake: (intake.c.id,),
    source_file: (source_file.c.id,),
    page: (page.c.id,),
    document: (document.c.id,),
    document_page: (document_page.c.document_id, document_page.c.position),
    field: (field.c.document_id, field.c.ordinal, field.c.id),
    rendition: (rendition.c.document_id, rendition.c.role),
    stored_object: (stored_object.c.sha256,),
    claim: (claim.c.sha256, claim.c.referrer),
    event_link: (event_link.c.dossier_id, event_link.c.sequence),
    portal_package: (portal_package.c.dossier_id, portal_package.c.version),
    seal: (seal.c.id,),
    access_segment: (access_segment.c.number,),
    access: (access.c.id,),
    register_import: (register_import.c.id,),
    register_entry: (register_entry.c.code,),
    register_history: (register_history.c.code, register_history.c.id),
    reference_edition: (reference_edition.c.id,),
    reference_row: (reference_row.c.edition_id, reference_row.c.id),
    explanation: (explanation.c.code,),
    lost_paper: (lost_paper.c.code, lost_paper.c.component),
    paper_place: (paper_place.c.code,),
    lot: (lot.c.id,),
    lot_dossier: (lot_dossier.c.lot_id, lot_dossier.c.code),
    lot_statement: (lot_statement.c.lot_id, lot_statement.c.sequence),
    reused_component: (reused_component.c.code, reused_component.c.component),
    snapshot: (snapshot.c.id,),
    signed_report: (signed_report.c.id,),
    register_source: (register_source.c.mark,),
}
_COUNTED = {
    seal.c.id,
    snapshot.c.id,
    signed_report.c.id,
    register_import.c.id,
    register_history.c.id,
    reference_row.c.id,
    field.c.id,
}
"""Numbers of the database's own: rows are put in their order, and compared by their place in it."""
_LOOKS = {intake.c.fingerprint}
_IMPORT, _PLACE = "import_id", "#"


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that is not the same in both. `what`: `missing` here, `more` here, or the columns that differ."""

    table: str
    key: str
    what: str


def compare(here: Transaction, there: Transaction, spared: str = "") -> Iterator[Difference]:
    """Yield what differs between two catalogues, table by table, in constant memory.

    Args:
        here: The one that is to be judged.
        there: The one that it should be like.
        spared: How the claims begin that are not compared, nor the objects that only they hold.
    """
    for table, columns in _KEYS.items():
        key = [_PLACE if column in _COUNTED else column.name for column in columns]
        yield from _compare_table(table, key, _rows(here, table, spared), _rows(there, table, spared))


def _compare_table(
    table: Table, key: list[str], here: Iterator[dict[str, Any]], there: Iterator[dict[str, Any]]
) -> Iterator[Difference]:
    own, other = next(here, None), next(there, None)
    while own is not None or other is not None:
        own_key, other_key = _place(own, key), _place(other, key)
        if other is None or (own is not None and own_key < other_key):
            yield Difference(table.name, _shown(own_key), "more")
            own = next(here, None)
        elif own is None or other_key < own_key:
            yield Difference(table.name, _shown(other_key), "missing")
            other = next(there, None)
        else:
            differing = sorted(name for name in own if own[name] != other[name] and name != _PLACE)
            if differing:
                yield Difference(table.name, _shown(own_key), ", ".join(differing))
            own, other = next(here, None), next(there, None)


def _rows(tx: Transaction, table: Table, spared: str) -> Iterator[dict[str, Any]]:
    """Yield the compared columns of a table's rows; an import is known by its place among all, not by its number."""
    imports = list(tx.execute(select(register_import.c.id).order_by(register_import.c.id)).scalars())
    query = select(*(column for column in table.c if column not in MARKS | _COUNTED | _LOOKS))
    if table is access:
        query = query.where(access.c.id <= select(func.max(access_segment.c.last)).scalar_subquery())
    if spared:
        query = query.where(_not_spared(table, spared))
    order = [binary(tx, column) for column in _KEYS[table]]
    group: list[Any] = []
    place = 0
    for row in streamed(tx, query.order_by(*order)):
        value = row_dict(row)
        own = [value[column.name] for column in _KEYS[table] if column not in _COUNTED]
        place = place + 1 if own == group else 0
        group, value[_PLACE] = own, place
        if table is register_entry:
            value[_IMPORT] = imports.index(value[_IMPORT])
        elif table is register_history:
            value["before"] = {**value["before"], _IMPORT: imports.index(value["before"][_IMPORT])}
            value[_IMPORT] = imports.index(value[_IMPORT])
        yield value


def _not_spared(table: Table, spared: str) -> ColumnElement[bool]:
    like = claim.c.referrer.startswith(spared, autoescape=True)
    if table is claim:
        return ~like
    if table is stored_object:
        others = select(claim.c.sha256).where(~like)
        return stored_object.c.sha256.in_(others)
    return literal(value=True) == literal(value=True)


def _place(row: Mapping[str, Any] | None, key: list[str]) -> list[Any]:
    return [row[name] for name in key] if row is not None else []


def _shown(key: list[Any]) -> str:
    return " ".join(str(part) for part in key)
