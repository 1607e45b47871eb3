"""Signed reports: the printed form of a snapshot with its signatures, and what renewals have made of it since."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from catalog.catalogue import Transaction
from catalog.renditions import SignatureFacts
from catalog.schema import moment, signed_report, stamp


@dataclass(frozen=True, slots=True)
class SignedReport:
    """One signed form of a snapshot.

    Attributes:
        snapshot: Number of the snapshot.
        sha256: Digest of the PDF.
        at: When it was put there.
        actor: Account of who did that.
        made_here: Signed by a key of ours; otherwise a person signed it elsewhere and brought it back.
        facts: What is kept outside the PDF about its signatures.
    """

    snapshot: int
    sha256: str
    at: datetime
    actor: str
    made_here: bool
    facts: SignatureFacts


def add(tx: Transaction, signed: SignedReport) -> None:
    """Record a signed form: from now on it is the one in force for its snapshot."""
    values = {
        "snapshot_id": signed.snapshot,
        "sha256": signed.sha256,
        "at": stamp(signed.at),
        "actor": signed.actor,
        "made_here": signed.made_here,
        "facts": asdict(signed.facts),
    }
    tx.execute(insert(signed_report).values(**values))


def in_force(tx: Transaction) -> list[SignedReport]:
    """Return the newest signed form of each snapshot that has one, in order of their numbers."""
    newest = select(func.max(signed_report.c.id)).group_by(signed_report.c.snapshot_id)
    query = select(signed_report).where(signed_report.c.id.in_(newest)).order_by(signed_report.c.snapshot_id)
    return [_read(row) for row in tx.execute(query)]


def find(tx: Transaction, number: int) -> SignedReport | None:
    """Return the signed form in force of a snapshot, or None."""
    return next((each for each in in_force(tx) if each.snapshot == number), None)


def every(tx: Transaction) -> list[SignedReport]:
    """Return all signed forms, renewed ones too, oldest first."""
    return [_read(row) for row in tx.execute(select(signed_report).order_by(signed_report.c.id))]


def _read(row: Row[Any]) -> SignedReport:
    facts = SignatureFacts(**row.facts)
    return SignedReport(row.snapshot_id, row.sha256, moment(row.at), row.actor, row.made_here, facts)
