"""People: accounts, their sessions, the chain of what they looked at, and the queue of what they confirm."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables, empty, and the index."""
    op.create_table(
        "account",
        _text("id"),
        _text("login"),
        _text("name"),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("units", sa.JSON(none_as_null=True), nullable=True),
        _text("valid_until", ""),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        _text("password"),
        _text("totp", ""),
        sa.Column("totp_step", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        _text("locked_until", ""),
        _text("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
    )
    op.create_table(
        "web_session",
        *(_text(name) for name in ("token_sha256", "account_id", "created_at", "seen_at", "expires_at")),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_web_session"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_web_session_account_id"),
    )
    op.create_index("ix_web_session_account_id", "web_session", ["account_id"])
    op.create_table(
        "access",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        *(_text(name) for name in ("at", "account", "action", "subject", "detail", "previous", "digest")),
        sa.PrimaryKeyConstraint("id", name="pk_access"),
    )
    for column in ("account", "subject"):
        op.create_index(f"ix_access_{column}", "access", [column])
    where = sa.text("confirmed_by = '' AND superseded_by = ''")
    op.create_index(
        "ix_document_unconfirmed", "document", ["dossier_id", "ordinal"], sqlite_where=where, postgresql_where=where
    )


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
