"""Saving a register: one row a dossier code; a corrected file updates it, an older one does not undo a newer one.

Every import speaks of a moment (`as_of`): the export's own date, else when a file with these bytes came first. A row
that differs from what is known

- is held back when its import speaks of an earlier moment than the newest import that has the row;
- is held back when its import does not itself state of which moment it speaks, and the row would take back what is
  known: a date of settling or of return, or a state of being settled or returned;
- else takes the known row's place, which goes into the history.

What a file has no column for stays as it is known. All or nothing: one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import delete, exists, insert, select, update

from catalog import documents
from catalog.catalogue import Transaction, take_turn
from catalog.register_rows import FIELDS, TIMES, imports
from catalog.schema import dossier, register_entry, register_history, register_import, stamp
from dossier.register import Status

_CHUNK = 1000
_NAMED = 20  # rows held back that are told one by one
_COLUMNS = (*FIELDS, "as_of", "import_id")
_PLACE = {name: place for place, name in enumerate(_COLUMNS)}
_TIME_PLACES = tuple(_PLACE[name] for name in TIMES)
_ENDS = (_PLACE["settled_at"], _PLACE["returned_at"])
_STATUS, _ROW, _AS_OF = _PLACE["status"], _PLACE["row"], _PLACE["as_of"]
_CODED = (_PLACE["channel"], _STATUS)
_DONE = {Status.SETTLED: 1, Status.RETURNED: 2}
_stamp = lru_cache(maxsize=1 << 14)(stamp)
_Values = list[Any]


@dataclass(frozen=True, slots=True)
class NewImport:
    """An import that is about to be saved.

    Attributes:
        sha256: Of the file.
        rejected: How many of its rows were set aside when it was read.
        at: When it is imported.
        actor: Who imports it.
        name: Name of the file.
        as_of: The moment it speaks of, None when that is not known.
        is_stated: Whether the file, or who imports it, says so.
        present: The fields of RegisterEntry that the file has columns for.
    """

    sha256: str
    rejected: int
    at: datetime
    actor: str = ""
    name: str = ""
    as_of: datetime | None = None
    is_stated: bool = False
    present: Collection[str] = FIELDS


@dataclass(frozen=True, slots=True)
class Held:
    """A row that was held back: its number in the file, its code, whether it is of an older export."""

    row: int
    code: str
    is_older: bool


@dataclass
class Saved:
    """What came of an import: rows by what happened to them, and the first of those that were held back.

    `number` counts imports from 1 in their order.
    """

    number: int
    as_of: str
    added: int = 0
    changed: int = 0
    same: int = 0
    older: int = 0
    undoing: int = 0
    held: list[Held] = field(default_factory=list)

    def hold(self, row: int, code: str, *, is_older: bool) -> None:
        """Count a row that is held back."""
        self.older += is_older
        self.undoing += not is_older
        if len(self.held) < _NAMED:
            self.held.append(Held(row, code, is_older))


def save(tx: Transaction, entries: Iterable[Sequence[Any]], own: NewImport) -> Saved:
    """Store an import, all or nothing; return what came of it.

    `entries` are the values of the fields of RegisterEntry, in their order: there may be a million of them.
    """
    take_turn(tx, "register")
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql("PRAGMA cache_size = -65536")  # 64 MiB: a million codes come in no order of the index
    as_of = _speaks_of(tx, own)
    values = {"sha256": own.sha256, "accepted": 0, "rejected": own.rejected, "at": stamp(own.at)}
    values |= {"actor": own.actor, "name": own.name, "as_of": as_of}
    import_id = tx.execute(insert(register_import).values(values).returning(register_import.c.id)).scalar_one()
    saving = _Saving(tx, own, Saved(imports(tx), as_of), import_id)
    accepted = 0
    rest = iter(entries)
    while chunk := list(islice(rest, _CHUNK)):
        accepted += len(chunk)
        saving.take([_values(entry, as_of, import_id) for entry in chunk])
    done = saving.done
    held = done.older + done.undoing
    tx.execute(update(register_import).where(register_import.c.id == import_id).values(accepted=accepted, held=held))
    touched = (register_entry.c.code == dossier.c.code) & (register_entry.c.import_id == import_id)
    documents.touch(tx, exists().where(touched))
    return done


def _speaks_of(tx: Transaction, own: NewImport) -> str:
    """Return the moment that an import speaks of: its own, else when a file with these bytes came first, else now."""
    if own.as_of is not None:
        return stamp(min(own.as_of, own.at))
    first = select(register_import.c.as_of).where(register_import.c.sha256 == own.sha256)
    return tx.execute(first.order_by(register_import.c.id).limit(1)).scalar() or stamp(own.at)


class _Saving:
    """Saves chunk by chunk."""

    def __init__(self, tx: Transaction, own: NewImport, done: Saved, import_id: int) -> None:
        self._tx = tx
        self._import_id = import_id
        self._is_stated = own.is_stated
        self._absent = tuple(_PLACE[name] for name in FIELDS if name not in own.present and name != "row")
        self.done = done

    def take(self, rows: list[_Values]) -> None:
        """Save some rows."""
        known = _known(self._tx, [row[0] for row in rows])
        fresh: list[_Values] = []
        before: list[_Values] = []
        seen: list[str] = []
        for row in rows:
            old = known.get(row[0])
            if old is None:
                fresh.append(row)
            elif self._is_same(old, row):
                self.done.same += 1
                if row[_AS_OF] > old[_AS_OF]:
                    seen.append(row[0])
            elif self._may_change(old, row):
                before.append(old)
                fresh.append(row)
        self.done.added += len(fresh) - len(before)
        self.done.changed += len(before)
        self._write(fresh, before, seen)

    def _is_same(self, old: _Values, row: _Values) -> bool:
        """Fill in what the file has no column for, and return whether nothing is different then but its place."""
        for place in self._absent:
            row[place] = old[place]
        return row[: len(FIELDS)] == [*old[:_ROW], row[_ROW], *old[_ROW + 1 : len(FIELDS)]]

    def _may_change(self, old: _Values, row: _Values) -> bool:
        is_older = row[_AS_OF] < old[_AS_OF]
        if is_older or (not self._is_stated and _undoes(old, row)):
            self.done.hold(row[_ROW], row[0], is_older=is_older)
            return False
        return True

    def _write(self, fresh: list[_Values], before: list[_Values], seen: list[str]) -> None:
        if before:
            codes = [old[0] for old in before]
            history = [dict(zip(_COLUMNS, old, strict=True)) for old in before]
            rows = [{"code": old["code"], "import_id": self._import_id, "before": old} for old in history]
            self._tx.execute(insert(register_history), rows)
            self._tx.execute(delete(register_entry).where(register_entry.c.code.in_(codes)))
        if seen:
            newest = update(register_entry).where(register_entry.c.code.in_(seen)).values(as_of=self.done.as_of)
            self._tx.execute(newest)
        if fresh:
            _insert(self._tx, fresh)


def _undoes(old: _Values, row: _Values) -> bool:
    """Return whether a row takes back that a dossier was settled or its result returned."""
    if any(old[place] and not row[place] for place in _ENDS):
        return True
    return row[_STATUS] is not None and _DONE.get(row[_STATUS], 0) < _DONE.get(old[_STATUS], 0)


def _known(tx: Transaction, codes: list[str]) -> dict[str, _Values]:
    columns = [register_entry.c[name] for name in _COLUMNS]
    return {row[0]: list(row) for row in tx.execute(select(*columns).where(register_entry.c.code.in_(codes)))}


def _insert(tx: Transaction, rows: Sequence[_Values]) -> None:
    """Insert rows as fast as the database takes them: a register has up to a million."""
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    if tx.dialect.name == "postgresql":
        with tx.connection.cursor().copy(f"COPY register_entry ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(_COLUMNS))
    tx.exec_driver_sql(f"INSERT INTO register_entry ({names}) VALUES ({marks})", list(map(tuple, rows)))  # noqa: S608


def _values(entry: Sequence[Any], as_of: str, import_id: int) -> _Values:
    values = [*entry, as_of, import_id]
    for place in _TIME_PLACES:
        if values[place] is not None:
            values[place] = _stamp(values[place])
    for place in _CODED:
        if values[place] is not None:
            values[place] = int(values[place])
    return values
