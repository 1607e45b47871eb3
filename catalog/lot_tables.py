"""The tables behind lots of backlog work, and components that are reused instead of scanned."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from catalog.columns import metadata

# A lot follows from its statements; what is asked of many lots at once stands beside them.
lot = Table(
    "lot",
    metadata,
    Column("id", Text, primary_key=True),
    Column("unit", Text, nullable=False, index=True),
    Column("state", Text, nullable=False, index=True),
    Column("barred", Boolean, nullable=False),  # it was rejected, and not accepted since: its dossiers do not count
    Column("opened_at", Text, nullable=False),
)

lot_dossier = Table(
    "lot_dossier",
    metadata,
    Column("lot_id", ForeignKey("lot.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Index("ix_lot_dossier_code", "code"),
)

lot_statement = Table(
    "lot_statement",
    metadata,
    Column("lot_id", ForeignKey("lot.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("sha256", Text, nullable=False, unique=True),  # of the statement as it is kept in the archive store
    *(Column(name, Text, nullable=False) for name in ("kind", "at", "actor")),
    Column("body", JSON, nullable=False),
)

# What was said of the pages of the sample that is being judged; the decision takes all of it into its statement.
lot_look = Table(
    "lot_look",
    metadata,
    Column("lot_id", ForeignKey("lot.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),  # of the counting that drew the sample
    Column("position", Integer, primary_key=True, autoincrement=False),
    *(Column(name, Text, nullable=False) for name in ("fault", "actor", "at")),  # fault: empty where the page is good
)

# A component that need not be scanned: a document that the archive has already stands for it.
reused_component = Table(
    "reused_component",
    metadata,
    Column("code", Text, primary_key=True),
    Column("component", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("document_id", "source", "sha256", "kind", "grounds")),
    Column("development", Boolean, nullable=False),  # the document's signature is by a development key
    *(Column(name, Text, nullable=False) for name in ("note", "actor", "at")),
    Index("ix_reused_component_document_id", "document_id"),
)
