"""The table of searches that people keep for themselves."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text, UniqueConstraint

from catalog.columns import metadata

# What somebody wants to ask again: a name, and what is asked for as the search page writes it into its address.
saved_search = Table(
    "saved_search",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
    UniqueConstraint("account_id", "name"),
)
