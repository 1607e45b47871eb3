"""Referring: reference data as this installation has it, and new editions of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from catalog import Transaction
from catalog import reference as stored
from pipeline.keeping import keep_bytes
from pipeline.locking import lock
from pipeline.services import Services
from pipeline.statements import STATEMENT_TYPE, edition_object, record_edition
from registers.reference import ReferenceRow
from registers.reference_data import Reference, as_stored, from_stored
from registers.reference_files import ReferenceFile

_MOST_KNOWN = 8
_LOCK = threading.Lock()
_KNOWN: OrderedDict[tuple[Reference, int, tuple[tuple[int, str], ...]], Reference] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Entered:
    """What an import did: the edition it became (0 when nothing was new), rows that were new, changed, the same."""

    edition: int
    added: int
    changed: int
    same: int


def reference(tx: Transaction, services: Services, edition: int | None = None) -> Reference:
    """Return the reference data of the files with the catalogue's editions over them, up to one or all.

    Every request asks for it: what files and editions say together is worked out once.
    """
    entered = [(one.number, one.sha256) for one in stored.editions(tx) if edition is None or one.number <= edition]
    number = edition if edition is not None else max((one for one, _ in entered), default=0)
    key = (services.reference, number, tuple(entered))
    with _LOCK:
        known = _KNOWN.get(key)
    if known is None:
        known = services.reference.with_edition(map(_row, stored.rows(tx, number)), number)
        with _LOCK:
            _KNOWN[key] = known
            while len(_KNOWN) > _MOST_KNOWN:
                _KNOWN.popitem(last=False)
    return known


def enter(file: ReferenceFile, services: Services, actor: str) -> Entered:
    """Add the rows of a file that say something new as an edition; nothing is stored when nothing is new.

    Raises:
        Rejected(REFERENCE_INVALID): With these rows the reference data would not be sound.
    """
    entered = None
    while entered is None:
        entered = _entered(file, services, actor or services.office.actor)
    return entered


def _entered(file: ReferenceFile, services: Services, actor: str) -> Entered | None:
    """Enter a file over the newest edition; None when another one has come first."""
    with services.catalogue.read() as tx:
        now = reference(tx, services)
    known = {(row.key, row.valid_from): row for row in now.of_kind(file.kind)}
    fresh = [row for row in file.rows if known.get((row.key, row.valid_from)) != row]
    changed = sum((row.key, row.valid_from) in known for row in fresh)
    counts = (len(fresh) - changed, changed, len(file.rows) - len(fresh))
    if not fresh:
        return Entered(0, *counts)
    number = now.edition + 1
    now.with_edition(fresh, number)
    edition = stored.Edition(number, file.kind, file.sha256, len(fresh), actor, services.clock())
    rows = [_stored(row) for row in fresh]
    note = keep_bytes(edition_object(edition, rows), STATEMENT_TYPE, services)
    with services.catalogue.write() as tx:
        stored.take_reference_turn(tx)
        if stored.latest(tx) != now.edition:
            return None
        record_edition(tx, edition, rows, note)
    lock([note.sha256], services)
    return Entered(number, *counts)


def _stored(row: ReferenceRow) -> stored.StoredRow:
    return stored.StoredRow(
        row.kind, row.key, row.valid_from, row.valid_to, row.basis, row.checked, row.withdrawn, as_stored(row)
    )


def _row(row: stored.StoredRow) -> ReferenceRow:
    dated = {name: getattr(row, name) for name in ("key", "valid_from", "valid_to", "basis", "checked", "withdrawn")}
    return from_stored(row.kind, dated, row.values)
