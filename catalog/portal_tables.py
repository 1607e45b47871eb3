"""The table behind the return channel: what was handed to the one-stop software of each dossier, and what it said."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from catalog.columns import metadata

_OPEN = text("state IN ('due', 'sent')")

# Versions of the package of each dossier. `tries`, `next_at` and `trouble` are marks of sending, no part of the record.
portal_package = Table(
    "portal_package",
    metadata,
    Column("key", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", Text, nullable=False),  # digest of what it says, whatever its version
    Column("state", Text, nullable=False),
    Column("files", JSON, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("sent_at", Text, nullable=False, server_default=""),
    Column("answered_at", Text, nullable=False, server_default=""),
    Column("receipt", Text, nullable=False, server_default=""),
    Column("refusal", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("links_until", Text, nullable=False, server_default=""),
    Column("revoked_at", Text, nullable=False, server_default=""),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_at", Float, nullable=False, server_default="0"),
    Column("trouble", Text, nullable=False, server_default=""),
    UniqueConstraint("dossier_id", "version"),
    Index("ix_portal_package_open", "next_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_portal_package_state", "state", "made_at"),
)
