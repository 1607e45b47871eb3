"""The signing list: sessions of keys elsewhere, and what each was given to sign; when time stamps must be renewed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add two tables, and four columns to what is known of signed files."""
    for name in ("stamp_until", "stamp_digest", "stamp_key", "officer"):
        op.add_column("rendition", _text(name, ""))
    op.create_index("ix_rendition_renewal", "rendition", ["role", "stamp_until"])
    op.create_table(
        "signing_session",
        _text("id"),
        _text("certificate"),
        _text("role"),
        sa.Column("most", sa.Integer(), nullable=False),
        _text("opened_at"),
        _text("expires_at"),
        _text("closed_at", ""),
        sa.PrimaryKeyConstraint("id", name="pk_signing_session"),
    )
    op.create_table(
        "signing_request",
        _text("id"),
        _text("session_id"),
        _text("document_id"),
        _text("unsigned"),
        _text("digest"),
        _text("algorithm"),
        _text("at"),
        _text("state"),
        sa.Column("cms", sa.LargeBinary(), nullable=True),
        _text("code", ""),
        sa.PrimaryKeyConstraint("id", name="pk_signing_request"),
        sa.ForeignKeyConstraint(["session_id"], ["signing_session.id"], name="fk_signing_request_session_id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_signing_request_document_id"),
    )
    op.create_index("ix_signing_request_session_id", "signing_request", ["session_id"])
    op.create_index("ix_signing_request_document_id", "signing_request", ["document_id"])


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
