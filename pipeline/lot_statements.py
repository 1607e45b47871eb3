"""Statements on lots: kept in the archive store, and recorded again from there when the catalogue is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from catalog import Catalogue, Transaction, lots, objects
from catalog.schema import moment
from dossier.digest import canonical
from dossier.lots import LotStatement, LotStep, lot_of, statement_of
from dossier.model import ObjectRef
from storage.port import ObjectStore


def lot_object(own: LotStatement) -> bytes:
    """Return a statement as it is kept in the archive store."""
    return canonical(own.as_value())


def record_lot(tx: Transaction, own: LotStatement, note: ObjectRef, kept: ObjectRef | None) -> None:
    """Record a statement with its object, and what it refers to: a manifest, signed minutes."""
    for ref in filter(None, (note, kept)):
        objects.record(tx, ref, f"lot:{note.sha256}", "statement on a lot", moment(own.at))
    lots.add(tx, replace(own, sha256=note.sha256))


@dataclass
class LotStatements:
    """The statements on lots that were found in an archive store, in whatever order."""

    _found: dict[str, list[tuple[LotStatement, ObjectRef]]] = field(default_factory=dict)

    def take(self, value: Mapping[str, Any], note: ObjectRef) -> None:
        """Note a statement; LookupError, TypeError or ValueError when it is none."""
        own = statement_of(value, note.sha256)
        self._found.setdefault(own.lot, []).append((own, note))

    def restate(self, catalogue: Catalogue, store: ObjectStore) -> None:
        """Record everything again, lot by lot; of two statements in one place the one that was built upon."""
        for lot_id in sorted(self._found):
            chain = _chain(self._found[lot_id])
            lot_of(own for own, _ in chain)  # what makes no lot is in no catalogue
            for own, note in chain:
                with catalogue.write() as tx:
                    if own.sequence > len(lots.statements(tx, lot_id)):  # else a run that was killed has done it
                        record_lot(tx, own, note, referred(own, store))


def referred(own: LotStatement, store: ObjectStore) -> ObjectRef | None:
    """Return what a statement refers to; None where that is nothing, or the store does not have it any more."""
    sha256 = {LotStep.COUNTED: "manifest", LotStep.SIGNED: "sha256"}.get(own.kind)
    found = store.stat(str(own.body[sha256])) if sha256 else None
    kind = {LotStep.COUNTED: "text/plain", LotStep.SIGNED: "application/pdf"}.get(own.kind, "")
    return replace(found, media_type=kind) if found else None


def _chain(found: list[tuple[LotStatement, ObjectRef]]) -> list[tuple[LotStatement, ObjectRef]]:
    """Return the longest row of statements each of which names the one before."""
    by_digest = {note.sha256: (own, note) for own, note in found}
    best: list[tuple[LotStatement, ObjectRef]] = []
    for last in sorted(by_digest):
        row: list[tuple[LotStatement, ObjectRef]] = []
        at = last
        while at in by_digest and len(row) < len(found):
            row.insert(0, by_digest[at])
            at = by_digest[at][0].previous
        if not at and len(row) > len(best):
            best = row
    return best
