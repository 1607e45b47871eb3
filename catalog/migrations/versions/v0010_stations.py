"""Sign-in through an office's own identity server, the access log under the seal, stations and their pages."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the tables, empty."""
    _create_access_segments()
    _create_identities()
    _create_stacks()


def _create_access_segments() -> None:
    """Create the list of stored segments of the access log."""
    op.create_table(
        "access_segment",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("sha256", "previous")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("first", "last")),
        sa.Column("lines", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("head", "closed_at")),
        sa.Column("sealed", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.PrimaryKeyConstraint("number", name="pk_access_segment"),
        sa.UniqueConstraint("sha256", name="uq_access_segment_sha256"),
    )


def _create_identities() -> None:
    """Create who may sign in through the office's identity provider."""
    op.create_table(
        "provider_account",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("only", sa.Boolean(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("bound_at", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("account_id", name="pk_provider_account"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_provider_account_account_id"),
        sa.UniqueConstraint("name", name="uq_provider_account_name"),
        sa.UniqueConstraint("issuer", "subject", name="uq_provider_account_issuer"),
    )
    op.create_table(
        "owed_code",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("token_sha256", "account_id", "issuer", "subject")),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_owed_code"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_owed_code_account_id"),
    )
    op.create_index("ix_owed_code_account_id", "owed_code", ["account_id"])
    op.add_column("web_session", sa.Column("provider", sa.Boolean(), nullable=False, server_default=sa.text("false")))


def _create_stacks() -> None:
    """Create what was scanned as one, and its parts."""
    op.create_table(
        "stack",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "account_id", "folder")),
        sa.Column("files", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("place", "taken_at")),
        sa.PrimaryKeyConstraint("id", name="pk_stack"),
    )
    op.create_table(
        "stack_part",
        sa.Column("stack_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("code", "component", "doubt", "state")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("separators", "pages")),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in ("hand_over_id", "decided_by")),
        sa.PrimaryKeyConstraint("stack_id", "position", name="pk_stack_part"),
        sa.ForeignKeyConstraint(["stack_id"], ["stack.id"], name="fk_stack_part_stack_id"),
    )
    op.create_index("ix_stack_part_state", "stack_part", ["state"])
