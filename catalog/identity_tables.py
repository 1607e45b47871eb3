"""The tables behind signing in through the office's identity provider: whose account is whose there."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from catalog.columns import metadata

# An account that may be entered through the provider. Before the first time it is known by a name; from then on by
# issuer and subject alone, which the provider never gives to anybody else.
provider_account = Table(
    "provider_account",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("only", Boolean, nullable=False),  # no password opens the account
    Column("issuer", Text, nullable=True),  # NULL: nobody has come yet
    Column("subject", Text, nullable=True),
    Column("bound_at", Text, nullable=False, server_default=""),
    UniqueConstraint("issuer", "subject"),
)

# Somebody whom the provider vouches for, and who still owes the code of the second factor. No session.
owed_code = Table(
    "owed_code",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("expires_at", Text, nullable=False),
)
