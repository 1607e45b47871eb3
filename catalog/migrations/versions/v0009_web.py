"""What people do in the browser and stations through the API."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the tables, empty."""
    _create_desk()


def _create_desk() -> None:
    """Batches to sign, requests to use a record, marked copies, words of two people, samples."""
    _table("signing_batch", _texts("id account_id role created_at expires_at"), _texts("session_id closed_at", ""))
    op.create_index("ix_signing_batch_account_id", "signing_batch", ["account_id"])
    op.create_table(
        "signing_batch_item",
        *_texts("batch_id document_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_texts("unsigned"),
        sa.PrimaryKeyConstraint("batch_id", "document_id", name="pk_signing_batch_item"),
    )
    _table(
        "use_request",
        _texts("id account_id code wanted purpose"),
        [sa.Column("days", sa.Integer(), nullable=False), sa.Column("copies", sa.Boolean(), nullable=False)],
        _texts("asked_at state"),
        _texts("decided_by decided_at reason", ""),
    )
    for name in ("account_id", "code", "state"):
        op.create_index(f"ix_use_request_{name}", "use_request", [name])
    op.create_table(
        "use_grant",
        *_texts("request_id document_id account_id"),
        sa.Column("copies", sa.Boolean(), nullable=False),
        *_texts("granted_at until"),
        sa.PrimaryKeyConstraint("request_id", "document_id", name="pk_use_grant"),
    )
    op.create_index("ix_use_grant_account_id", "use_grant", ["account_id"])
    _table("copy_mark", _texts("code document_id account_id sha256 made_at"))
    op.create_index("ix_copy_mark_document_id", "copy_mark", ["document_id"])
    _create_words()


def _create_words() -> None:
    op.create_table(
        "confirming_word",
        *_texts("document_id"),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("account_id login at seen kind"),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "turn", name="pk_confirming_word"),
    )
    _table(
        "quality_sample",
        _texts("document_id day drawn_at"),
        [sa.Column("drawn_from", sa.Integer(), nullable=False)],
        _texts("checked_by checked_at", ""),
        [sa.Column(name, sa.Integer(), nullable=False, server_default="0") for name in ("fields", "wrong")],
        [sa.Column("kind_wrong", sa.Boolean(), nullable=False, server_default=sa.text("false"))],
    )
    op.create_index("ix_quality_sample_day", "quality_sample", ["day"])


def _table(name: str, *columns: list[sa.Column[object]]) -> None:
    """Create a table whose first column is its key."""
    key = sa.PrimaryKeyConstraint(columns[0][0].name, name=f"pk_{name}")
    op.create_table(name, *(column for some in columns for column in some), key)


def _texts(names: str, default: str | None = None) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False, server_default=default) for name in names.split()]
