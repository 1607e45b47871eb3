"""Statements on reuse: kept in the archive store, and recorded again from there when the catalogue is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from catalog import Catalogue, Transaction, objects, reuse
from catalog.reuse import Reused
from catalog.schema import moment, stamp
from dossier.digest import canonical
from dossier.model import ObjectRef

REUSE_MARK = "hososo-reuse 1"


@dataclass(frozen=True, slots=True)
class ReuseStatement:
    """A component is reused, or no longer (`holds` is False); `kept` is the document's signed form."""

    own: Reused
    kept: ObjectRef
    holds: bool


def reuse_object(said: ReuseStatement) -> bytes:
    """Return a statement as it is kept in the archive store."""
    own = {**asdict(said.own), "at": stamp(said.own.at)}
    return canonical({"#": REUSE_MARK, **own, "holds": said.holds, "object": asdict(said.kept)})


def record_reuse(tx: Transaction, said: ReuseStatement, note: ObjectRef) -> None:
    """Record a statement, its object, and a claim on the document's bytes beside that of their own dossier."""
    for ref in (note, said.kept):
        objects.record(tx, ref, f"reuse:{note.sha256}", "component of another dossier", said.own.at)
    if said.holds:
        reuse.put(tx, said.own)
    else:
        reuse.remove(tx, said.own.code, said.own.component)


@dataclass
class ReuseStatements:
    """The statements on reuse that were found in an archive store, in whatever order."""

    _found: list[tuple[ReuseStatement, ObjectRef]] = field(default_factory=list)

    def take(self, value: Mapping[str, Any], note: ObjectRef) -> None:
        """Note a statement; LookupError, TypeError or ValueError when it is none."""
        names = Reused.__dataclass_fields__
        own = Reused(**{**{name: value[name] for name in names}, "at": moment(value["at"])})
        kept = value["object"]
        ref = ObjectRef(str(kept["key"]), str(kept["sha256"]), int(kept["size"]), str(kept["media_type"]))
        self._found.append((ReuseStatement(own, ref, bool(value["holds"])), note))

    def restate(self, catalogue: Catalogue) -> None:
        """Record everything again, in order."""
        for said, note in sorted(self._found, key=lambda one: (one[0].own.at, one[1].sha256)):
            with catalogue.write() as tx:
                record_reuse(tx, said, note)
