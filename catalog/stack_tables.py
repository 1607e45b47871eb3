"""The tables behind stacks: what was scanned as one, and which pages of it belong together."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, Table, Text

from catalog.columns import metadata

# What lies in the spool of one host; what became of it is in the events of its dossiers.
stack = Table(
    "stack",
    metadata,
    Column("id", Text, primary_key=True),  # of its files' digests: the same stack is the same
    Column("account_id", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("files", JSON, nullable=False),  # name, digest, pages of each, how they are collated
    Column("place", Text, nullable=False),
    Column("taken_at", Text, nullable=False),
)

stack_part = Table(
    "stack_part",
    metadata,
    Column("stack_id", ForeignKey("stack.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    Column("component", Text, nullable=False),
    Column("doubt", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("separators", JSON, nullable=False),  # place of a file in `files`, number of a page
    Column("pages", JSON, nullable=False),
    Column("hand_over_id", Text, nullable=False, server_default=""),
    Column("decided_by", Text, nullable=False, server_default=""),
)
