"""Many hosts: priorities and places, intents and sweeps, chores, fixity; the indexes that claiming and telling use."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add columns, tables and indexes; what is stored stays as it is."""
    _add_columns()
    _create_tables()
    _change_indexes()
    _note_heads()
    _count_pages()
    _close_anew()


def _note_heads() -> None:
    op.execute(
        "UPDATE dossier SET head = COALESCE((SELECT digest FROM event_link WHERE dossier_id = dossier.id"
        " ORDER BY sequence DESC LIMIT 1), '')"
    )


def _count_pages() -> None:
    op.execute("UPDATE intake SET pages = (SELECT count(*) FROM page WHERE page.intake_id = intake.id)")


def _close_anew() -> None:
    """Have every closed dossier closed once more: the catalogue can be rebuilt from manifests of the new format."""
    op.execute("UPDATE work_item SET state = 'ready', attempts = 0 WHERE step = 'close' AND state = 'done'")


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _number(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=False, server_default="0")


def _add_columns() -> None:
    op.add_column("intake", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("intake", _text("place", ""))
    op.add_column("intake", sa.Column("pages", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("work_item", _text("place", ""))
    op.add_column("work_item", sa.Column("bugs", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("stored_object", _text("checked_at", ""))
    op.add_column("stored_object", _text("fault", ""))
    op.add_column("dossier", _text("head", ""))
    op.add_column("dossier", _text("sealed", ""))
    op.add_column("seal", sa.Column("form", sa.Integer(), nullable=False, server_default="1"))


def _create_tables() -> None:
    op.create_table(
        "intent",
        _text("sha256"),
        sa.Column("item_id", _COUNTER, autoincrement=False, nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "item_id", name="pk_intent"),
    )
    op.create_table(
        "condemned",
        _text("sha256"),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_condemned"),
    )
    op.create_table(
        "chore",
        _text("name"),
        _text("holder", ""),
        _number("until"),
        _number("done_at"),
        sa.PrimaryKeyConstraint("name", name="pk_chore"),
    )
    op.create_table(
        "switch",
        _text("name"),
        _text("value"),
        _text("changed_at"),
        sa.PrimaryKeyConstraint("name", name="pk_switch"),
    )
    op.create_table(
        "tally",
        _text("name"),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_tally"),
    )


def _change_indexes() -> None:
    op.drop_index("ix_work_item_next", "work_item")
    _partial("ix_work_item_next", "work_item", ["step", "priority", "id"], "state = 'ready'")
    _partial("ix_work_item_put_off", "work_item", ["error", "step"], "state = 'ready' AND error <> ''")
    _partial("ix_work_item_open", "work_item", ["state", "step"], "state IN ('ready', 'claimed', 'quarantined')")
    _partial("ix_page_not_read", "page", ["state"], "state <> 'read'")
    _partial("ix_document_not_archived", "document", ["state", "superseded_by"], "state <> 'archived'")
    _partial("ix_document_superseded", "document", ["superseded_by"], "superseded_by <> ''")
    _partial("ix_problem_unresolved", "problem", ["folder"], "resolved_at = ''")
    _partial("ix_dossier_unsealed", "dossier", ["id"], "head <> sealed")
    _partial("ix_stored_object_faulty", "stored_object", ["fault"], "fault <> ''")
    op.create_index("ix_intake_pages", "intake", ["pages"])
    op.create_index("ix_claim_referrer", "claim", ["referrer"])
    op.create_index("ix_stored_object_checked_at", "stored_object", ["checked_at", "created_at"])


def _partial(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
