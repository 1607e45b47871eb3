"""Lots of backlog work with their samples, components reused instead of scanned."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the tables, empty, and the way from a person to their dossiers."""
    _create_lots()
    _create_reuse()
    op.create_index("ix_register_entry_applicant_id", "register_entry", ["applicant_id"])


def _create_lots() -> None:
    """Create lots, their dossiers, what was stated of them, and what was seen of their samples."""
    op.create_table(
        "lot",
        *_texts("id unit state"),
        sa.Column("barred", sa.Boolean(), nullable=False),
        *_texts("opened_at"),
        sa.PrimaryKeyConstraint("id", name="pk_lot"),
    )
    op.create_index("ix_lot_unit", "lot", ["unit"])
    op.create_index("ix_lot_state", "lot", ["state"])
    op.create_table(
        "lot_dossier",
        *_texts("lot_id code"),
        sa.PrimaryKeyConstraint("lot_id", "code", name="pk_lot_dossier"),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name="fk_lot_dossier_lot_id"),
    )
    op.create_index("ix_lot_dossier_code", "lot_dossier", ["code"])
    op.create_table(
        "lot_statement",
        *_texts("lot_id"),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("sha256 kind at actor"),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("lot_id", "sequence", name="pk_lot_statement"),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name="fk_lot_statement_lot_id"),
        sa.UniqueConstraint("sha256", name="uq_lot_statement_sha256"),
    )
    op.create_table(
        "lot_look",
        *_texts("lot_id"),
        *(sa.Column(name, sa.Integer(), autoincrement=False, nullable=False) for name in ("sequence", "position")),
        *_texts("fault actor at"),
        sa.PrimaryKeyConstraint("lot_id", "sequence", "position", name="pk_lot_look"),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name="fk_lot_look_lot_id"),
    )


def _create_reuse() -> None:
    """Create which document stands for which component of another dossier."""
    op.create_table(
        "reused_component",
        *_texts("code component document_id source sha256 kind grounds"),
        sa.Column("development", sa.Boolean(), nullable=False),
        *_texts("note actor at"),
        sa.PrimaryKeyConstraint("code", "component", name="pk_reused_component"),
    )
    op.create_index("ix_reused_component_document_id", "reused_component", ["document_id"])


def _texts(names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names.split()]
