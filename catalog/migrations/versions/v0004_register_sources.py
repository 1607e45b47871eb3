"""Imports of registers: who, which file, what it speaks of; more of what a row says; how a source is read."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add a table and columns; what is there speaks of the moment at which it was imported."""
    for name in ("actor", "name", "as_of"):
        op.add_column("register_import", _text(name, ""))
    op.add_column("register_import", sa.Column("held", sa.Integer(), nullable=False, server_default="0"))
    for name in ("field_code", "agency", "applicant_id", "address", "result_method", "as_of"):
        op.add_column("register_entry", _text(name, ""))
    op.add_column("register_entry", sa.Column("submitted_at", sa.Text(), nullable=True))
    op.add_column("register_entry", sa.Column("copies", sa.Integer(), nullable=True))
    for name in ("portal_from_store", "certified_copy"):
        op.add_column("register_entry", sa.Column(name, sa.Boolean(), nullable=True))
    op.create_table(
        "register_source",
        _text("mark"),
        sa.Column("choice", sa.JSON(), nullable=False),
        _text("name"),
        _text("actor"),
        _text("at"),
        sa.PrimaryKeyConstraint("mark", name="pk_register_source"),
    )
    op.execute("UPDATE register_import SET as_of = at")
    op.execute(
        "UPDATE register_entry SET as_of = (SELECT at FROM register_import WHERE register_import.id = import_id)"
    )


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
