"""The tables behind accounts: who may sign in, who is signed in, and the chain of what people have looked at."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, Table, Text, text

from catalog.columns import COUNTER, metadata

account = Table(
    "account",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("units", JSON(none_as_null=True), nullable=True),  # NULL: every unit
    Column("valid_until", Text, nullable=False, server_default=""),
    Column("disabled", Boolean, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("password", Text, nullable=False),  # argon2 hash; empty: nobody can sign in with a password
    Column("totp", Text, nullable=False, server_default=""),
    Column("totp_step", Integer, nullable=False, server_default="0"),  # the newest one used: none is used twice
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Text, nullable=False, server_default=""),
    Column("created_at", Text, nullable=False),
)

# Only a digest of the cookie: who reads the catalogue is not signed in by it.
web_session = Table(
    "web_session",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("created_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("provider", Boolean, nullable=False, server_default=text("false")),  # who came through the identity provider
)

# What people looked at, took away, searched for and changed. No row is ever changed; each holds the digest before.
access = Table(
    "access",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("account", Text, nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
)
