"""Sign-in through an office's own identity server, the access log under the seal, stations and their pages."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the tables, empty."""
    _create_access_segments()


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
