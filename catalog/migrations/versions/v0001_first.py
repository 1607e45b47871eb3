"""The first schema, frozen: it describes its own tables and imports nothing of the program, as every migration must."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create all tables."""
    _create_deliveries()
    _create_documents()
    _create_history()
    _create_registers()


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _create_deliveries() -> None:
    """Create what was delivered: dossiers, deliveries, files, pages."""
    op.create_table(
        "dossier",
        _text("id"),
        _text("code"),
        _text("raw"),
        _text("unit"),
        _text("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_dossier"),
        sa.UniqueConstraint("code", name="uq_dossier_code"),
    )
    op.create_index("ix_dossier_unit", "dossier", ["unit"])
    op.create_table(
        "intake",
        _text("id"),
        _text("dossier_id"),
        _text("folder"),
        _text("fingerprint"),
        _text("content", default=""),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("state"),
        _text("error", default=""),
        sa.Column("difference", sa.JSON(), nullable=False),
        _text("created_at"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_intake_dossier_id"),
        sa.PrimaryKeyConstraint("id", name="pk_intake"),
        sa.UniqueConstraint("dossier_id", "version", name="uq_intake_dossier_id"),
    )
    op.create_index("ix_intake_folder", "intake", ["folder"])
    op.create_index("ix_intake_state", "intake", ["state"])
    op.create_table(
        "source_file",
        _text("id"),
        _text("intake_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("name"),
        _text("component"),
        _text("sha256"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        _text("media_type"),
        _text("state"),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        _text("error", default=""),
        _text("detail", default=""),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name="fk_source_file_intake_id"),
        sa.PrimaryKeyConstraint("id", name="pk_source_file"),
    )
    op.create_index("ix_source_file_intake_id", "source_file", ["intake_id"])
    op.create_index("ix_source_file_sha256", "source_file", ["sha256"])
    op.create_table(
        "page",
        _text("id"),
        _text("intake_id"),
        _text("file_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("scan_sha256"),
        sa.Column("scan", sa.JSON(), nullable=False),
        _text("state"),
        _text("verdict", default=""),
        sa.Column("reasons", sa.JSON(), nullable=False),
        _text("words", default=""),
        _text("error", default=""),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name="fk_page_file_id"),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name="fk_page_intake_id"),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
    )
    op.create_index("ix_page_file_id", "page", ["file_id"])
    op.create_index("ix_page_intake_state", "page", ["intake_id", "state"])
    op.create_index("ix_page_scan_sha256", "page", ["scan_sha256"])


def _create_documents() -> None:
    """Create what was made of it: documents, their values and renditions, stored objects."""
    op.create_table(
        "document",
        _text("id"),
        _text("dossier_id"),
        _text("intake_id"),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("component"),
        _text("content_key"),
        _text("state"),
        _text("kind", default=""),
        sa.Column("kind_confidence", sa.Float(), server_default="0", nullable=False),
        _text("explanation", default=""),
        sa.Column("candidates", sa.JSON(), nullable=False),
        _text("confirmed_by", default=""),
        sa.Column("born_signed", sa.Boolean(), nullable=False),
        _text("superseded_by", default=""),
        _text("error", default=""),
        _text("created_at"),
        _text("archived_at", default=""),
        sa.Column("changed", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_document_dossier_id"),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name="fk_document_intake_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
    )
    op.create_index("ix_document_changed", "document", ["changed"])
    op.create_index("ix_document_dossier_id", "document", ["dossier_id"])
    op.create_index("ix_document_state", "document", ["state"])
    op.create_table(
        "document_page",
        _text("document_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("page_id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_document_page_document_id"),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_document_page_page_id"),
        sa.PrimaryKeyConstraint("document_id", "position", name="pk_document_page"),
    )
    op.create_index("ix_document_page_page_id", "document_page", ["page_id"])
    op.create_table(
        "field",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        _text("document_id"),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        _text("name"),
        _text("value"),
        _text("raw"),
        sa.Column("confidence", sa.Float(), nullable=False),
        _text("page_id", default=""),
        sa.Column("box", sa.JSON(), nullable=True),
        _text("source"),
        sa.Column("must_confirm", sa.Boolean(), nullable=False),
        _text("confirmed_by", default=""),
        _text("confirmed_at", default=""),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_field_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_field"),
    )
    op.create_index("ix_field_document_id", "field", ["document_id"])
    op.create_table(
        "rendition",
        _text("document_id"),
        _text("role"),
        _text("sha256"),
        sa.Column("signatures", sa.Integer(), server_default="0", nullable=False),
        _text("level", default=""),
        _text("signer", default=""),
        sa.Column("development", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _text("signed_at", default=""),
        _text("verdict", default=""),
        _text("created_at"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_rendition_document_id"),
        sa.PrimaryKeyConstraint("document_id", "role", name="pk_rendition"),
    )
    op.create_index("ix_rendition_sha256", "rendition", ["sha256"])
    op.create_table(
        "stored_object",
        _text("sha256"),
        _text("key"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        _text("media_type"),
        _text("created_at"),
        sa.PrimaryKeyConstraint("sha256", name="pk_stored_object"),
    )
    op.create_table(
        "claim",
        _text("sha256"),
        _text("referrer"),
        _text("reason"),
        sa.ForeignKeyConstraint(["sha256"], ["stored_object.sha256"], name="fk_claim_sha256"),
        sa.PrimaryKeyConstraint("sha256", "referrer", name="pk_claim"),
    )


def _create_history() -> None:
    """Create work, events, seals and problems."""
    op.create_table(
        "work_item",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        _text("step"),
        _text("subject"),
        _text("intake_id"),
        _text("state"),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("run_after", sa.Float(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.Float(), server_default="0", nullable=False),
        _text("worker", default=""),
        sa.Column("token", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("crashes", sa.Integer(), server_default="0", nullable=False),
        _text("error", default=""),
        _text("detail", default=""),
        _text("created_at"),
        _text("changed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_work_item"),
        sa.UniqueConstraint("step", "subject", name="uq_work_item_step"),
    )
    op.create_index("ix_work_item_intake_id", "work_item", ["intake_id"])
    op.create_index("ix_work_item_next", "work_item", ["state", "priority", "id"])
    op.create_table(
        "event_link",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        _text("dossier_id"),
        sa.Column("sequence", sa.Integer(), nullable=False),
        _text("at"),
        _text("actor"),
        _text("kind"),
        _text("payload"),
        _text("previous"),
        _text("digest"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name="fk_event_link_dossier_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event_link"),
        sa.UniqueConstraint("dossier_id", "sequence", name="uq_event_link_dossier_id"),
    )
    op.create_table(
        "seal",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        _text("at"),
        _text("root"),
        sa.Column("heads", sa.JSON(), nullable=False),
        _text("previous"),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_seal"),
    )
    op.create_table(
        "problem",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        _text("folder"),
        _text("subject"),
        _text("code"),
        _text("detail"),
        _text("intake_id", default=""),
        _text("first_seen"),
        _text("last_seen"),
        _text("resolved_at", default=""),
        sa.PrimaryKeyConstraint("id", name="pk_problem"),
        sa.UniqueConstraint("folder", "subject", "code", name="uq_problem_folder"),
    )


def _create_registers() -> None:
    """Create the imported one-stop registers."""
    op.create_table(
        "register_import",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        _text("sha256"),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        _text("at"),
        sa.PrimaryKeyConstraint("id", name="pk_register_import"),
    )
    op.create_table(
        "register_entry",
        _text("code"),
        _text("raw_code"),
        sa.Column("row", sa.Integer(), nullable=False),
        _text("unit"),
        _text("field"),
        _text("procedure"),
        _text("procedure_name"),
        sa.Column("channel", sa.Integer(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.Text(), nullable=True),
        sa.Column("due_at", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.Text(), nullable=True),
        sa.Column("returned_at", sa.Text(), nullable=True),
        _text("applicant"),
        sa.Column("portal_components", sa.Boolean(), nullable=True),
        sa.Column("portal_result", sa.Boolean(), nullable=True),
        sa.Column("portal_reused", sa.Boolean(), nullable=True),
        _text("note"),
        sa.Column("import_id", _COUNTER, nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["register_import.id"], name="fk_register_entry_import_id"),
        sa.PrimaryKeyConstraint("code", name="pk_register_entry"),
    )
    op.create_index("ix_register_entry_received_at", "register_entry", ["received_at"])
    op.create_index("ix_register_entry_unit", "register_entry", ["unit"])
    op.create_table(
        "register_history",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        _text("code"),
        sa.Column("import_id", _COUNTER, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_register_history"),
    )
    op.create_index("ix_register_history_code", "register_history", ["code"])
