"""Declared leaves have columns of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_APART = "\x1f"
"""Stood between a dossier's number in its box and its leaves."""


def upgrade() -> None:
    """Add the columns, and move what 0011 kept behind the number and beside the names that are replaced."""
    for table in ("paper_place", "hand_over"):
        op.add_column(table, sa.Column("leaves", sa.Text(), nullable=False, server_default=""))
    _move_from_numbers()
    _move_from_names()


def _move_from_numbers() -> None:
    place = sa.table("paper_place", sa.column("number", sa.Text()), sa.column("leaves", sa.Text()))
    number = place.c.number
    find = sa.func.strpos if op.get_bind().dialect.name == "postgresql" else sa.func.instr
    at = find(number, _APART)
    moved = sa.update(place).values(leaves=sa.func.substr(number, at + 1), number=sa.func.substr(number, 1, at - 1))
    op.execute(moved.where(at > 0))


def _move_from_names() -> None:
    own = sa.table("hand_over", sa.column("replaces", sa.JSON()), sa.column("leaves", sa.Text()))
    said = own.c.replaces
    moved = sa.update(own).values(leaves=said["leaves"].as_string(), replaces=said["names"])
    op.execute(moved.where(sa.cast(said, sa.Text()).startswith("{")))
