"""Papers: where they lie, which are lost, and what the projection knows of them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables, empty, and columns of the projection."""
    _create_papers()
    _extend_facts()


def _create_papers() -> None:
    op.create_table(
        "lost_paper",
        *(_text(name) for name in ("code", "component", "reason", "actor", "at")),
        sa.PrimaryKeyConstraint("code", "component", name="pk_lost_paper"),
    )
    op.create_table(
        "paper_place",
        *(_text(name) for name in ("code", "box", "number", "counter")),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_paper_place"),
    )


def _extend_facts() -> None:
    """Have the projection know papers; its lines are made anew by whoever counts next."""
    for name in ("box", "counter", "pages"):
        op.add_column("dossier_fact", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("dossier_fact", sa.Column("to_scan", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_dossier_fact_work",
        "dossier_fact",
        ["unit", "box", "procedure", "profile", "received", "counter", "to_scan"],
    )
    op.create_table(
        "place_label",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        _text("label"),
        sa.PrimaryKeyConstraint("id", name="pk_place_label"),
        sa.UniqueConstraint("label", name="uq_place_label_label"),
    )
    op.create_table(
        "scanned_tally",
        sa.Column("procedure", sa.BigInteger(), autoincrement=False, nullable=False),
        *(_number(name) for name in ("dossiers", "pages")),
        sa.PrimaryKeyConstraint("procedure", name="pk_scanned_tally"),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
