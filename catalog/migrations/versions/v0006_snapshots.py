"""Frozen reports."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the list of snapshots."""
    op.create_table(
        "snapshot",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("at", "actor", "sha256", "unit", "period", "base", "note", "signed")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot"),
    )
