"""Values read from documents: each with its place, its confidence and whether a person stands behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, insert, select, update

from catalog.catalogue import Transaction
from catalog.schema import document, field, stamp
from dossier.model import FieldValue


def replace_read(tx: Transaction, document_id: str, values: Iterable[FieldValue]) -> None:
    """Store the values that the rules read, in place of earlier unconfirmed ones; confirmed ones stay."""
    tx.execute(delete(field).where(field.c.document_id == document_id, field.c.confirmed_by == ""))
    kept = {value.name for value in of_document(tx, document_id)}
    rows = [_row(document_id, n, value) for n, value in enumerate(values) if value.name not in kept]
    if rows:
        tx.execute(insert(field), rows)


def confirm(tx: Transaction, document_id: str, name: str, values: Iterable[str], person: str, at: datetime) -> None:
    """Put what a person says in place of all values of one name, keeping the place where it was read."""
    read = [value for value in of_document(tx, document_id) if value.name == name]
    tx.execute(delete(field).where(field.c.document_id == document_id, field.c.name == name))
    for ordinal, said in enumerate(values):
        place = next((value for value in read if value.value == said), read[ordinal] if ordinal < len(read) else None)
        tx.execute(
            insert(field).values(
                document_id=document_id,
                ordinal=ordinal,
                name=name,
                value=said,
                raw=place.raw if place else "",
                confidence=100.0,
                page_id=place.page_id if place else "",
                box=list(place.box) if place and place.box else None,
                source="person",
                must_confirm=False,
                confirmed_by=person,
                confirmed_at=stamp(at),
            )
        )


def place(tx: Transaction, document_id: str, read: Iterable[FieldValue]) -> None:
    """Say of confirmed values that stand nowhere yet where they were read: a person said that they are so."""
    for value in read:
        if value.page_id:
            tx.execute(
                update(field)
                .where(field.c.document_id == document_id, field.c.name == value.name, field.c.value == value.value)
                .where(field.c.page_id == "", field.c.confirmed_by != "")
                .values(page_id=value.page_id, box=list(value.box) if value.box else None, raw=value.raw)
            )


def of_document(tx: Transaction, document_id: str) -> list[FieldValue]:
    """Return the values of a document in the order they were read."""
    rows = tx.execute(select(field).where(field.c.document_id == document_id).order_by(field.c.ordinal, field.c.id))
    return [_value(row) for row in rows]


def _row(document_id: str, ordinal: int, value: FieldValue) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "ordinal": ordinal,
        "name": value.name,
        "value": value.value,
        "raw": value.raw,
        "confidence": value.confidence,
        "page_id": value.page_id,
        "box": list(value.box) if value.box else None,
        "source": value.source,
        "must_confirm": value.must_confirm,
    }


def _value(row: Row[Any]) -> FieldValue:
    return FieldValue(
        row.name,
        row.value,
        row.raw,
        row.confidence,
        row.page_id,
        tuple(row.box) if row.box else None,
        row.source,
        row.must_confirm,
        row.confirmed_by,
    )


def doubtful(sure: float) -> ColumnElement[bool]:
    """Return the condition that a document has a value that needs a person, or of which the machine is less sure."""
    return exists().where(field.c.document_id == document.c.id, field.c.must_confirm | (field.c.confidence < sure))
