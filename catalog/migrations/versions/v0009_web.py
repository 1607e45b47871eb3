"""What people do in the browser and stations through the API."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the tables, empty."""
    _create_desk()
    _create_hand_overs()
    _create_searches()


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


def _create_searches() -> None:
    """Create the searches that people keep."""
    op.create_table(
        "saved_search",
        *_texts("id account_id name query saved_at"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
        sa.UniqueConstraint("account_id", "name", name="uq_saved_search_account_id"),
    )


def _table(name: str, *columns: list[sa.Column[object]]) -> None:
    """Create a table whose first column is its key."""
    key = sa.PrimaryKeyConstraint(columns[0][0].name, name=f"pk_{name}")
    op.create_table(name, *(column for some in columns for column in some), key)


def _texts(names: str, default: str | None = None) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False, server_default=default) for name in names.split()]


def _create_hand_overs() -> None:
    """Tokens of stations, and what they and the counters hand over."""
    op.create_table(
        "station_token",
        *(_text(name) for name in ("id", "token_sha256", "account_id", "name", "created_at", "expires_at")),
        *(_text(name, "") for name in ("revoked_at", "used_at")),
        sa.PrimaryKeyConstraint("id", name="pk_station_token"),
        sa.UniqueConstraint("token_sha256", name="uq_station_token_token_sha256"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_station_token_account_id"),
    )
    op.create_index("ix_station_token_account_id", "station_token", ["account_id"])
    op.create_table(
        "hand_over",
        *(_text(name) for name in ("id", "account_id", "key", "code", "component")),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("replaces", sa.JSON(), nullable=False),
        *(_text(name) for name in ("state", "created_at", "expires_at")),
        *(_text(name, "") for name in ("place", "intake_id")),
        sa.PrimaryKeyConstraint("id", name="pk_hand_over"),
        sa.UniqueConstraint("account_id", "key", name="uq_hand_over_key"),
    )
    op.create_index("ix_hand_over_code", "hand_over", ["code"])
    op.create_index("ix_hand_over_state", "hand_over", ["state", "expires_at"])
    op.create_table(
        "received_file",
        *(_text(name) for name in ("id", "hand_over_id")),
        sa.Column("position", sa.Integer(), nullable=False),
        *(_text(name) for name in ("name", "sha256")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("size", "received")),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        _text("placed_as", ""),
        sa.PrimaryKeyConstraint("id", name="pk_received_file"),
        sa.UniqueConstraint("hand_over_id", "name", name="uq_received_file_name"),
        sa.ForeignKeyConstraint(["hand_over_id"], ["hand_over.id"], name="fk_received_file_hand_over_id"),
    )


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
