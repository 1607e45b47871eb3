"""The return channel: versions of the package that the one-stop software gets of each dossier."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table; of every dossier it is still to be looked whether its package is due."""
    op.add_column("dossier", sa.Column("portal_due", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    where = sa.text("portal_due")
    op.create_index("ix_dossier_portal_due", "dossier", ["code"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "portal_package",
        _text("key"),
        _text("dossier_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("content"),
        _text("state"),
        sa.Column("files", sa.JSON(), nullable=False),
        _text("made_at"),
        *(_text(name, "") for name in ("sent_at", "answered_at", "receipt", "refusal", "reason")),
        *(_text(name, "") for name in ("links_until", "revoked_at")),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_at", sa.Float(), nullable=False, server_default="0"),
        _text("trouble", ""),
        sa.PrimaryKeyConstraint("key", name="pk_portal_package"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_portal_package_dossier_id"),
        sa.UniqueConstraint("dossier_id", "version", name="uq_portal_package_dossier_id"),
    )
    where = sa.text("state IN ('due', 'sent')")
    op.create_index("ix_portal_package_open", "portal_package", ["next_at"], sqlite_where=where, postgresql_where=where)
    op.create_index("ix_portal_package_state", "portal_package", ["state", "made_at"])


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
