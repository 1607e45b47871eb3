"""The facts of a dossier: all that any indicator asks of it, small enough to be counted by the million.

`Facts` hold whatever does not depend on a period; they are the same for many dossiers, so they are stored once and
counted together. What depends on a period are three moments (received, due, finished), of which rules only ask on
which side of the period's marks they lie: a `Cell` is a number of dossiers with the same answers to everything.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from dossier.register import Channel, Status
from dossier.status import Cause, ComponentStatus, PortalCause

FACTS_VERSION = 5
"""Raised when facts change their meaning or new ones come: all lines are made anew then."""
NEVER = -1
"""Position of a moment that there is none of."""


class Due(StrEnum):
    """Where the day comes from by which a dossier had to be done."""

    NONE = ""
    APPOINTED = "appointed"  # NgayHenTra of the register
    LEGAL = "legal"  # the procedure's announced deadline, in working days


class Pace(StrEnum):
    """When a dossier was finished, against the day by which it had to be."""

    NONE = ""  # not finished, or nothing to judge it by
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules ask of a dossier whatever the period.

    Attributes:
        status: TrangThaiHoSo of the register.
        channel: How it was handed in.
        due: Where its last day comes from.
        pace: Early, on time or late.
        listed: Its procedure is in the list of the day it was received.
        keeps_papers: That procedure keeps papers; True when it is not listed.
        gives_result: It ends with a result document; True when it is not listed.
        has_components: A component file is known, from the archive or by the portal's flag.
        has_result: A signed result file is known, from the archive or by the portal's flag.
        reused: A component was reused, as register or archive say; None when neither says anything.
        shared: A file came from the data store (DuocLayTuKhoDMQG), as the register says; None when it says nothing.
        portal: Reading of the portal, with its cause.
        archival: Reading of the archive, with its cause.
        components: How many components have come how far, by `ComponentStatus`.
        scanned: Component documents that were scanned.
        signed: Of these, those with a signature that counts.
        results: Result documents that there are.
        signed_results: Of these, those with a signature that counts.
        development: Documents with a development signature, counted or not.
        explained: A person has said why the register is silent.
    """

    status: Status | None
    channel: Channel | None
    due: Due
    pace: Pace
    listed: bool
    keeps_papers: bool
    gives_result: bool
    has_components: bool
    has_result: bool
    reused: bool | None
    shared: bool | None
    portal: PortalCause
    archival: Cause
    components: tuple[int, ...] = (0,) * len(ComponentStatus)
    scanned: int = 0
    signed: int = 0
    results: int = 0
    signed_results: int = 0
    development: int = 0
    explained: bool = False

    def as_text(self) -> str:
        """Return the facts as one line of text, the same for the same facts."""
        return json.dumps([getattr(self, one.name) for one in fields(self)], separators=(",", ":"))

    @classmethod
    def of_text(cls, text: str) -> Facts:
        """Return the facts that `as_text` wrote."""
        values: dict[str, Any] = dict(zip((one.name for one in fields(cls)), json.loads(text), strict=True))
        values["status"] = Status(values["status"]) if values["status"] is not None else None
        values["channel"] = Channel(values["channel"]) if values["channel"] is not None else None
        values |= {"due": Due(values["due"]), "pace": Pace(values["pace"])}
        values |= {"portal": PortalCause(values["portal"]), "archival": Cause(values["archival"])}
        return cls(**{**values, "components": tuple(values["components"])})


@dataclass(frozen=True, slots=True)
class FactLine:
    """A dossier of the register with its facts; moments in whole seconds since 1970, None where there is none.

    `box` and `counter` say where its papers lie and who scans them, empty where nobody knows; `pages` is how many pages
    the archive has of a dossier that was scanned whole, 0 of any other; `to_scan` how many are known to be still to
    scan, None where that can only be estimated.
    """

    code: str
    unit: str
    field: str
    procedure: str
    facts: Facts
    received: int | None
    due: int | None
    finished: int | None
    box: str = ""
    counter: str = ""
    pages: int = 0
    to_scan: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """So many dossiers that are alike: `count` of them; `received`, `due`, `finished` are positions on an axis.

    `unit`, `field` and `procedure` are empty where it was not asked to tell them apart.
    """

    unit: str
    field: str
    procedure: str
    facts: Facts
    received: int
    due: int
    finished: int
    count: int


class Axis:
    """The marks that a question sets on the line of time, in order. A position is how many marks lie at or before."""

    def __init__(self, marks: Iterable[int]) -> None:
        self.marks: tuple[int, ...] = tuple(sorted(set(marks)))
        self._place = {mark: place for place, mark in enumerate(self.marks)}

    def position(self, moment: int | None) -> int:
        """Return where a moment lies; NEVER for none."""
        return NEVER if moment is None else bisect_right(self.marks, moment)

    def before(self, position: int, mark: int) -> bool:
        """Return whether what lies at a position came before a mark; no moment is before nothing."""
        return NEVER < position <= self._place[mark]


def seconds(moment: datetime | None) -> int | None:
    """Return a moment in whole seconds since 1970."""
    return None if moment is None else int(moment.timestamp() // 1)


def cells(lines: Iterable[FactLine], axis: Axis, by: Sequence[str] = ()) -> Iterator[Cell]:
    """Count lines into cells in memory, as `catalog.facts.cells` does in the database.

    Args:
        lines: Lines with codes of their own.
        axis: Marks on which side of which their moments may lie.
        by: Which of `unit`, `field`, `procedure` to tell apart.
    """
    counted = Counter(_cell(line, axis, by) for line in lines)
    for cell, count in counted.items():
        yield replace(cell, count=count)


def _cell(line: FactLine, axis: Axis, by: Sequence[str]) -> Cell:
    return Cell(
        unit=line.unit if "unit" in by else "",
        field=line.field if "field" in by else "",
        procedure=line.procedure if "procedure" in by else "",
        facts=line.facts,
        received=axis.position(line.received),
        due=axis.position(line.due),
        finished=axis.position(line.finished),
        count=1,
    )
