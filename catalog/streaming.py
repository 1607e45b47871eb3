"""Streaming: rows one after the other, however many there are, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, collate

from catalog.catalogue import Transaction

_AT_ONCE = 1000


def streamed(tx: Transaction, query: Select[Any]) -> Iterator[Row[Any]]:
    """Yield the rows of a query; who does not take them all must close the iterator within the transaction."""
    with tx.execute(query, execution_options={"yield_per": _AT_ONCE}) as result:
        yield from result


def binary(tx: Transaction, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column to sort by in the order in which Python compares, which a database's locale does not."""
    return collate(column, "C") if tx.dialect.name == "postgresql" and isinstance(column.type, Text) else column
