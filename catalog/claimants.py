"""Who needs a stored object, as people know it: dossier, delivered folder, file and page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from catalog import documents, intakes, pages
from catalog.catalogue import Transaction
from catalog.schema import claim, source_file

_OF_NO_DOSSIER = ("seal", "register", "import", "found", "lot", "reuse")


@dataclass(frozen=True, slots=True)
class Claimant:
    """One need of an object: by which dossier, from which delivered folder, for which file, page or dossier code."""

    dossier_id: str
    folder: str
    subject: str


def claimants(tx: Transaction, sha256: str) -> list[Claimant]:
    """Return everyone who needs an object, in a stable order."""
    referrers = tx.execute(select(claim.c.referrer).where(claim.c.sha256 == sha256)).scalars().all()
    found = {one for referrer in referrers for one in _of(tx, *referrer.split(":", 1))}
    return sorted(found, key=lambda one: (one.dossier_id, one.folder, one.subject))


def _of(tx: Transaction, kind: str, own_id: str) -> Iterator[Claimant]:
    if kind in _OF_NO_DOSSIER:
        return
    if kind == "manifest":
        yield _claimant(tx, own_id, "")
    elif kind == "file":
        row = tx.execute(select(source_file.c.intake_id, source_file.c.name).where(source_file.c.id == own_id)).one()
        yield _claimant(tx, row.intake_id, row.name)
    else:  # words of a page, or a rendition of a document, which is known by its first page
        page = pages.get(tx, own_id if kind == "page" else documents.get(tx, own_id).page_ids[0])
        yield _claimant(tx, page.intake_id, page.label)


def _claimant(tx: Transaction, intake_id: str, subject: str) -> Claimant:
    intake = intakes.get(tx, intake_id)
    return Claimant(intake.dossier_id, intake.folder, subject or intake.code)
