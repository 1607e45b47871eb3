"""Renditions: the stored forms of a document (unsigned while it waits, signed, or the original signed file)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from catalog.catalogue import Transaction
from catalog.schema import moment, rendition, stamp, stored_object
from dossier.model import ObjectRef


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """What is kept outside the PDF about its signatures.

    `signatures` is how many to expect; `verdict` what validation said when the file was archived (empty before).
    Of the newest document time stamp: `stamp_until` is the end of the certificate that made it (UTC, as `stamp` has
    it), with the digest it is over and the authority's kind of key (`rsa-3072`); all empty where there is none.
    `officer` is who signed before the agency did, as the officer who compared; empty where nobody had to.
    """

    signatures: int
    level: str
    signer: str
    development: bool
    signed_at: str
    verdict: str = ""
    stamp_until: str = ""
    stamp_digest: str = ""
    stamp_key: str = ""
    officer: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A rendition as recorded; `facts` is None for an unsigned one, `since` before it is recorded."""

    role: str
    ref: ObjectRef
    facts: SignatureFacts | None
    since: datetime | None = None


UNSIGNED, SIGNED, ORIGINAL = "unsigned", "signed", "original"
COMPARED = "compared"
"""Signed by the officer who compared, and not yet by the agency: no copy (sao y), and gone when it is archived."""
EVIDENCE = "evidence"
"""What authorities said, when a file that came signed was archived, about its signers: beside it, no form of it."""
REPORT = "report"
"""What was said about the signatures when the document was archived: no form of it, and kept like one."""
_RENEWED = "signed-{}"
"""Role of the nth signed form that a renewal has replaced; it stays stored and findable."""


def put(
    tx: Transaction, document_id: str, role: str, sha256: str, at: datetime, facts: SignatureFacts | None = None
) -> None:
    """Record a rendition of a document, in place of one of the same role."""
    remove(tx, document_id, role)
    values: dict[str, object] = {
        "document_id": document_id,
        "role": role,
        "sha256": sha256,
        "created_at": stamp(at),
    }
    if facts is not None:
        values |= asdict(facts)
    tx.execute(insert(rendition).values(**values))


def renew(tx: Transaction, document_id: str, sha256: str, at: datetime, facts: SignatureFacts) -> None:
    """Record a signed form in place of the one so far, which keeps a role of its own."""
    earlier = sum(is_earlier(stored.role) for stored in of_document(tx, document_id))
    own = (rendition.c.document_id == document_id) & (rendition.c.role == SIGNED)
    tx.execute(update(rendition).where(own).values(role=_RENEWED.format(earlier + 1)))
    put(tx, document_id, SIGNED, sha256, at, facts)


def is_earlier(role: str) -> bool:
    """Return whether it is the role of a signed form that a renewal has replaced."""
    return role.startswith(_RENEWED.format(""))


def remove(tx: Transaction, document_id: str, role: str) -> None:
    """Forget a rendition."""
    tx.execute(delete(rendition).where(rendition.c.document_id == document_id, rendition.c.role == role))


def find(tx: Transaction, document_id: str, role: str) -> Stored | None:
    """Return a document's rendition in one role, or None."""
    return next((stored for stored in of_document(tx, document_id) if stored.role == role), None)


def final(tx: Transaction, document_id: str) -> Stored | None:
    """Return the form of a document that is archived: signed by us or signed when it came; None before that."""
    return find(tx, document_id, SIGNED) or find(tx, document_id, ORIGINAL)


def object_of(tx: Transaction, sha256: str) -> ObjectRef | None:
    """Return a stored object by its digest, or None."""
    row = tx.execute(select(stored_object).where(stored_object.c.sha256 == sha256)).first()
    return ObjectRef(row.key, row.sha256, row.size, row.media_type) if row else None


def of_document(tx: Transaction, document_id: str) -> list[Stored]:
    """Return all renditions of a document."""
    rows = tx.execute(
        select(rendition, stored_object.c.key, stored_object.c.size, stored_object.c.media_type)
        .join(stored_object, stored_object.c.sha256 == rendition.c.sha256)
        .where(rendition.c.document_id == document_id)
        .order_by(rendition.c.role)
    )
    return [
        Stored(
            row.role,
            ObjectRef(row.key, row.sha256, row.size, row.media_type),
            SignatureFacts(**{each.name: getattr(row, each.name) for each in fields(SignatureFacts)})
            if row.signatures
            else None,
            moment(row.created_at),
        )
        for row in rows
    ]
