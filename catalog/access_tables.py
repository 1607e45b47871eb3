"""The table behind the access log in the archive store: which of its lines lie in which stored segment."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, Text, text

from catalog.columns import metadata

# No row is ever changed but for `sealed`, which follows from the seals.
access_segment = Table(
    "access_segment",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sha256", Text, nullable=False, unique=True),
    Column("previous", Text, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("head", Text, nullable=False),
    Column("closed_at", Text, nullable=False),
    Column("sealed", Boolean, nullable=False, server_default=text("false")),
)
