"""The tables behind stations and counters: who may ask through the API, and what was handed over to be digitised."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from catalog.columns import metadata

# Only a digest of the token: who reads the catalogue cannot ask with it.
station_token = Table(
    "station_token",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token_sha256", Text, nullable=False, unique=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("revoked_at", Text, nullable=False, server_default=""),
    Column("used_at", Text, nullable=False, server_default=""),
)

# What lies in the spool of one host; it means nothing to an installation that is restored.
hand_over = Table(
    "hand_over",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("key", Text, nullable=False),  # the client's own: a request that is repeated makes no second one
    Column("code", Text, nullable=False, index=True),  # empty: a stack of several dossiers
    Column("component", Text, nullable=False),
    Column("pages", Integer, nullable=True),  # as somebody has counted them
    Column("replaces", JSON, nullable=False),  # names of files of the dossier that these take the place of
    Column("state", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("place", Text, nullable=False, server_default=""),
    Column("intake_id", Text, nullable=False, server_default=""),  # of a stack: its own id, or why there is none
    Column("leaves", Text, nullable=False, server_default=""),  # which these papers are; empty: nobody said
    UniqueConstraint("account_id", "key", name="uq_hand_over_key"),
    Index("ix_hand_over_state", "state", "expires_at"),
)

received_file = Table(
    "received_file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("hand_over_id", ForeignKey("hand_over.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),  # bytes on the disk for certain
    Column("is_whole", Boolean, nullable=False),  # all of them, and they have the digest
    Column("placed_as", Text, nullable=False, server_default=""),  # its name among the files of the dossier
    UniqueConstraint("hand_over_id", "name", name="uq_received_file_name"),
)
