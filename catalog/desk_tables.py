"""The tables of people's work at a desk: batches to sign, requests to use a record, marked copies, words, samples.

They refer to documents by id and not by a key of the database: a catalogue that is made anew from the archive has the
documents again, and a batch or a request must not stand in the way of that.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Integer, Table, Text, text

from catalog.columns import metadata

# What a person has chosen to be signed next, each document with the digest of the file that was shown.
signing_batch = Table(
    "signing_batch",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),  # a session has to take it before
    Column("session_id", Text, nullable=False, server_default=""),
    Column("closed_at", Text, nullable=False, server_default=""),
)

signing_batch_item = Table(
    "signing_batch_item",
    metadata,
    Column("batch_id", Text, primary_key=True),
    Column("document_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("unsigned", Text, nullable=False),
)

# Phiếu yêu cầu khai thác: somebody asks for what is out of reach, an approver decides.
use_request = Table(
    "use_request",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, nullable=False, index=True),
    Column("code", Text, nullable=False, index=True),  # dossier as asked for, normalised; it may not exist
    Column("wanted", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("days", Integer, nullable=False),
    Column("copies", Boolean, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("decided_by", Text, nullable=False, server_default=""),
    Column("decided_at", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
)

use_grant = Table(
    "use_grant",
    metadata,
    Column("request_id", Text, primary_key=True),
    Column("document_id", Text, primary_key=True),
    Column("account_id", Text, nullable=False, index=True),
    Column("copies", Boolean, nullable=False),
    Column("granted_at", Text, nullable=False),
    Column("until", Text, nullable=False),
)

# A copy that went out with a mark: whoever has the paper finds the document by its code, if they may.
copy_mark = Table(
    "copy_mark",
    metadata,
    Column("code", Text, primary_key=True),
    Column("document_id", Text, nullable=False, index=True),
    Column("account_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),  # of the archived file it was made of
    Column("made_at", Text, nullable=False),
)

# What one person has said of a document that two have to agree on; gone when it is confirmed.
confirming_word = Table(
    "confirming_word",
    metadata,
    Column("document_id", Text, primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("account_id", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seen", Text, nullable=False),  # what the form was made of
    Column("kind", Text, nullable=False),
    Column("said", JSON, nullable=False),
)

# Documents that nobody had to look at, drawn for a look all the same.
quality_sample = Table(
    "quality_sample",
    metadata,
    Column("document_id", Text, primary_key=True),
    Column("day", Text, nullable=False, index=True),  # when they were assembled, in Viet Nam
    Column("drawn_at", Text, nullable=False),
    Column("drawn_from", Integer, nullable=False),  # so many were there to draw from on that day
    Column("checked_by", Text, nullable=False, server_default=""),
    Column("checked_at", Text, nullable=False, server_default=""),
    Column("fields", Integer, nullable=False, server_default="0"),
    Column("wrong", Integer, nullable=False, server_default="0"),
    Column("kind_wrong", Boolean, nullable=False, server_default=text("false")),
)
