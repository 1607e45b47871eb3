"""What single persons have said of documents that two have to agree on; nothing of it counts until they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from catalog.catalogue import Transaction
from catalog.schema import confirming_word, moment, stamp


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said: the kind and the values by field; `seen` is what the form was made of."""

    account_id: str
    login: str
    at: datetime
    seen: str
    kind: str
    said: Mapping[str, list[str]]


def add(tx: Transaction, document_id: str, turn: int, word: Word) -> None:
    """Record a word; `turn` counts them from 1."""
    values = {"account_id": word.account_id, "login": word.login, "seen": word.seen, "kind": word.kind}
    tx.execute(
        insert(confirming_word).values(
            document_id=document_id, turn=turn, at=stamp(word.at), said=dict(word.said), **values
        )
    )


def of_document(tx: Transaction, document_id: str) -> list[Word]:
    """Return what was said of a document, the first first."""
    own = confirming_word.c.document_id == document_id
    rows = tx.execute(select(confirming_word).where(own).order_by(confirming_word.c.turn))
    return [Word(row.account_id, row.login, moment(row.at), row.seen, row.kind, row.said) for row in rows]


def of_account(tx: Transaction, account_id: str) -> list[str]:
    """Return the documents that somebody has said something of, and that wait for somebody else."""
    own = confirming_word.c.account_id == account_id
    return list(tx.execute(select(confirming_word.c.document_id).where(own)).scalars())


def forget(tx: Transaction, document_id: str) -> None:
    """Remove what was said of a document."""
    tx.execute(delete(confirming_word).where(confirming_word.c.document_id == document_id))
