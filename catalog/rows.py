"""The rows of one dossier, out of the catalogue and into another: what its manifest carries, and `rebuild` reads.

Left out are numbers that a database counts up by itself, marks of projections (search, seals, fixity), and all that
was noted about the files and pages of a delivery stopped for a state-secret marking: nothing of it goes into a store
that cannot forget.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from catalog.catalogue import Transaction, row_dict
from catalog.schema import (
    access_segment,
    claim,
    document,
    document_page,
    dossier,
    event_link,
    field,
    intake,
    page,
    portal_package,
    rendition,
    source_file,
    stored_object,
)
from catalog.streaming import streamed
from dossier.errors import Code, Rejected
from dossier.states import IntakeState

_AT_ONCE = 5000  # rows a statement
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by name of their table."""

TABLES = (
    dossier,
    intake,
    source_file,
    page,
    document,
    document_page,
    field,
    rendition,
    stored_object,
    claim,
    event_link,
    portal_package,
)
"""Those that a dossier has rows in, referred to before referring."""

MARKS = {
    dossier.c.head,
    dossier.c.sealed,
    dossier.c.facts_due,
    dossier.c.portal_due,
    document.c.changed,
    stored_object.c.checked_at,
    stored_object.c.fault,
    field.c.id,
    event_link.c.id,
    portal_package.c.tries,
    portal_package.c.next_at,
    portal_package.c.trouble,
    access_segment.c.sealed,
}
"""Columns that follow from the others or are found anew."""

_LATER = {portal_package}
"""Manifests of earlier programs do not have them."""

_IN_ORDER: dict[Table, tuple[ColumnElement[Any], ...]] = {
    field: (field.c.document_id, field.c.ordinal, field.c.id),
    event_link: (event_link.c.sequence,),
}


def ids(tx: Transaction) -> Iterator[str]:
    """Yield the id of every dossier in order, in constant memory."""
    yield from (row.id for row in streamed(tx, select(dossier.c.id).order_by(dossier.c.id)))


def of_dossier(tx: Transaction, dossier_id: str, *, but: str = "") -> dict[str, list[dict[str, Any]]]:
    """Return all rows of a dossier by table, without the claim of one referrer and what only it claims.

    The order of the rows depends neither on the database nor on its locale.
    """
    return {table.name: _rows(tx, table, condition) for table, condition in _conditions(dossier_id, but).items()}


def put(tx: Transaction, rows: Rows) -> None:
    """Record the rows of a dossier that the catalogue does not know yet; its documents are due for the search.

    Raises:
        Rejected(OBJECT_DAMAGED): They are not the rows of a dossier.
    """
    try:
        for table in TABLES:
            found = rows.get(table.name, ()) if table in _LATER else rows[table.name]
            _insert(tx, table, [dict(row) for row in found])
        _mark(tx, rows)
    except OperationalError:
        raise
    except (DBAPIError, StatementError, LookupError, TypeError, ValueError) as exc:
        raise Rejected(Code.OBJECT_DAMAGED, f"not the rows of a dossier: {type(exc).__name__}") from exc


def remove(tx: Transaction, dossier_id: str) -> None:
    """Forget a dossier and all its claims; objects that another one needs stay recorded."""
    conditions = _conditions(dossier_id, "")
    own = list(tx.execute(select(claim.c.sha256).where(conditions[claim])).scalars())
    tx.execute(delete(claim).where(conditions[claim]))
    unclaimed = stored_object.c.sha256.not_in(select(claim.c.sha256))
    for sha256 in own:
        tx.execute(delete(stored_object).where(stored_object.c.sha256 == sha256, unclaimed))
    for table in reversed(TABLES):
        if table not in (claim, stored_object):
            tx.execute(delete(table).where(conditions[table]))


def _rows(tx: Transaction, table: Table, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    query = select(*(column for column in table.c if column not in MARKS)).where(condition)
    if table in _IN_ORDER:
        return [row_dict(row) for row in tx.execute(query.order_by(*_IN_ORDER[table]))]
    key = [column.name for column in table.primary_key]
    return sorted((row_dict(row) for row in tx.execute(query)), key=lambda row: [row[name] for name in key])


def _conditions(dossier_id: str, but: str) -> dict[Table, ColumnElement[bool]]:
    """Return for each table which of its rows are the dossier's."""
    stopped = intake.c.state == IntakeState.STOPPED.value
    intakes = select(intake.c.id).where(intake.c.dossier_id == dossier_id)
    told = intakes.where(~stopped)
    documents = select(document.c.id).where(document.c.dossier_id == dossier_id)
    claims = or_(*(claim.c.referrer.in_(one) for one in _referrers(intakes, documents))) & (claim.c.referrer != but)
    return {
        dossier: dossier.c.id == dossier_id,
        intake: intake.c.dossier_id == dossier_id,
        source_file: source_file.c.intake_id.in_(told),
        page: page.c.intake_id.in_(told),
        document: document.c.dossier_id == dossier_id,
        document_page: document_page.c.document_id.in_(documents),
        field: field.c.document_id.in_(documents),
        rendition: rendition.c.document_id.in_(documents),
        stored_object: stored_object.c.sha256.in_(select(claim.c.sha256).where(claims)),
        claim: claims,
        event_link: event_link.c.dossier_id == dossier_id,
        portal_package: portal_package.c.dossier_id == dossier_id,
    }


def _referrers(intakes: Select[Any], documents: Select[Any]) -> list[Select[Any]]:
    return [
        select("file:" + source_file.c.id).where(source_file.c.intake_id.in_(intakes)),
        select("page:" + page.c.id).where(page.c.intake_id.in_(intakes)),
        select("manifest:" + intake.c.id).where(intake.c.id.in_(intakes)),
        select("signed:" + document.c.id).where(document.c.id.in_(documents)),
        select("unsigned:" + document.c.id).where(document.c.id.in_(documents)),
        select("compared:" + document.c.id).where(document.c.id.in_(documents)),
        select("report:" + document.c.id).where(document.c.id.in_(documents)),
    ]


def _insert(tx: Transaction, table: Table, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        there: set[str] = set()
        if table is stored_object:  # equal bytes of another dossier may have brought it
            known = select(stored_object.c.sha256).where(stored_object.c.sha256.in_([row["sha256"] for row in some]))
            there = set(tx.execute(known).scalars())
        fresh = [row for row in some if row.get("sha256") not in there]
        if fresh:
            tx.execute(insert(table), fresh)


def _mark(tx: Transaction, rows: Rows) -> None:
    """Set the marks that follow from the rows: the head of the chain, and the places in the search's queue."""
    (own,) = rows[dossier.name]
    links = rows[event_link.name]
    tx.execute(update(dossier).where(dossier.c.id == own["id"]).values(head=links[-1]["digest"] if links else ""))
    last = tx.execute(select(func.coalesce(func.max(document.c.changed), 0))).scalar_one()
    for change, row in enumerate(rows[document.name], start=last + 1):
        tx.execute(update(document).where(document.c.id == row["id"]).values(changed=change))
