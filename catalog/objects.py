"""What the object store holds and who needs it: every stored object is claimed by its referrers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, union_all

from catalog.catalogue import Transaction
from catalog.schema import claim, document, intake, page, source_file, stamp, stored_object
from dossier.model import ObjectRef


def record(tx: Transaction, ref: ObjectRef, referrer: str, reason: str, at: datetime) -> None:
    """Record a stored object and one referrer's claim on it. Safe to run again."""
    known = tx.execute(select(stored_object.c.sha256).where(stored_object.c.sha256 == ref.sha256)).first()
    if known is None:
        tx.execute(
            insert(stored_object).values(
                sha256=ref.sha256, key=ref.key, size=ref.size, media_type=ref.media_type, created_at=stamp(at)
            )
        )
    held = tx.execute(select(claim.c.reason).where(claim.c.sha256 == ref.sha256, claim.c.referrer == referrer)).first()
    if held is None:
        tx.execute(insert(claim).values(sha256=ref.sha256, referrer=referrer, reason=reason))


def drop_claim(tx: Transaction, sha256: str, referrer: str) -> bool:
    """Remove a referrer's claim; return True when it was the last one, and the object may go."""
    tx.execute(delete(claim).where(claim.c.sha256 == sha256, claim.c.referrer == referrer))
    if tx.execute(select(claim.c.referrer).where(claim.c.sha256 == sha256)).first() is not None:
        return False
    tx.execute(delete(stored_object).where(stored_object.c.sha256 == sha256))
    return True


def find(tx: Transaction, sha256: str) -> ObjectRef | None:
    """Return a stored object's record, or None."""
    row = tx.execute(select(stored_object).where(stored_object.c.sha256 == sha256)).first()
    return ObjectRef(row.key, row.sha256, row.size, row.media_type) if row else None


def claimed_digests(tx: Transaction) -> set[str]:
    """Return the digests that somebody claims."""
    return set(tx.execute(select(claim.c.sha256).distinct()).scalars())


def of_dossier(tx: Transaction, dossier_id: str) -> list[str]:
    """Return the digests of everything that a dossier claims: files, words, renditions, manifests, all versions."""
    own_intakes = select(intake.c.id).where(intake.c.dossier_id == dossier_id)
    own_documents = select(document.c.id).where(document.c.dossier_id == dossier_id)
    referrers = [
        select("file:" + source_file.c.id).where(source_file.c.intake_id.in_(own_intakes)),
        select("page:" + page.c.id).where(page.c.intake_id.in_(own_intakes)),
        select("manifest:" + intake.c.id).where(intake.c.dossier_id == dossier_id),
        select("signed:" + document.c.id).where(document.c.id.in_(own_documents)),
        select("unsigned:" + document.c.id).where(document.c.id.in_(own_documents)),
    ]
    rows = tx.execute(
        select(claim.c.sha256).where(claim.c.referrer.in_(union_all(*referrers))).distinct().order_by(claim.c.sha256)
    )
    return list(rows.scalars())
