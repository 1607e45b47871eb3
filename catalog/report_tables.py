"""The tables behind reports: reference data, the projection that is counted, what people state, frozen reports."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from catalog.columns import COUNTER, metadata

# Reference data: editions of one kind, each a set of dated rows. No row is ever changed.
reference_edition = Table(
    "reference_edition",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("entered", Integer, nullable=False),  # how many rows
    Column("actor", Text, nullable=False),
    Column("at", Text, nullable=False),
)

reference_row = Table(
    "reference_row",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("edition_id", COUNTER, ForeignKey("reference_edition.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False, server_default=""),
    Column("basis", Text, nullable=False),
    Column("checked", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("values", JSON, nullable=False),
)

# What reports count: a line a dossier of the register, made anew from register, archive and reference data.
# A profile is all that any rule asks of a dossier but its moments, which are seconds since 1970; labels are names.
fact_label = Table(
    "fact_label",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("label", Text, nullable=False, unique=True),
)

place_label = Table(
    "place_label",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("label", Text, nullable=False, unique=True),
)

fact_profile = Table(
    "fact_profile",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("facts", Text, nullable=False, unique=True),
)

dossier_fact = Table(
    "dossier_fact",
    metadata,
    Column("code", Text, primary_key=True),
    Column("unit", BigInteger, nullable=False),
    Column("field", BigInteger, nullable=False),
    Column("procedure", BigInteger, nullable=False),
    Column("profile", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=True),
    Column("due", BigInteger, nullable=True),
    Column("finished", BigInteger, nullable=True),
    Column("box", BigInteger, nullable=False, server_default="0"),
    Column("counter", BigInteger, nullable=False, server_default="0"),
    Column("pages", BigInteger, nullable=False, server_default="0"),
    Column("to_scan", BigInteger, nullable=True),
    Index("ix_dossier_fact_work", "unit", "box", "procedure", "profile", "received", "counter", "to_scan"),
)

# Of each procedure (its label): how many dossiers are scanned whole, and their pages. What is still to scan is
# estimated by it.
scanned_tally = Table(
    "scanned_tally",
    metadata,
    Column("procedure", BigInteger, primary_key=True, autoincrement=False),
    Column("dossiers", BigInteger, nullable=False),
    Column("pages", BigInteger, nullable=False),
)

# How far a projection has come: `basis` says what it was made with, `mark` what it has taken in.
projection = Table(
    "projection",
    metadata,
    Column("name", Text, primary_key=True),
    Column("basis", Text, nullable=False),
    Column("mark", BigInteger, nullable=False),
)

# What a person said of dossiers of which the register says nothing.
explanation = Table(
    "explanation",
    metadata,
    Column("code", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Text, nullable=False),
)

# What a person said of papers that are lost; an empty component: all that were handed in.
lost_paper = Table(
    "lost_paper",
    metadata,
    Column("code", Text, primary_key=True),
    Column("component", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Text, nullable=False),
)

# Where the papers of a dossier lie, as the list of a store room says.
paper_place = Table(
    "paper_place",
    metadata,
    Column("code", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("box", "number", "counter")),
    Column("pages", Integer, nullable=True),
    Column("leaves", Text, nullable=False, server_default=""),  # which, as `dossier.leaves` writes them
)

# Frozen reports. What they say lies in the object store; this is the list of them.
snapshot = Table(
    "snapshot",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    *(Column(name, Text, nullable=False) for name in ("at", "actor", "sha256", "unit", "period", "base", "note")),
)

# The printed report of a snapshot, signed. A renewal adds a row; the newest is the one in force.
signed_report = Table(
    "signed_report",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("snapshot_id", ForeignKey("snapshot.id"), nullable=False, index=True),
    *(Column(name, Text, nullable=False) for name in ("sha256", "at", "actor")),
    Column("made_here", Boolean, nullable=False),  # else a person signed it elsewhere and brought it back
    Column("facts", JSON, nullable=False),
)
