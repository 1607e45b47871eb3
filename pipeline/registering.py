"""Registering: a register file goes into the catalogue, and as delivered into the archive store.

Beside each file lies a note of when and in which order it was imported, and how it was read: from both the register
is built again.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog import Transaction, objects, register_history, register_rows, register_saving
from catalog.catalogue import take_turn
from catalog.register_history import SavedSource
from catalog.register_saving import NewImport, Saved
from catalog.schema import moment, stamp
from dossier.digest import canonical
from dossier.errors import Code, Rejected
from dossier.model import ObjectRef
from pipeline.keeping import keep, keep_bytes
from pipeline.locking import lock
from pipeline.services import Services
from registers.choice import Choice
from registers.columns import fields_of
from registers.reading import opened
from registers.register_file import RegisterFile
from storage.port import ObjectStore

IMPORT_MARK, OLD_IMPORT_MARK = "hososo-register 3", "hososo-register 2"
IMPORT_TYPE = "application/vnd.hososo.register+json"
_FILE_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".csv": "text/csv",
}
_ANY_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Order:
    """What a person says of a register file that is imported or looked at.

    Attributes:
        actor: Who it is.
        choice: How to read the file, where that is not to be detected.
        as_of: The moment the file speaks of, when it does not say so itself; `is_stated` when somebody says so.
        units: Agency codes that are known, with all below them; None takes all.
    """

    actor: str = ""
    choice: Choice = field(default_factory=Choice)
    as_of: datetime | None = None
    is_stated: bool = False
    units: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """One import as it is noted: the how-manieth, when, of which file, by whom and how, and what came of it.

    `mark` is the header by which its source is known again when `choice` is to be used for it, else empty.
    """

    number: int
    at: datetime
    sha256: str
    suffix: str
    accepted: int
    rejected: int
    name: str = ""
    mark: str = ""
    order: Order = field(default_factory=Order)

    def as_object(self) -> bytes:
        """Return the note as it is kept in the archive store."""
        order = self.order
        return canonical(
            {
                "#": IMPORT_MARK,
                "accepted": self.accepted,
                "actor": order.actor,
                "as_of": stamp(order.as_of) if order.as_of else "",
                "at": stamp(self.at),
                "choice": order.choice.as_dict(),
                "file": self.sha256,
                "mark": self.mark,
                "name": self.name,
                "number": self.number,
                "rejected": self.rejected,
                "stated": order.is_stated,
                "suffix": self.suffix,
                "units": None if order.units is None else sorted(order.units),
            }
        )

    @classmethod
    def from_object(cls, value: Mapping[str, Any]) -> Import:
        """Return the note that `as_object` wrote; LookupError, TypeError or ValueError when it is none."""
        order = Order(
            actor=str(value.get("actor", "")),
            choice=Choice.from_dict(value.get("choice", {})),
            as_of=moment(value["as_of"]) if value.get("as_of") else None,
            is_stated=bool(value.get("stated")),
            units=value.get("units"),
        )
        return cls(
            number=int(value["number"]),
            at=moment(value["at"]),
            sha256=str(value["file"]),
            suffix=str(value["suffix"]),
            accepted=int(value["accepted"]),
            rejected=int(value["rejected"]),
            name=str(value.get("name", "")),
            mark=str(value.get("mark", "")),
            order=order,
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """What an imported file says, what came of it, and the name of the source whose saved reading was used."""

    found: RegisterFile
    saved: Saved
    source: SavedSource | None
    is_remembered: bool


def look_at(
    path: Path, order: Order, services: Services, at: datetime | None = None
) -> tuple[RegisterFile, SavedSource | None]:
    """Read a register file as it would be imported, now or at a moment.

    Returns:
        What it says, and the saved reading that was used.

    Raises:
        Rejected: REGISTER_UNREADABLE, REGISTER_COLUMNS; FILE_CHANGED_WHILE_READ when somebody wrote to it meanwhile.
    """
    with opened(path) as file:
        with services.catalogue.read() as tx:
            source = register_history.source_of(tx, file.marks())
        choice = order.choice.over(Choice.from_dict(source.choice)) if source else order.choice
        return file.read(choice, at or services.clock(), order.units), source


def import_register(path: Path, order: Order, services: Services) -> Imported:
    """Take over a register file, its good rows all or nothing.

    Raises:
        Rejected: What `look_at` raises, and REGISTER_MOSTLY_WRONG.
    """
    with _without_looking_for_cycles():
        return _import(path, order, services)


def _import(path: Path, order: Order, services: Services) -> Imported:
    at = services.clock()
    found, source = look_at(path, order, services, at)
    found.check_sound()
    suffix = path.suffix.lower()
    with path.open("rb") as stream:
        file = keep(stream, _FILE_TYPES.get(suffix, _ANY_TYPE), services)
    if file.sha256 != found.sha256:
        raise Rejected(Code.FILE_CHANGED_WHILE_READ, subject=path.name)
    choice = order.choice.over(Choice.from_dict(source.choice)) if source else order.choice
    layout = found.layout
    is_stated = order.as_of is not None or layout.is_stated
    own = Order(order.actor, choice, order.as_of or layout.as_of, is_stated, order.units)
    mark = found.layout.mark if order.choice else ""
    saved = None
    while saved is None:
        with services.catalogue.read() as tx:
            number = register_rows.imports(tx) + 1
        counts = (len(found.entries), len(found.rejected))
        noted = Import(number, at, file.sha256, suffix, *counts, path.name, mark, own)
        saved = _recorded(noted, found, file, services)
    return Imported(found, saved, source, bool(mark))


@contextmanager
def _without_looking_for_cycles() -> Iterator[None]:
    """Leave the garbage collector off: rows make no cycles, and looking for some takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _recorded(own: Import, found: RegisterFile, file: ObjectRef, services: Services) -> Saved | None:
    """Record an import under its number; None when another import has come first and has it."""
    note = keep_bytes(own.as_object(), IMPORT_TYPE, services)
    with services.catalogue.write() as tx:
        take_turn(tx, "register")
        if register_rows.imports(tx) != own.number - 1:
            return None
        saved = record(tx, own, found, file, note)
    lock([file.sha256, note.sha256], services)
    return saved


def record(tx: Transaction, own: Import, found: RegisterFile, file: ObjectRef, note: ObjectRef) -> Saved:
    """Record an import and its two objects; return what came of it."""
    objects.record(tx, file, f"register:{file.sha256}", "register as delivered", own.at)
    objects.record(tx, note, f"import:{own.number}", "note of a register's import", own.at)
    if own.mark:
        choice = own.order.choice.as_dict()
        register_history.remember_source(tx, SavedSource(own.mark, choice, own.name, own.order.actor, own.at))
    new = NewImport(
        sha256=found.sha256,
        rejected=len(found.rejected),
        at=own.at,
        actor=own.order.actor,
        name=own.name,
        as_of=own.order.as_of,
        is_stated=own.order.is_stated,
        present=fields_of(found.layout.columns),
    )
    return register_saving.save(tx, found.entries.packed(), new)


def read_again(own: Import, store: ObjectStore) -> tuple[RegisterFile, ObjectRef]:
    """Read the file of a noted import out of the archive store; return what it says, and the object.

    Raises:
        Rejected: OBJECT_MISSING, OBJECT_DAMAGED; what `opened` and `Source.read` raise.
    """
    data = store.read(own.sha256)
    with tempfile.NamedTemporaryFile(suffix=own.suffix) as copy:
        copy.write(data)
        copy.flush()
        with opened(Path(copy.name)) as file:
            found = file.read(own.order.choice, own.at, own.order.units)
    if found.sha256 != own.sha256:
        raise Rejected(Code.OBJECT_DAMAGED, "the digest differs", subject=own.sha256)
    return found, ObjectRef(*_place(store, own.sha256), len(data), _FILE_TYPES.get(own.suffix, _ANY_TYPE))


def _place(store: ObjectStore, sha256: str) -> tuple[str, str]:
    ref = store.stat(sha256)
    return (ref.key if ref else "", sha256)
