"""People: accounts, their sessions, the chain of what they looked at. Papers: where they lie, which are lost."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables, empty, and columns of the projection."""
    _create_papers()
    _extend_facts()
    op.create_table(
        "account",
        _text("id"),
        _text("login"),
        _text("name"),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("units", sa.JSON(none_as_null=True), nullable=True),
        _text("valid_until", ""),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        _text("password"),
        _text("totp", ""),
        sa.Column("totp_step", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        _text("locked_until", ""),
        _text("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
    )
    op.create_table(
        "web_session",
        *(_text(name) for name in ("token_sha256", "account_id", "created_at", "seen_at", "expires_at")),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_web_session"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_web_session_account_id"),
    )
    op.create_index("ix_web_session_account_id", "web_session", ["account_id"])
    op.create_table(
        "access",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        *(_text(name) for name in ("at", "account", "action", "subject", "detail", "previous", "digest")),
        sa.PrimaryKeyConstraint("id", name="pk_access"),
    )
    for column in ("account", "subject"):
        op.create_index(f"ix_access_{column}", "access", [column])


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
        *(_number(name) for name in ("procedure", "dossiers", "pages")),
        sa.PrimaryKeyConstraint("procedure", name="pk_scanned_tally"),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
