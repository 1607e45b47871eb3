"""Registering: a register file goes into the catalogue, and as delivered into the archive store.

Beside each file lies a note of when and in which order it was imported: from both the register is built again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog import Transaction, objects, register_rows
from catalog.catalogue import take_turn
from catalog.schema import moment, stamp
from dossier.digest import canonical
from dossier.errors import Code, Rejected
from dossier.model import ObjectRef
from pipeline.keeping import keep, keep_bytes
from pipeline.locking import lock
from pipeline.services import Services
from registers.reading import RegisterFile, read_register
from storage.port import ObjectStore

IMPORT_MARK = "hososo-register 2"
IMPORT_TYPE = "application/vnd.hososo.register+json"
_FILE_TYPES = {".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".csv": "text/csv"}
_ANY_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Import:
    """One import as it is noted: the how-manieth, when, of which file and what came of it."""

    number: int
    at: datetime
    sha256: str
    suffix: str
    accepted: int
    rejected: int

    def as_object(self) -> bytes:
        """Return the note as it is kept in the archive store."""
        return canonical(
            {
                "#": IMPORT_MARK,
                "accepted": self.accepted,
                "at": stamp(self.at),
                "file": self.sha256,
                "number": self.number,
                "rejected": self.rejected,
                "suffix": self.suffix,
            }
        )

    @classmethod
    def from_object(cls, value: Mapping[str, Any]) -> Import:
        """Return the note that `as_object` wrote; LookupError, TypeError or ValueError when it is none."""
        counts = (int(value["accepted"]), int(value["rejected"]))
        return cls(int(value["number"]), moment(value["at"]), str(value["file"]), str(value["suffix"]), *counts)


def import_register(path: Path, services: Services) -> tuple[RegisterFile, dict[str, int]]:
    """Take over a register file, its good rows all or nothing; return what it says and how many rows were new.

    Raises:
        Rejected: REGISTER_UNREADABLE, REGISTER_COLUMNS; FILE_CHANGED_WHILE_READ when somebody wrote to it meanwhile.
    """
    found = read_register(path)
    suffix = path.suffix.lower()
    with path.open("rb") as stream:
        file = keep(stream, _FILE_TYPES.get(suffix, _ANY_TYPE), services)
    if file.sha256 != found.sha256:
        raise Rejected(Code.FILE_CHANGED_WHILE_READ, subject=path.name)
    counted = None
    while counted is None:
        with services.catalogue.read() as tx:
            number = register_rows.imports(tx) + 1
        own = Import(number, services.clock(), file.sha256, suffix, len(found.entries), len(found.rejected))
        counted = _recorded(own, found, file, services)
    return found, counted


def _recorded(own: Import, found: RegisterFile, file: ObjectRef, services: Services) -> dict[str, int] | None:
    """Record an import under its number; None when another import has come first and has it."""
    note = keep_bytes(own.as_object(), IMPORT_TYPE, services)
    with services.catalogue.write() as tx:
        take_turn(tx, "register")
        if register_rows.imports(tx) != own.number - 1:
            return None
        counted = record(tx, own, found, file, note)
    lock([file.sha256, note.sha256], services)
    return counted


def record(tx: Transaction, own: Import, found: RegisterFile, file: ObjectRef, note: ObjectRef) -> dict[str, int]:
    """Record an import and its two objects; return how many rows were `added`, `changed` and `same`."""
    objects.record(tx, file, f"register:{file.sha256}", "register as delivered", own.at)
    objects.record(tx, note, f"import:{own.number}", "note of a register's import", own.at)
    return register_rows.save(tx, found.entries, found.sha256, len(found.rejected), own.at)


def read_again(own: Import, store: ObjectStore) -> tuple[RegisterFile, ObjectRef]:
    """Read the file of a noted import out of the archive store; return what it says, and the object.

    Raises:
        Rejected: OBJECT_MISSING, OBJECT_DAMAGED; what `read_register` raises.
    """
    data = store.read(own.sha256)
    with tempfile.NamedTemporaryFile(suffix=own.suffix) as copy:
        copy.write(data)
        copy.flush()
        found = read_register(Path(copy.name))
    if found.sha256 != own.sha256:
        raise Rejected(Code.OBJECT_DAMAGED, "the digest differs", subject=own.sha256)
    return found, ObjectRef(*_place(store, own.sha256), len(data), _FILE_TYPES.get(own.suffix, _ANY_TYPE))


def _place(store: ObjectStore, sha256: str) -> tuple[str, str]:
    ref = store.stat(sha256)
    return (ref.key if ref else "", sha256)
