"""Statements: what people have entered beside registers and papers, kept in the archive store as well.

Each edition of reference data, explanation, statement about paper, entry in the list of fixed reports and signed report
has an object of its own that says all of it: from these the catalogue is built again when it is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from catalog import Catalogue, Transaction, explanations, objects, reference, signed_reports, snapshots
from catalog.reference import Edition, StoredRow
from catalog.renditions import SignatureFacts
from catalog.schema import moment, stamp
from catalog.signed_reports import SignedReport
from catalog.snapshots import Snapshot
from dossier.digest import canonical, of_bytes
from dossier.lots import LOT_MARK
from dossier.model import ObjectRef
from pipeline.lot_statements import LotStatements
from pipeline.paper_statements import LOSS_MARK, PLACES_MARK, PaperStatements
from pipeline.reuse_statements import REUSE_MARK, ReuseStatements
from storage.port import ObjectStore

EDITION_MARK = "hososo-reference 1"
EXPLANATION_MARK = "hososo-explanation 1"
SNAPSHOT_MARK = "hososo-snapshot-note 1"
SIGNED_REPORT_MARK = "hososo-signed-report 1"
STATEMENT_MARKS = (
    *(EDITION_MARK, EXPLANATION_MARK, SNAPSHOT_MARK, SIGNED_REPORT_MARK),
    *(LOSS_MARK, PLACES_MARK, LOT_MARK, REUSE_MARK),
)
STATEMENT_TYPE = "application/vnd.hososo.statement+json"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the register is silent about some dossiers, as a person said it."""

    codes: tuple[str, ...]
    reason: str
    actor: str
    at: datetime


def edition_object(edition: Edition, rows: Sequence[StoredRow]) -> bytes:
    """Return an edition as it is kept in the archive store."""
    own = {**asdict(edition), "at": stamp(edition.at)}
    return canonical({"#": EDITION_MARK, **own, "rows": [_row_value(row) for row in rows]})


def explanation_object(own: Explanation) -> bytes:
    """Return an explanation as it is kept in the archive store."""
    said = {"actor": own.actor, "at": stamp(own.at), "codes": list(own.codes), "reason": own.reason}
    return canonical({"#": EXPLANATION_MARK, **said})


def snapshot_object(own: Snapshot, kept: ObjectRef) -> bytes:
    """Return an entry in the list of fixed reports as it is kept in the archive store; `kept` is what it says."""
    said = {**asdict(own), "at": stamp(own.at), "object": asdict(kept)}
    del said["number"]  # the catalogue counts
    return canonical({"#": SNAPSHOT_MARK, **said})


def record_snapshot(tx: Transaction, own: Snapshot, kept: ObjectRef, note: ObjectRef) -> int:
    """Record a fixed report, what it says and its note; return its number."""
    for ref in (kept, note):
        objects.record(tx, ref, f"snapshot:{note.sha256}", "fixed report", own.at)
    return snapshots.add(tx, own)


def signed_report_object(own: SignedReport, taken: Snapshot, kept: ObjectRef) -> bytes:
    """Return the note that a snapshot has a signed form as it is kept in the archive store."""
    said = {**asdict(own), "at": stamp(own.at), "object": asdict(kept), "snapshot": _mark_of(taken)}
    return canonical({"#": SIGNED_REPORT_MARK, **said})


def record_signed_report(tx: Transaction, own: SignedReport, kept: ObjectRef, note: ObjectRef) -> None:
    """Record a signed form, its bytes and its note."""
    for ref in (kept, note):
        objects.record(tx, ref, f"signed-report:{note.sha256}", "signed report", own.at)
    signed_reports.add(tx, own)


def record_edition(tx: Transaction, edition: Edition, rows: Sequence[StoredRow], note: ObjectRef) -> None:
    """Record an edition and its object."""
    objects.record(tx, note, f"edition:{edition.number}", "edition of reference data", edition.at)
    reference.add(tx, edition, rows)


def record_explanation(tx: Transaction, own: Explanation, note: ObjectRef) -> None:
    """Record an explanation and its object."""
    objects.record(tx, note, f"explanation:{note.sha256}", "explanation of dossiers", own.at)
    explanations.put(tx, own.codes, own.reason, own.actor, own.at)


@dataclass
class Statements:
    """The statements that were found in an archive store, in whatever order."""

    _editions: dict[int, list[tuple[Edition, list[StoredRow], ObjectRef]]] = field(default_factory=dict)
    _explanations: list[tuple[Explanation, ObjectRef]] = field(default_factory=list)
    _snapshots: list[tuple[Snapshot, ObjectRef, ObjectRef]] = field(default_factory=list)
    _signed: list[tuple[SignedReport, Mapping[str, Any], ObjectRef, ObjectRef]] = field(default_factory=list)
    _papers: PaperStatements = field(default_factory=PaperStatements)
    _lots: LotStatements = field(default_factory=LotStatements)
    _reuse: ReuseStatements = field(default_factory=ReuseStatements)

    def take(self, mark: str, value: Mapping[str, Any], ref: ObjectRef) -> None:
        """Note a statement; LookupError, TypeError or ValueError when it is none."""
        note = replace(ref, media_type=STATEMENT_TYPE)
        if mark == EDITION_MARK:
            edition, rows = _edition(value)
            self._editions.setdefault(edition.number, []).append((edition, rows, note))
        elif mark in (LOSS_MARK, PLACES_MARK):
            self._papers.take(value, note)
        elif mark == LOT_MARK:
            self._lots.take(value, note)
        elif mark == REUSE_MARK:
            self._reuse.take(value, note)
        elif mark == SNAPSHOT_MARK:
            self._snapshots.append((*_snapshot(value), note))
        elif mark == SIGNED_REPORT_MARK:
            self._signed.append((*_signed_report(value), note))
        else:
            codes = tuple(map(str, value["codes"]))
            own = Explanation(codes, str(value["reason"]), str(value["actor"]), moment(value["at"]))
            self._explanations.append((own, note))

    def restate(self, catalogue: Catalogue, store: ObjectStore) -> list[int]:
        """Record everything again, in order; return the numbers of editions that are lost."""
        for number in sorted(self._editions):
            edition, rows, note = self._chosen(number)
            with catalogue.write() as tx:
                if reference.latest(tx) < number:  # else a run that was killed has done it
                    record_edition(tx, edition, rows, note)
        for own, note in sorted(self._explanations, key=lambda one: (one[0].at, of_bytes(explanation_object(one[0])))):
            with catalogue.write() as tx:
                record_explanation(tx, own, note)
        self._papers.restate(catalogue)
        self._lots.restate(catalogue, store)
        self._reuse.restate(catalogue)
        for taken, kept, note in sorted(self._snapshots, key=lambda one: (one[0].at, one[2].sha256)):
            with catalogue.write() as tx:
                if taken not in (replace(each, number=0) for each in snapshots.every(tx)):
                    record_snapshot(tx, taken, kept, note)
        self._restate_signed(catalogue)
        return [number for number in range(1, max(self._editions, default=0)) if number not in self._editions]

    def _restate_signed(self, catalogue: Catalogue) -> None:
        """Record the signed forms of the snapshots that are there, in order."""
        with catalogue.read() as tx:
            numbers = {canonical(_mark_of(each)): each.number for each in snapshots.every(tx)}
        for own, mark, kept, note in sorted(self._signed, key=lambda one: (one[0].at, one[3].sha256)):
            number = numbers.get(canonical(mark))
            if number is None:
                continue  # the rebuild keeps the bytes as ones whose owner is not known
            with catalogue.write() as tx:
                if own.sha256 not in {each.sha256 for each in signed_reports.every(tx)}:
                    record_signed_report(tx, replace(own, snapshot=number), kept, note)

    def _chosen(self, number: int) -> tuple[Edition, list[StoredRow], ObjectRef]:
        """Return the edition of a number. Of two objects the one that was overtaken has the next number, or none."""
        later = {edition.sha256 for edition, _, _ in self._editions.get(number + 1, [])}
        kept = [one for one in self._editions[number] if one[0].sha256 not in later]
        return min(kept or self._editions[number], key=lambda one: one[0].at)


def _row_value(row: StoredRow) -> dict[str, object]:
    until = row.valid_to.isoformat() if row.valid_to else None
    return {**asdict(row), "valid_from": row.valid_from.isoformat(), "valid_to": until, "values": dict(row.values)}


def _snapshot(value: Mapping[str, Any]) -> tuple[Snapshot, ObjectRef]:
    texts = {name: str(value[name]) for name in ("actor", "sha256", "unit", "period", "base", "note")}
    return Snapshot(number=0, at=moment(value["at"]), **texts), _object(value["object"])


def _signed_report(value: Mapping[str, Any]) -> tuple[SignedReport, Mapping[str, Any], ObjectRef]:
    """Return a signed form with what its snapshot is known by; its number is the catalogue's to give."""
    facts = SignatureFacts(**value["facts"])
    own = SignedReport(
        0, str(value["sha256"]), moment(value["at"]), str(value["actor"]), bool(value["made_here"]), facts
    )
    return own, dict(value["snapshot"]), _object(value["object"])


def _mark_of(taken: Snapshot) -> dict[str, object]:
    """Return what a snapshot is known by beyond one catalogue: its bytes, who took it and when."""
    return {"sha256": taken.sha256, "at": stamp(taken.at), "actor": taken.actor}


def _object(kept: Mapping[str, Any]) -> ObjectRef:
    return ObjectRef(str(kept["key"]), str(kept["sha256"]), int(kept["size"]), str(kept["media_type"]))


def _edition(value: Mapping[str, Any]) -> tuple[Edition, list[StoredRow]]:
    texts = {name: str(value[name]) for name in ("kind", "sha256", "actor")}
    edition = Edition(number=int(value["number"]), count=int(value["count"]), at=moment(value["at"]), **texts)
    return edition, [_row(each) for each in value["rows"]]


def _row(value: Mapping[str, Any]) -> StoredRow:
    until = value["valid_to"]
    start, end = date.fromisoformat(value["valid_from"]), date.fromisoformat(until) if until else None
    return StoredRow(**{**value, "valid_from": start, "valid_to": end})
