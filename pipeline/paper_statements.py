"""Statements about paper: where it lies, and that it is lost or found again; kept in the archive store as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catalog import Catalogue, Transaction, lost_papers, objects, paper_places
from catalog.schema import moment, stamp
from dossier.digest import canonical
from dossier.model import ObjectRef
from dossier.papers import LossStatement, PaperPlace

LOSS_MARK = "hososo-papers 1"
PLACES_MARK = "hososo-places 1"
_FIELDS = tuple(PaperPlace.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class PlacesStatement:
    """A part of a list of a store room: the `part`-th from 0 of what was read at one moment."""

    places: tuple[PaperPlace, ...]
    name: str
    part: int
    actor: str
    at: datetime


def loss_object(own: LossStatement) -> bytes:
    """Return a statement on lost papers as it is kept in the archive store."""
    said = {"actor": own.actor, "at": stamp(own.at), "component": own.component, "codes": list(own.codes)}
    return canonical({"#": LOSS_MARK, **said, "lost": own.is_lost, "reason": own.reason})


def places_object(own: PlacesStatement) -> bytes:
    """Return a part of a list of places as it is kept in the archive store."""
    rows = [[getattr(place, name) for name in _FIELDS] for place in own.places]
    said = {"actor": own.actor, "at": stamp(own.at), "name": own.name, "part": own.part}
    return canonical({"#": PLACES_MARK, **said, "rows": rows})


def record_loss(tx: Transaction, own: LossStatement, note: ObjectRef) -> None:
    """Record a statement on lost papers and its object."""
    objects.record(tx, note, f"papers:{note.sha256}", "statement on papers", own.at)
    lost_papers.put(tx, own)


def record_places(tx: Transaction, own: PlacesStatement, note: ObjectRef) -> None:
    """Record a part of a list of places and its object."""
    objects.record(tx, note, f"places:{note.sha256}", "list of places", own.at)
    paper_places.put(tx, own.places)


@dataclass
class PaperStatements:
    """The statements about paper that were found in an archive store, in whatever order."""

    _losses: list[tuple[LossStatement, ObjectRef]] = field(default_factory=list)
    _places: list[tuple[PlacesStatement, ObjectRef]] = field(default_factory=list)

    def take(self, value: Mapping[str, Any], note: ObjectRef) -> None:
        """Note a statement; LookupError, TypeError or ValueError when it is none."""
        if value["#"] == LOSS_MARK:
            self._losses.append((_loss(value), note))
        else:
            self._places.append((_places(value), note))

    def restate(self, catalogue: Catalogue) -> None:
        """Record everything again, in order."""
        for loss, note in sorted(self._losses, key=lambda one: (one[0].at, one[1].sha256)):
            with catalogue.write() as tx:
                record_loss(tx, loss, note)
        for own, note in sorted(self._places, key=lambda one: (one[0].at, one[0].part, one[1].sha256)):
            with catalogue.write() as tx:
                record_places(tx, own, note)


def _loss(value: Mapping[str, Any]) -> LossStatement:
    codes = tuple(map(str, value["codes"]))
    said = {name: str(value[name]) for name in ("component", "reason", "actor")}
    return LossStatement(codes=codes, is_lost=bool(value["lost"]), at=moment(value["at"]), **said)


def _places(value: Mapping[str, Any]) -> PlacesStatement:
    at, part = moment(value["at"]), int(value["part"])
    places = tuple(_place(row) for row in value["rows"])
    return PlacesStatement(places, str(value["name"]), part, str(value["actor"]), at)


def _place(row: Sequence[Any]) -> PaperPlace:
    code, box, number, counter, pages, *more = row  # earlier lists had no leaves
    leaves = str(more[0]) if more else ""
    return PaperPlace(str(code), str(box), str(number), str(counter), None if pages is None else int(pages), leaves)
