"""Samples of documents that no person had to look at: drawn by the day, looked at by a person, counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from catalog.catalogue import Transaction
from catalog.fields import doubtful
from catalog.partial import UNCONFIRMED
from catalog.schema import document, dossier, quality_sample, stamp


@dataclass(frozen=True, slots=True)
class Sampled:
    """A document of a sample; `fields` and `wrong` are counted when somebody has looked at it (`checked`)."""

    document_id: str
    code: str = ""
    unit: str = ""
    day: str = ""
    drawn_from: int = 0
    checked: bool = False
    fields: int = 0
    wrong: int = 0
    kind_wrong: bool = False


def unquestioned(tx: Transaction, start: datetime, end: datetime, sure: float) -> list[str]:
    """Return documents assembled within a span of which the machine was sure: the kind, and every value.

    Args:
        tx: A transaction.
        start: From then on.
        end: Before then.
        sure: Confidence from which it is.
    """
    rows = tx.execute(
        select(document.c.id).where(
            UNCONFIRMED,
            document.c.created_at >= stamp(start),
            document.c.created_at < stamp(end),
            document.c.kind_confidence >= sure,
            ~doubtful(sure),
        )
    )
    return list(rows.scalars())


def drawn(tx: Transaction, day: str) -> bool:
    """Return whether a sample of a day was drawn."""
    return tx.execute(select(quality_sample.c.day).where(quality_sample.c.day == day).limit(1)).first() is not None


def add(tx: Transaction, day: str, document_ids: Sequence[str], drawn_from: int, at: datetime) -> None:
    """Record a sample of a day."""
    rows = [{"document_id": each, "day": day, "drawn_at": stamp(at), "drawn_from": drawn_from} for each in document_ids]
    if rows:
        tx.execute(insert(quality_sample), rows)


def newest(tx: Transaction, most: int) -> list[Sampled]:
    """Return what was drawn, newest day first, whole days as far as `most` goes."""
    rows = tx.execute(
        select(quality_sample, dossier.c.code, dossier.c.unit)
        .join(document, document.c.id == quality_sample.c.document_id)
        .join(dossier, dossier.c.id == document.c.dossier_id)
        .order_by(quality_sample.c.day.desc(), quality_sample.c.document_id)
        .limit(most)
    ).all()
    cut = rows[-1].day if len(rows) == most and rows[0].day != rows[-1].day else None
    return [
        Sampled(
            row.document_id,
            row.code,
            row.unit,
            row.day,
            row.drawn_from,
            bool(row.checked_by),
            row.fields,
            row.wrong,
            bool(row.kind_wrong),
        )
        for row in rows
        if row.day != cut
    ]


def check(tx: Transaction, found: Sampled, by: str, at: datetime) -> bool:
    """Record what a look at a document has shown, once; return whether it is in a sample and was not looked at."""
    own = (quality_sample.c.document_id == found.document_id) & (quality_sample.c.checked_by == "")
    values = {"fields": found.fields, "wrong": found.wrong, "kind_wrong": found.kind_wrong}
    done = tx.execute(update(quality_sample).where(own).values(**values, checked_by=by, checked_at=stamp(at)))
    return done.rowcount == 1
