"""Figures: dated reference data, the projection that reports count, explanations, snapshots, signed reports."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables; every dossier's line of facts is still to be made."""
    op.add_column("dossier", sa.Column("facts_due", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    where = sa.text("facts_due")
    op.create_index("ix_dossier_facts_due", "dossier", ["code"], sqlite_where=where, postgresql_where=where)
    _create_reference()
    _create_facts()
    op.create_table(
        "explanation",
        *(_text(name) for name in ("code", "reason", "actor", "at")),
        sa.PrimaryKeyConstraint("code", name="pk_explanation"),
    )
    op.create_table(
        "snapshot",
        _counter(),
        *(_text(name) for name in ("at", "actor", "sha256", "unit", "period", "base", "note")),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot"),
    )
    op.create_table(
        "signed_report",
        _counter(),
        sa.Column("snapshot_id", _COUNTER, nullable=False),
        *(_text(name) for name in ("sha256", "at", "actor")),
        sa.Column("made_here", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signed_report"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_signed_report_snapshot_id"),
    )
    op.create_index("ix_signed_report_snapshot_id", "signed_report", ["snapshot_id"])


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _counter() -> sa.Column[int]:
    return sa.Column("id", _COUNTER, autoincrement=True, nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _create_reference() -> None:
    op.create_table(
        "reference_edition",
        _counter(),
        _text("kind"),
        _text("sha256"),
        sa.Column("entered", sa.Integer(), nullable=False),
        _text("actor"),
        _text("at"),
        sa.PrimaryKeyConstraint("id", name="pk_reference_edition"),
    )
    op.create_table(
        "reference_row",
        _counter(),
        sa.Column("edition_id", _COUNTER, nullable=False),
        _text("kind"),
        _text("key"),
        _text("valid_from"),
        _text("valid_to", ""),
        _text("basis"),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reference_row"),
        sa.ForeignKeyConstraint(["edition_id"], ["reference_edition.id"], name="fk_reference_row_edition_id"),
    )
    op.create_index("ix_reference_row_edition_id", "reference_row", ["edition_id"])


def _create_facts() -> None:
    for table, column in (("fact_label", "label"), ("fact_profile", "facts")):
        op.create_table(
            table,
            _counter(),
            _text(column),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            sa.UniqueConstraint(column, name=f"uq_{table}_{column}"),
        )
    op.create_table(
        "dossier_fact",
        _text("code"),
        *(_number(name) for name in ("unit", "field", "procedure", "profile")),
        *(_number(name, nullable=True) for name in ("received", "due", "finished")),
        sa.PrimaryKeyConstraint("code", name="pk_dossier_fact"),
    )
    op.create_table(
        "projection",
        _text("name"),
        _text("basis"),
        _number("mark"),
        sa.PrimaryKeyConstraint("name", name="pk_projection"),
    )
