"""Searches that people keep: each account has its own, and nobody sees those of others."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from catalog.catalogue import Transaction
from catalog.columns import stamp
from catalog.search_tables import saved_search
from dossier.errors import Code, Rejected

MOST = 50
"""How many an account can keep."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that somebody keeps; `query` is what is asked for as the search page writes it into its address."""

    id: str
    name: str
    query: str


def save(tx: Transaction, account_id: str, name: str, query: str, at: datetime) -> str:
    """Keep a search, in place of one of the same name; return its id.

    Raises:
        Rejected(SEARCHES_TOO_MANY): The account keeps too many already.
    """
    own = saved_search.c.account_id == account_id
    tx.execute(delete(saved_search).where(own, saved_search.c.name == name))
    if tx.execute(select(func.count()).select_from(saved_search).where(own)).scalar_one() >= MOST:
        raise Rejected(Code.SEARCHES_TOO_MANY)
    made = secrets.token_hex(8)
    values = {"id": made, "account_id": account_id, "name": name, "query": query, "saved_at": stamp(at)}
    tx.execute(insert(saved_search).values(values))
    return made


def of_account(tx: Transaction, account_id: str) -> list[SavedSearch]:
    """Return the searches of an account by name."""
    query = select(saved_search).where(saved_search.c.account_id == account_id).order_by(saved_search.c.name)
    return [SavedSearch(row.id, row.name, row.query) for row in tx.execute(query)]


def forget(tx: Transaction, account_id: str, search_id: str) -> None:
    """Remove a search of an account; one of another account stays."""
    own = (saved_search.c.account_id == account_id) & (saved_search.c.id == search_id)
    tx.execute(delete(saved_search).where(own))
