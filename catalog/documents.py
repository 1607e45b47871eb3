"""Documents of a dossier: assembled from pages, classified, rendered, signed, archived; old versions stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, cast, exists, func, insert, or_, select, update

from catalog.catalogue import Transaction, take_turn
from catalog.facts import mark_due
from catalog.fields import doubtful
from catalog.partial import NOT_ARCHIVED, SUPERSEDED, UNCONFIRMED
from catalog.schema import document, document_page, dossier, moment, page, quality_sample, stamp
from dossier.model import Document
from dossier.page import ELSEWHERE, UNSURE_CUT
from dossier.states import DocumentState, may_move

_MARKS = "marks of change"

_OVER = (DocumentState.ARCHIVED.value, DocumentState.WITHDRAWN.value)


def add(tx: Transaction, item: Document, content_key: str, at: datetime) -> None:
    """Record a new document and its pages in order."""
    tx.execute(
        insert(document).values(
            id=item.id,
            dossier_id=item.dossier_id,
            intake_id=item.intake_id,
            ordinal=item.ordinal,
            version=item.version,
            component=item.component,
            content_key=content_key,
            state=item.state.value,
            candidates=[],
            born_signed=item.born_signed,
            created_at=stamp(at),
        )
    )
    pages = [
        {"document_id": item.id, "position": position, "page_id": page_id}
        for position, page_id in enumerate(item.page_ids)
    ]
    tx.execute(insert(document_page), pages)


def get(tx: Transaction, document_id: str) -> Document:
    """Return one document with its page ids in order."""
    return _with_pages(tx, tx.execute(_joined().where(document.c.id == document_id)).one())


def find(tx: Transaction, document_id: str) -> Document | None:
    """Return one document, or None."""
    row = tx.execute(_joined().where(document.c.id == document_id)).first()
    return _with_pages(tx, row) if row is not None else None


def created_at(tx: Transaction, document_id: str) -> datetime:
    """Return when a document was assembled: the time its rendition carries, the same on every run."""
    return moment(tx.execute(select(document.c.created_at).where(document.c.id == document_id)).scalar_one())


def live(tx: Transaction, dossier_id: str) -> list[Document]:
    """Return a dossier's present documents in order; superseded versions are left out."""
    rows = tx.execute(
        _joined()
        .where(document.c.dossier_id == dossier_id, document.c.superseded_by == "")
        .order_by(document.c.ordinal, document.c.id)
    )
    return [_with_pages(tx, row) for row in rows]


def every_version(tx: Transaction, dossier_id: str) -> list[Document]:
    """Return all documents of a dossier, old versions too, newest delivery last."""
    rows = tx.execute(
        _joined().where(document.c.dossier_id == dossier_id).order_by(document.c.version, document.c.ordinal)
    )
    return [_with_pages(tx, row) for row in rows]


def content_keys(tx: Transaction, dossier_id: str) -> dict[str, str]:
    """Return the present documents of a dossier as id by content key; those set aside are left out."""
    rows = tx.execute(
        select(document.c.content_key, document.c.id).where(
            document.c.dossier_id == dossier_id,
            document.c.superseded_by == "",
            document.c.state != DocumentState.QUARANTINED.value,
        )
    )
    return dict(rows.all())


def supersede(tx: Transaction, document_ids: Iterable[str], intake_id: str) -> None:
    """Mark documents as replaced by a later delivery; they stay in the archive."""
    for document_id in document_ids:  # one by one: each change has a mark of its own
        change = {"superseded_by": intake_id, "changed": _next_change(tx)}
        tx.execute(update(document).where(document.c.id == document_id).values(change))


def reorder(tx: Transaction, document_id: str, ordinal: int) -> None:
    """Give a kept document its place among the documents of a new delivery."""
    tx.execute(update(document).where(document.c.id == document_id).values(ordinal=ordinal))


def move(tx: Transaction, document_id: str, state: DocumentState, error: str = "") -> None:
    """Take a document to its next state.

    Raises:
        RuntimeError: The move is not in the table of `dossier/states.py`: a bug.
    """
    old = DocumentState(tx.execute(select(document.c.state).where(document.c.id == document_id)).scalar_one())
    if not may_move(old, state):
        raise RuntimeError(f"document {document_id} may not go from {old} to {state}")
    tx.execute(update(document).where(document.c.id == document_id).values(state=state.value, error=error))
    mark_due(tx, document_id)


def set_kind(
    tx: Transaction, document_id: str, kind: str, confidence: float, explanation: str, candidates: list[list[object]]
) -> None:
    """Record the kind that the rules found, unless a person has confirmed one already."""
    tx.execute(
        update(document)
        .where(document.c.id == document_id, document.c.confirmed_by == "")
        .values(kind=kind, kind_confidence=confidence, explanation=explanation, candidates=candidates)
    )


def candidates(tx: Transaction, document_id: str) -> list[tuple[str, float]]:
    """Return the kinds that the rules found likely, the likeliest first, each with its confidence."""
    found = tx.execute(select(document.c.candidates).where(document.c.id == document_id)).scalar_one()
    return [(str(kind), float(confidence)) for kind, confidence in found]


def explanation(tx: Transaction, document_id: str) -> str:
    """Return why the rules hold a document to be of its kind, in Vietnamese; empty before they have looked."""
    return str(tx.execute(select(document.c.explanation).where(document.c.id == document_id)).scalar_one())


def confirm(tx: Transaction, document_id: str, kind: str, person: str) -> None:
    """Record that a person confirmed a document's kind and data."""
    tx.execute(
        update(document)
        .where(document.c.id == document_id)
        .values(kind=kind, confirmed_by=person, changed=_next_change(tx))
    )


def set_archived(tx: Transaction, document_id: str, at: datetime) -> None:
    """Record that a document's signed form was stored and read back; the search projection will take it up."""
    move(tx, document_id, DocumentState.ARCHIVED)
    tx.execute(
        update(document).where(document.c.id == document_id).values(archived_at=stamp(at), changed=_next_change(tx))
    )


def retouch(tx: Transaction, document_id: str) -> None:
    """Have the search projection take up a document again: its kind or its values changed."""
    tx.execute(update(document).where(document.c.id == document_id).values(changed=_next_change(tx)))


def touch(tx: Transaction, own: ColumnElement[bool]) -> None:
    """Have the search projection take up the archived documents of some dossiers: what is known beside them changed.

    Args:
        tx: A transaction.
        own: What the rows of `dossier` fulfil.
    """
    place = func.row_number().over(order_by=document.c.id)
    those = (
        select(document.c.id, place.label("place"))
        .join(dossier, dossier.c.id == document.c.dossier_id)
        .where(document.c.archived_at != "", document.c.superseded_by == "", own)
        .subquery()
    )
    if tx.execute(select(those.c.id).limit(1)).first() is None:
        return
    first = tx.execute(select(_next_change(tx))).scalar_one()
    change = update(document).where(document.c.id == those.c.id).values(changed=first - 1 + those.c.place)
    tx.execute(change)


def changed_since(tx: Transaction, mark: int, limit: int) -> list[tuple[int, Document]]:
    """Return archived documents changed after a mark, in order of change, with their marks."""
    rows = tx.execute(
        _joined()
        .where(document.c.changed > mark, document.c.archived_at != "")
        .order_by(document.c.changed)
        .limit(limit)
    ).all()
    return [(row.changed, _with_pages(tx, row)) for row in rows]


def newest_change(tx: Transaction) -> int:
    """Return the mark of the newest change to an archived document; 0 before the first."""
    archived = select(document.c.changed).where(document.c.archived_at != "").order_by(document.c.changed.desc())
    return tx.execute(archived.limit(1)).scalar() or 0


def unfinished(tx: Transaction) -> list[Document]:
    """Return the present documents that are still to be archived, by dossier."""
    rows = tx.execute(
        _joined()
        .where(document.c.superseded_by == "", document.c.state.not_in(_OVER))
        .order_by(document.c.dossier_id, document.c.ordinal)
    ).all()
    return [_with_pages(tx, row) for row in rows]


def unarchived(tx: Transaction, dossier_id: str) -> int:
    """Return how many present documents of a dossier are not archived yet; given-up ones never will be."""
    return tx.execute(
        select(func.count()).where(
            document.c.dossier_id == dossier_id,
            document.c.superseded_by == "",
            document.c.state.not_in(_OVER),
        )
    ).scalar_one()


def unconfirmed(
    tx: Transaction, units: Iterable[str] | None, most: int, but: Iterable[str] = (), sure: float | None = None
) -> list[Document]:
    """Return present documents that no person has confirmed, by dossier and order in it.

    Args:
        tx: A transaction.
        units: Only of dossiers that these units received; None: of all.
        most: So many at most.
        but: Ids that are left out.
        sure: Confidence of the kind and of each value from which nobody need look; only documents that need a person
            then, those of a sample that waits included. None: all.
    """
    query = _joined().where(UNCONFIRMED, document.c.id.not_in(list(but)))
    if sure is not None:
        query = query.where(_needs_a_person(sure))
    if units is not None:
        query = query.where(dossier.c.unit.in_(sorted(units)))
    rows = tx.execute(query.order_by(document.c.dossier_id, document.c.ordinal).limit(most))
    return [_with_pages(tx, row) for row in rows]


def unconfirmed_after(tx: Transaction, after: str, most: int) -> list[Document]:
    """Return present documents that were classified and that no person has confirmed, by id, those after an id."""
    waits = (UNCONFIRMED, document.c.id > after, document.c.state != DocumentState.ASSEMBLED.value)
    rows = tx.execute(_joined().where(*waits).order_by(document.c.id).limit(most)).all()
    return [_with_pages(tx, row) for row in rows]


def counts(tx: Transaction) -> dict[DocumentState, int]:
    """Return how many present documents are in each state: looks at the few that are not archived or not present."""
    every = select(func.count()).select_from(document)
    total, superseded = (tx.execute(query).scalar_one() for query in (every, every.where(SUPERSEDED)))
    rows = tx.execute(
        select(document.c.state, func.count())
        .where(NOT_ARCHIVED, document.c.superseded_by == "")
        .group_by(document.c.state)
    )
    others = {DocumentState(state): count for state, count in rows}
    archived = total - superseded - sum(others.values())
    return others | ({DocumentState.ARCHIVED: archived} if archived else {})


def _needs_a_person(sure: float) -> ColumnElement[bool]:
    sampled = exists().where(quality_sample.c.document_id == document.c.id, quality_sample.c.checked_by == "")
    own = (document_page.c.document_id == document.c.id) & (document_page.c.page_id == page.c.id)
    asks = [cast(page.c.reasons, Text).contains(f'"{each}"', autoescape=True) for each in (ELSEWHERE, UNSURE_CUT)]
    asked = exists().where(own, or_(*asks))
    return or_(document.c.kind_confidence < sure, doubtful(sure), sampled, asked)


def _next_change(tx: Transaction) -> Any:  # noqa: ANN401 - an SQL expression
    """Return the next mark: whoever takes one waits for the one before to be committed or undone.

    So marks become visible in their order, and who has seen one has seen all before it.
    """
    take_turn(tx, _MARKS)
    every = document.alias()  # not the row being written
    return select(func.coalesce(func.max(every.c.changed), 0) + 1).scalar_subquery()


def _joined() -> Any:  # noqa: ANN401 - a select of two tables
    return select(document, dossier.c.code).join(dossier, dossier.c.id == document.c.dossier_id)


def _with_pages(tx: Transaction, row: Row[Any]) -> Document:
    page_ids = tx.execute(
        select(document_page.c.page_id).where(document_page.c.document_id == row.id).order_by(document_page.c.position)
    ).scalars()
    return Document(
        row.id,
        row.dossier_id,
        row.code,
        row.intake_id,
        row.ordinal,
        row.version,
        row.component,
        DocumentState(row.state),
        tuple(page_ids),
        row.kind,
        row.kind_confidence,
        bool(row.confirmed_by),
        row.born_signed,
        row.superseded_by,
        row.error,
    )
