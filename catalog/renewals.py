"""Which archived signed forms there are, by when their newest time stamp ends: what the renewal list is made of."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, update

from catalog.catalogue import Transaction
from catalog.facts import mark_due
from catalog.renditions import SIGNED
from catalog.schema import document, moment, rendition, stamp
from catalog.streaming import streamed
from dossier.states import DocumentState

SOUND = "valid"


@dataclass(frozen=True, slots=True)
class SignedForm:
    """The signed form of an archived document.

    Attributes:
        document_id: Whose it is.
        dossier_id: In which dossier.
        sha256: Digest of the file.
        level: PAdES level.
        until: End of the certificate that made its newest document time stamp, aware; None where it has none.
        digest: What that time stamp is over; empty where there is none.
        key: The authority's kind of key, e.g. `rsa-3072`.
        verdict: What validation said last.
    """

    document_id: str
    dossier_id: str
    sha256: str
    level: str
    until: datetime | None
    digest: str
    key: str
    verdict: str


def signed_forms(tx: Transaction, until: datetime | None) -> Generator[SignedForm, None, None]:
    """Yield signed forms of archived documents in constant memory; whoever stops early must close the iterator.

    Args:
        tx: The transaction.
        until: Only those whose newest time stamp ends before, or that have none; None: all.
    """
    query = _forms().order_by(rendition.c.stamp_until, rendition.c.document_id)
    for row in streamed(tx, query if until is None else query.where(rendition.c.stamp_until < stamp(until))):
        yield _form(row)


def signed_form(tx: Transaction, document_id: str) -> SignedForm | None:
    """Return the signed form of an archived document; None where it has none."""
    row = tx.execute(_forms().where(rendition.c.document_id == document_id)).first()
    return _form(row) if row else None


def ending(tx: Transaction, until: datetime) -> int:
    """Return how many archived signed forms have a newest time stamp whose certificate ends before a moment."""
    query = (
        select(func.count())
        .select_from(rendition.join(document, document.c.id == rendition.c.document_id))
        .where(rendition.c.role == SIGNED, document.c.state == DocumentState.ARCHIVED.value)
        .where(rendition.c.stamp_until > "", rendition.c.stamp_until < stamp(until))
    )
    return int(tx.execute(query).scalar_one())


def set_verdict(tx: Transaction, document_id: str, sha256: str, verdict: str) -> None:
    """Note what validation says of a signed form now."""
    own = (rendition.c.document_id == document_id) & (rendition.c.sha256 == sha256)
    tx.execute(update(rendition).where(own).values(verdict=verdict))
    mark_due(tx, document_id)


def _forms() -> Select[Any]:
    return (
        select(rendition, document.c.dossier_id)
        .join(document, document.c.id == rendition.c.document_id)
        .where(rendition.c.role == SIGNED, document.c.state == DocumentState.ARCHIVED.value)
    )


def _form(row: Row[Any]) -> SignedForm:
    end = moment(row.stamp_until) if row.stamp_until else None
    return SignedForm(
        row.document_id, row.dossier_id, row.sha256, row.level, end, row.stamp_digest, row.stamp_key, row.verdict
    )
