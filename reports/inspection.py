"""The inspection report as figures: what was received, what became of it, how much of it is digitised, and why not.

A pure function of cells: the same facts, period and moment give the same figures for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dossier.digest import of_bytes
from dossier.facts import Axis, Cell
from dossier.register import Procedure
from dossier.status import ComponentStatus
from dossier.text import fold
from reports.digitisation import (
    CauseLine,
    PortalSplit,
    causes,
    components,
    development_signatures,
    portal_split,
)
from reports.grouping import collapsed
from reports.indicators.published import published
from reports.indicators.registry import chosen
from reports.period import Period
from reports.rates import Rate
from reports.timeliness import Outcome
from reports.view import Base, View, views, was_received
from reports.workload import Workload, workload

DIMENSIONS = ("field",)
"""What cells for this report must tell apart."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is asked for: the heading that it prints.

    Attributes:
        period: Chosen over NgayTiepNhan.
        as_of: Aware; work is judged at the end of the period or at this moment, whichever is earlier.
        base: Base of the digitisation rates.
        demo: Development signatures count; the report says so.
        unit: Name to print.
        versions: Versions of definitions by key where not the newest is asked for.
    """

    period: Period
    as_of: datetime
    base: Base = Base.B1
    demo: bool = False
    unit: str = ""
    versions: Mapping[str, str] | None = None

    def view(self) -> View:
        """Return the view of the period."""
        return views([self.period], self.as_of, self.base)[1][0]

    @property
    def axis(self) -> Axis:
        """The marks that cells must be counted by."""
        return self.view().axis


@dataclass(frozen=True, slots=True)
class InspectionFigures:
    """Everything an inspection report prints.

    Attributes:
        question: What was asked.
        total: Counts over all fields.
        fields: The same by field (lĩnh vực), empty name when nobody said; sums are those of `total`.
        split: The provincial screen's columns by field, over the base.
        rates: Every indicator in the order of the report, by key.
        components: How many components of the base have come how far.
        development_signatures: Documents of the base with a development signature.
        causes: Archival reading, one cause a dossier; the counts add up to the base.
        portal_causes: The same for the portal's reading.
        never_received: Rows without a date of reception or only registered: in no figure.
        cells_sha256: Over all that was counted: the same facts give the same digest.
    """

    question: Question
    total: Workload
    fields: tuple[tuple[str, Workload], ...]
    split: tuple[tuple[str, PortalSplit], ...]
    rates: Mapping[str, Rate]
    components: Mapping[ComponentStatus, int]
    development_signatures: int
    causes: tuple[CauseLine, ...]
    portal_causes: tuple[CauseLine, ...]
    never_received: int
    cells_sha256: str

    @property
    def closes(self) -> bool:
        """Whether every dossier is accounted for; a report that does not close must not be signed."""
        return self.total.closes

    @property
    def late_by_field(self) -> tuple[tuple[str, int], ...]:
        """Late dossiers by field, most first."""
        late = [(name, load.of(Outcome.LATE)) for name, load in self.fields if load.of(Outcome.LATE)]
        return tuple(sorted(late, key=lambda pair: (-pair[1], pair[0])))


def inspection(cells: Iterable[Cell], question: Question, procedures: Iterable[Procedure] = ()) -> InspectionFigures:
    """Return the figures of an inspection report.

    Args:
        cells: Counted on the question's axis, fields told apart; dossiers outside the period may be among them.
        question: What is asked.
        procedures: Those in force at the end of the period, for the rate of published ones.
    """
    told_apart, view = list(cells), question.view()
    own = collapsed(told_apart)
    rates = {formula.key: formula.rate(own, view) for formula in chosen(question.versions or {})}
    rates["published"] = published(procedures)
    archival, portal = causes(own, view)
    groups = _by_field(told_apart)
    loads = [(name, workload(group, view)) for name, group in groups]
    return InspectionFigures(
        question=question,
        total=workload(own, view),
        fields=tuple((name, load) for name, load in loads if load.handled),
        split=tuple((n, s) for n, s in ((name, portal_split(group, view)) for name, group in groups) if s.received),
        rates=rates,
        components=components(own, view),
        development_signatures=development_signatures(own, view),
        causes=archival,
        portal_causes=portal,
        never_received=sum(cell.count for cell in own if not was_received(cell)),
        cells_sha256=_digest(told_apart),
    )


def _by_field(cells: Sequence[Cell]) -> list[tuple[str, list[Cell]]]:
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.field, []).append(cell)
    return [(name, groups[name]) for name in sorted(groups, key=fold)]


def _digest(cells: Iterable[Cell]) -> str:
    """Return a digest of what was counted; cells with equal facts are one."""
    texts: dict[int, str] = {}
    counted: Counter[str] = Counter()
    for cell in cells:
        text = texts.get(id(cell.facts))
        if text is None:
            text = texts[id(cell.facts)] = cell.facts.as_text()
        counted[f"{cell.field}|{text}|{cell.received}|{cell.due}|{cell.finished}"] += cell.count
    return of_bytes("\n".join(f"{key}|{counted[key]}" for key in sorted(counted)).encode())
