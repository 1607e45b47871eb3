"""Copies that went out with a look-up mark: by its code whoever may finds the document again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from catalog.catalogue import Transaction
from catalog.schema import copy_mark, stamp


def add(tx: Transaction, code: str, document_id: str, account_id: str, sha256: str, at: datetime) -> None:
    """Record a copy: of which document and archived file, for whom, when."""
    values = {"code": code, "document_id": document_id, "account_id": account_id, "sha256": sha256}
    tx.execute(insert(copy_mark).values(**values, made_at=stamp(at)))


def document_of(tx: Transaction, code: str) -> str | None:
    """Return the id of the document of a code, None where nobody made such a copy."""
    return tx.execute(select(copy_mark.c.document_id).where(copy_mark.c.code == code)).scalar()
