"""Inserting what another transaction may be inserting at the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from catalog.catalogue import Transaction


def insert_into(tx: Transaction, table: Table) -> Any:  # noqa: ANN401 - each database has an insert of its own kind
    """Return an INSERT that takes `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)


def insert_missing(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert those rows that are not there yet, by any of the table's keys.

    Of two transactions that insert the same row one waits for the other, so rows of several owners have to come in
    one order from everybody.
    """
    if rows:
        tx.execute(insert_into(tx, table).on_conflict_do_nothing(), rows)
