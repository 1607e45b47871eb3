"""The tables. Times are ISO 8601 text in UTC, so that both databases sort and compare them alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from catalog.access_tables import access_segment
from catalog.columns import COUNTER, metadata, moment, stamp
from catalog.desk_tables import (
    confirming_word,
    copy_mark,
    quality_sample,
    signing_batch,
    signing_batch_item,
    use_grant,
    use_request,
)
from catalog.hand_over_tables import hand_over, received_file, station_token
from catalog.identity_tables import owed_code, provider_account
from catalog.lot_tables import lot, lot_dossier, lot_look, lot_statement, reused_component
from catalog.people_tables import access, account, web_session
from catalog.portal_tables import portal_package
from catalog.report_tables import (
    dossier_fact,
    explanation,
    fact_label,
    fact_profile,
    lost_paper,
    paper_place,
    place_label,
    projection,
    reference_edition,
    reference_row,
    scanned_tally,
    signed_report,
    snapshot,
)
from catalog.search_tables import saved_search
from catalog.stack_tables import stack, stack_part

__all__ = [
    "access",
    "access_segment",
    "account",
    "confirming_word",
    "copy_mark",
    "dossier_fact",
    "explanation",
    "fact_label",
    "fact_profile",
    "hand_over",
    "lost_paper",
    "lot",
    "lot_dossier",
    "lot_look",
    "lot_statement",
    "metadata",
    "moment",
    "owed_code",
    "paper_place",
    "place_label",
    "portal_package",
    "projection",
    "provider_account",
    "quality_sample",
    "received_file",
    "reference_edition",
    "reference_row",
    "reused_component",
    "saved_search",
    "scanned_tally",
    "signed_report",
    "signing_batch",
    "signing_batch_item",
    "snapshot",
    "stack",
    "stack_part",
    "stamp",
    "station_token",
    "use_grant",
    "use_request",
    "web_session",
]


def _where(condition: str) -> dict[str, Any]:
    """Return the options of an index over only those rows that are asked for all the time."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


dossier = Table(
    "dossier",
    metadata,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("raw", Text, nullable=False),
    Column("unit", Text, nullable=False, index=True),
    Column("created_at", Text, nullable=False),
    Column("head", Text, nullable=False, server_default=""),  # digest of the newest event
    Column("sealed", Text, nullable=False, server_default=""),  # the head that the newest seal holds
    Column("facts_due", Boolean, nullable=False, server_default=text("true")),  # its line of facts is to be made anew
    Column("portal_due", Boolean, nullable=False, server_default=text("true")),  # is its package for the portal due?
    Index("ix_dossier_unsealed", "id", **_where("head <> sealed")),
    Index("ix_dossier_facts_due", "code", **_where("facts_due")),
    Index("ix_dossier_portal_due", "code", **_where("portal_due")),
)

intake = Table(
    "intake",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("folder", Text, nullable=False, index=True),
    Column("fingerprint", Text, nullable=False),  # names, sizes, times: the cheap look
    Column("content", Text, nullable=False, server_default=""),  # digest over names and digests: the sure look
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("error", Text, nullable=False, server_default=""),
    Column("difference", JSON, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("place", Text, nullable=False, server_default=""),  # whose file system the folder is in; empty: everybody's
    Column("pages", Integer, nullable=False, server_default="0", index=True),  # how many: adds up quickly
    Column("created_at", Text, nullable=False),
    UniqueConstraint("dossier_id", "version"),
)

source_file = Table(
    "source_file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("intake_id", Text, ForeignKey("intake.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("component", Text, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("signatures", Integer, nullable=False),
    Column("error", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
)

page = Table(
    "page",
    metadata,
    Column("id", Text, primary_key=True),
    Column("intake_id", Text, ForeignKey("intake.id"), nullable=False),
    Column("file_id", Text, ForeignKey("source_file.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("scan_sha256", Text, nullable=False, index=True),
    Column("scan", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("verdict", Text, nullable=False, server_default=""),
    Column("reasons", JSON, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    Column("error", Text, nullable=False, server_default=""),
    Index("ix_page_intake_state", "intake_id", "state"),
    Index("ix_page_not_read", "state", **_where("state <> 'read'")),
)

document = Table(
    "document",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False, index=True),
    Column("intake_id", Text, ForeignKey("intake.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("component", Text, nullable=False),
    Column("content_key", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False, server_default=""),
    Column("kind_confidence", Float, nullable=False, server_default="0"),
    Column("explanation", Text, nullable=False, server_default=""),
    Column("candidates", JSON, nullable=False),
    Column("confirmed_by", Text, nullable=False, server_default=""),
    Column("born_signed", Boolean, nullable=False),
    Column("superseded_by", Text, nullable=False, server_default=""),
    Column("error", Text, nullable=False, server_default=""),
    Column("created_at", Text, nullable=False),
    Column("archived_at", Text, nullable=False, server_default=""),
    Column("changed", BigInteger, nullable=False, server_default="0", index=True),  # mark of the search projection
    Index("ix_document_not_archived", "state", "superseded_by", **_where("state <> 'archived'")),
    Index("ix_document_superseded", "superseded_by", **_where("superseded_by <> ''")),
    Index("ix_document_unconfirmed", "dossier_id", "ordinal", **_where("confirmed_by = '' AND superseded_by = ''")),
)

document_page = Table(
    "document_page",
    metadata,
    Column("document_id", Text, ForeignKey("document.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("page_id", Text, ForeignKey("page.id"), nullable=False, index=True),
)

field = Table(
    "field",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("document_id", Text, ForeignKey("document.id"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("page_id", Text, nullable=False, server_default=""),
    Column("box", JSON, nullable=True),
    Column("source", Text, nullable=False),
    Column("must_confirm", Boolean, nullable=False),
    Column("confirmed_by", Text, nullable=False, server_default=""),
    Column("confirmed_at", Text, nullable=False, server_default=""),
)

rendition = Table(
    "rendition",
    metadata,
    Column("document_id", Text, ForeignKey("document.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("signatures", Integer, nullable=False, server_default="0"),
    Column("level", Text, nullable=False, server_default=""),
    Column("signer", Text, nullable=False, server_default=""),
    Column("development", Boolean, nullable=False, server_default=text("false")),
    Column("signed_at", Text, nullable=False, server_default=""),
    Column("verdict", Text, nullable=False, server_default=""),
    Column("stamp_until", Text, nullable=False, server_default=""),  # end of its newest time stamp's certificate
    Column("stamp_digest", Text, nullable=False, server_default=""),
    Column("stamp_key", Text, nullable=False, server_default=""),
    Column("officer", Text, nullable=False, server_default=""),  # who signed as the officer who compared
    Column("created_at", Text, nullable=False),
    Index("ix_rendition_renewal", "role", "stamp_until"),
)

stored_object = Table(
    "stored_object",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("checked_at", Text, nullable=False, server_default=""),  # last time all bytes were read
    Column("fault", Text, nullable=False, server_default=""),  # what the last look found: an error code, or nothing
    Index("ix_stored_object_checked_at", "checked_at", "created_at"),
    Index("ix_stored_object_faulty", "fault", **_where("fault <> ''")),
)

claim = Table(
    "claim",
    metadata,
    Column("sha256", Text, ForeignKey("stored_object.sha256"), primary_key=True),
    Column("referrer", Text, primary_key=True, index=True),
    Column("reason", Text, nullable=False),
)

# A step says which bytes it is about to store before it stores them, so that a sweep never takes them away.
intent = Table(
    "intent",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("item_id", COUNTER, primary_key=True, autoincrement=False),
    Column("token", Integer, nullable=False),
    Column("at", Float, nullable=False),
)

# What a sweep is removing now: nobody claims it, and nobody may begin to until it is gone.
condemned = Table(
    "condemned",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("at", Float, nullable=False),
)

work_item = Table(
    "work_item",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("step", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("intake_id", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("run_after", Float, nullable=False, server_default="0"),
    Column("lease_until", Float, nullable=False, server_default="0"),
    Column("worker", Text, nullable=False, server_default=""),
    Column("token", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("crashes", Integer, nullable=False, server_default="0"),
    Column("bugs", Integer, nullable=False, server_default="0"),
    Column("error", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("created_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("place", Text, nullable=False, server_default=""),  # whose workers can do it; empty: anybody's
    UniqueConstraint("step", "subject"),
    Index("ix_work_item_next", "step", "priority", "id", **_where("state = 'ready'")),
    Index("ix_work_item_put_off", "error", "step", **_where("state = 'ready' AND error <> ''")),
    Index("ix_work_item_open", "state", "step", **_where("state IN ('ready', 'claimed', 'quarantined')")),
)

# What must be done now and then by one process of all: who does it until when, and when it was done last.
chore = Table(
    "chore",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False, server_default=""),
    Column("until", Float, nullable=False, server_default="0"),
    Column("done_at", Float, nullable=False, server_default="0"),
)

# Switches of the whole installation, such as draining before an upgrade.
switch = Table(
    "switch",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
)

# Counts of rare things that are worth watching, such as leases that ran out.
tally = Table(
    "tally",
    metadata,
    Column("name", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)

event_link = Table(
    "event_link",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("dossier_id", Text, ForeignKey("dossier.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
    UniqueConstraint("dossier_id", "sequence"),
)

seal = Table(
    "seal",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("root", Text, nullable=False),
    Column("heads", JSON, nullable=False),
    Column("previous", Text, nullable=False),
    Column("token", LargeBinary, nullable=True),
    Column("form", Integer, nullable=False, server_default="1"),  # which heads it holds: see catalog/seals.py
)

problem = Table(
    "problem",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("folder", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("intake_id", Text, nullable=False, server_default=""),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("resolved_at", Text, nullable=False, server_default=""),
    UniqueConstraint("folder", "subject", "code"),
    Index("ix_problem_unresolved", "folder", **_where("resolved_at = ''")),
)

register_import = Table(
    "register_import",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("sha256", Text, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False, server_default=""),  # of the file, as it lay there
    Column("as_of", Text, nullable=False, server_default=""),  # the moment that the export speaks of
    Column("held", Integer, nullable=False, server_default="0"),  # rows that would have undone what was known
)

# How files with a certain header are to be read, where a person has said so.
register_source = Table(
    "register_source",
    metadata,
    Column("mark", Text, primary_key=True),
    Column("choice", JSON, nullable=False),
    Column("name", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Text, nullable=False),
)

register_entry = Table(
    "register_entry",
    metadata,
    Column("code", Text, primary_key=True),
    Column("raw_code", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Column("unit", Text, nullable=False, index=True),
    Column("field", Text, nullable=False),
    Column("procedure", Text, nullable=False),
    Column("procedure_name", Text, nullable=False),
    Column("channel", Integer, nullable=True),
    Column("status", Integer, nullable=True),
    Column("received_at", Text, nullable=True, index=True),
    Column("due_at", Text, nullable=True),
    Column("settled_at", Text, nullable=True),
    Column("returned_at", Text, nullable=True),
    Column("applicant", Text, nullable=False),
    Column("portal_components", Boolean, nullable=True),
    Column("portal_result", Boolean, nullable=True),
    Column("portal_reused", Boolean, nullable=True),
    Column("note", Text, nullable=False),
    Column("import_id", COUNTER, ForeignKey("register_import.id"), nullable=False),
    Column("submitted_at", Text, nullable=True),
    Column("field_code", Text, nullable=False, server_default=""),
    Column("agency", Text, nullable=False, server_default=""),
    Column("applicant_id", Text, nullable=False, server_default="", index=True),
    Column("address", Text, nullable=False, server_default=""),
    Column("copies", Integer, nullable=True),
    Column("result_method", Text, nullable=False, server_default=""),
    Column("portal_from_store", Boolean, nullable=True),
    Column("certified_copy", Boolean, nullable=True),
    Column("as_of", Text, nullable=False, server_default=""),  # of the newest export that has this row
)

register_history = Table(
    "register_history",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("code", Text, nullable=False, index=True),
    Column("import_id", COUNTER, nullable=False),
    Column("before", JSON, nullable=False),
)

# Sessions of keys that are elsewhere, and what each was given to sign.
signing_session = Table(
    "signing_session",
    metadata,
    Column("id", Text, primary_key=True),
    Column("certificate", Text, nullable=False),  # SHA-256 of the signer's
    Column("role", Text, nullable=False),
    Column("most", Integer, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("closed_at", Text, nullable=False, server_default=""),
)

signing_request = Table(
    "signing_request",
    metadata,
    Column("id", Text, primary_key=True),
    Column("session_id", Text, ForeignKey("signing_session.id"), nullable=False, index=True),
    Column("document_id", Text, ForeignKey("document.id"), nullable=False, index=True),
    Column("unsigned", Text, nullable=False),  # digest of the file that was put on the list
    Column("digest", Text, nullable=False),  # what goes out
    Column("algorithm", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("cms", LargeBinary, nullable=True),
    Column("code", Text, nullable=False, server_default=""),
)
