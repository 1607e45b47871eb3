"""Rebuild: the catalogue of everything that was archived, from the objects in the archive store alone.

The newest manifest of each dossier is the one with the longest chain of events; it carries the dossier's rows. Seals,
the access log, imports of registers, editions of reference data and explanations have objects of their own. What was
never archived is in no manifest: open work, problems, deliveries that were not closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from catalog import Catalogue, events, filling, fixity, objects, rows
from catalog.schema import stamp
from dossier.errors import Code, Rejected
from dossier.model import ObjectRef
from pipeline.abandoning import abandon
from pipeline.access_log import ACCESS_MARK
from pipeline.access_rebuilding import AccessLog
from pipeline.installation import Installation
from pipeline.manifest import MANIFEST_MARK, MANIFEST_TYPE, Closing, closing_of
from pipeline.reassembling import Seals, reassemble_imports
from pipeline.records import ask, mark_of, read_record, records
from pipeline.registering import IMPORT_MARK, OLD_IMPORT_MARK, Import
from pipeline.sealing import SEAL_MARK, from_object
from pipeline.statements import STATEMENT_MARKS, Statements
from storage.port import ObjectStore

_AT_ONCE = 500
FOUND = "found:"
"""Who claims what nobody could be found for: it stays until a person has looked at it."""
_NOT_ONE = (LookupError, TypeError, ValueError, AttributeError)


@dataclass
class Rebuilt:
    """What came of it.

    Attributes:
        dossiers: How many dossiers have their rows again.
        imports: How many imports of registers were done again; `imports_lost` and `imports_differing` name by number
            those whose file is gone, and those that brought another number of rows than the first time.
        editions_lost: Numbers of editions of reference data whose object is gone.
        seals: How many seals are in line again; `unsealed` counts sealed dossiers whose chain is gone or shorter.
        access_lines: How many lines of the access log are there again; `access_lost` names its lost segments by number.
        unusable: Records that are damaged or hold no sound chain, with the error's code.
        missing: Objects that a dossier needs and the store does not have, or not in their size.
        found: How many objects belong to nothing that could be rebuilt; they are kept.
        abandoned: Codes of dossiers of which a later delivery was under way.
    """

    dossiers: int = 0
    imports: int = 0
    imports_lost: list[int] = field(default_factory=list)
    imports_differing: list[int] = field(default_factory=list)
    editions_lost: list[int] = field(default_factory=list)
    seals: int = 0
    unsealed: int = 0
    access_lines: int = 0
    access_lost: list[int] = field(default_factory=list)
    unusable: list[tuple[str, Code]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    found: int = 0
    abandoned: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing that was archived is lost or in doubt."""
        lost = (self.imports_lost, self.imports_differing, self.editions_lost, self.access_lost)
        return not any((*lost, self.unusable, self.missing, self.found, self.unsealed))


@dataclass
class _Found:
    """What was found so far and can be recorded in its order only."""

    seals: Seals = field(default_factory=Seals)
    imports: dict[int, list[tuple[Import, ObjectRef]]] = field(default_factory=dict)
    statements: Statements = field(default_factory=Statements)
    access: AccessLog = field(default_factory=AccessLog)


def rebuild(source: Installation, tell: Callable[[int], None]) -> Rebuilt:
    """Fill an empty catalogue from the archive store. Run again after a kill, it goes on.

    Args:
        source: Catalogue, store and clock.
        tell: Is told now and then how many objects have been looked at.

    Raises:
        Rejected(CATALOGUE_IN_USE): The catalogue is not empty.
        Unavailable: Store or catalogue cannot be reached, or the disk is full: run it again.
    """
    done = Rebuilt()
    with source.catalogue.write() as tx:
        if not filling.under_way(tx) and not filling.is_empty(tx):
            raise Rejected(Code.CATALOGUE_IN_USE)
        filling.begin(tx, source.clock())
    found = _Found()
    for count, (mark, ref) in enumerate(records(source.store), start=1):
        tell(count)
        if mark:
            _take(mark, ref, source, done, found)
    reassemble_imports(found.imports, source.catalogue, source.store, done)
    done.editions_lost = found.statements.restate(source.catalogue, source.store)
    found.access.restore(source.catalogue, source.store, done)
    found.seals.reassemble(source.catalogue, source.store, done)
    _keep_found(source, done)
    with source.catalogue.write() as tx:
        done.dossiers = sum(1 for _ in rows.ids(tx))
        done.abandoned = abandon(tx, lambda sha256: source.store.stat(sha256) is not None, source.clock())
        filling.end(tx)
    return done


def release_found(catalogue: Catalogue) -> int:
    """Give up the objects that a rebuild kept though nobody knows whose they are; the next sweep removes them."""
    with catalogue.write() as tx:
        return objects.drop_claims_like(tx, FOUND)


def _take(mark: str, ref: ObjectRef, source: Installation, done: Rebuilt, found: _Found) -> None:
    try:
        if mark == ACCESS_MARK:
            found.access.take(ref, source.store)
            return
        value = read_record(ref.sha256, source.store)
        if mark == MANIFEST_MARK:
            _take_manifest(value, ref, source, done)
        elif mark == SEAL_MARK:
            sealed = from_object(value)
            found.seals.take(sealed, ref)
            found.access.take_seal(sealed)
        elif mark in (IMPORT_MARK, OLD_IMPORT_MARK):
            own = Import.from_object(value)
            found.imports.setdefault(own.number, []).append((own, ref))
        elif mark in STATEMENT_MARKS:
            found.statements.take(mark, value, ref)
    except Rejected as exc:
        done.unusable.append((ref.sha256, exc.code))
    except _NOT_ONE:
        done.unusable.append((ref.sha256, Code.OBJECT_DAMAGED))


def _take_manifest(value: dict[str, Any], ref: ObjectRef, source: Installation, done: Rebuilt) -> None:
    """Put the rows of a manifest into the catalogue, unless a newer one of the same dossier has been there before."""
    tables, closing = value["catalogue"], closing_of(value)
    (own,) = tables["dossier"]
    length = (len(tables["event_link"]) + 1, stamp(closing.at))  # with the event of its closing
    with source.catalogue.read() as tx:
        if filling.chain_state(tx, own["id"]) >= length:
            return
    missing = [row["sha256"] for row in tables["stored_object"] if not _is_there(row, source.store)]
    _record(tables, own["id"], closing, ObjectRef(ref.key, ref.sha256, ref.size, MANIFEST_TYPE), missing, source)
    done.missing += [sha256 for sha256 in missing if sha256 not in done.missing]


def _record(
    tables: rows.Rows, dossier_id: str, closing: Closing, ref: ObjectRef, missing: list[str], source: Installation
) -> None:
    with source.catalogue.write() as tx:
        if filling.chain_state(tx, dossier_id)[0]:
            rows.remove(tx, dossier_id)
        rows.put(tx, tables)
        closing.record(tx, ref)
        events.append(tx, dossier_id, "closed", closing.at, closing.payload(ref), actor=closing.actor)
        events.check_chain(tx, dossier_id)
        for sha256 in missing:
            fixity.set_fault(tx, sha256, Code.OBJECT_MISSING, None)


def _is_there(row: dict[str, Any], store: ObjectStore) -> bool:
    found = store.stat(row["sha256"])
    return found is not None and found.size == row["size"]


def _keep_found(source: Installation, done: Rebuilt) -> None:
    """Claim what belongs to nothing that could be rebuilt, except records that newer ones have replaced."""
    for some in _chunks(source.store.list()):
        with source.catalogue.read() as tx:
            unknown = filling.unknown(tx, [ref.sha256 for ref in some])
        strange = [ref for ref in some if ref.sha256 in unknown]
        kept = [ref for ref, mark in ask(strange, lambda ref: mark_of(ref.sha256, source.store)) if not mark]
        with source.catalogue.write() as tx:
            for ref in kept:
                objects.record(tx, ref, f"{FOUND}{ref.sha256}", "found by rebuild", source.clock())
        done.found += len(kept)


def _chunks(refs: Iterator[ObjectRef]) -> Iterator[list[ObjectRef]]:
    while some := list(islice(refs, _AT_ONCE)):
        yield some
