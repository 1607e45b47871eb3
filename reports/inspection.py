"""The inspection report as figures: what was received, what became of it, how much of it is digitised, and why not.

A pure function of its arguments: the same register, evidence, period and moment give the same figures for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dossier.digest import of_bytes
from dossier.register import Procedure, RegisterEntry, Status
from dossier.status import Cause, DossierEvidence, PortalCause
from dossier.text import fold
from reports.digitisation import Digitisation, PortalSplit, Verdict, digitisation, field_of, portal_split, verdict
from reports.period import Period
from reports.rates import Rate, rate
from reports.timeliness import Outcome, finished_at, outcome
from reports.workload import Workload, is_carried_over, was_received, workload


class Base(StrEnum):
    """Which dossiers stand below the line of the digitisation rates."""

    B1 = "B1"  # received in the period (the portal's base)
    B2 = "B2"  # settled in the period
    B3 = "B3"  # B1 without procedures that keep no papers


@dataclass(frozen=True, slots=True)
class CauseLine:
    """The dossiers of the base that have this cause, as sorted codes."""

    cause: Cause | PortalCause
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """One dossier behind the figures; `verdict` is None outside the base, `outcome` None when not handled."""

    code: str
    field: str
    procedure: str
    outcome: Outcome | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class InspectionFigures:
    """Everything an inspection report prints.

    Attributes:
        unit: Name of the unit, as given.
        period: Which days.
        base: Which dossiers stand below the line of the digitisation rates.
        demo: Development signatures were counted.
        as_of: The moment up to which register and archive were known.
        total: Counts over all fields.
        fields: The same by field (lĩnh vực), empty name when nobody said; sums are those of `total`.
        split: The provincial screen's columns by field, over the base.
        timeliness: Indicator 2.1, and its variants over other bases.
        digitisation: Both readings, signed and reused.
        causes: Archival reading, one cause a dossier; the counts add up to the base.
        portal_causes: The same for the portal's reading.
        details: One line for each dossier handled or in the base, by code: the list behind every number.
        never_received: Rows without a date of reception or only registered: in no figure.
        rows_sha256: Over code, outcome and causes of all details: names the state that was reported.
    """

    unit: str
    period: Period
    base: Base
    demo: bool
    as_of: datetime
    total: Workload
    fields: tuple[tuple[str, Workload], ...]
    split: tuple[tuple[str, PortalSplit], ...]
    timeliness: tuple[Rate, ...]
    digitisation: Digitisation
    causes: tuple[CauseLine, ...]
    portal_causes: tuple[CauseLine, ...]
    details: tuple[Detail, ...]
    never_received: int
    rows_sha256: str

    @property
    def closes(self) -> bool:
        """Whether every dossier is accounted for; a report that does not close should not be signed."""
        return self.total.closes

    @property
    def late_by_field(self) -> tuple[tuple[str, int], ...]:
        """Late dossiers by field, most first."""
        late = [(name, load.of(Outcome.LATE)) for name, load in self.fields if load.of(Outcome.LATE)]
        return tuple(sorted(late, key=lambda pair: (-pair[1], pair[0])))

    def codes(self, *outcomes: Outcome) -> tuple[str, ...]:
        """Return the dossiers with one of these outcomes."""
        return tuple(detail.code for detail in self.details if detail.outcome in outcomes)


def inspection(  # noqa: PLR0913 - the named arguments are the heading that the report prints
    entries: Iterable[RegisterEntry],
    evidence: Mapping[str, DossierEvidence],
    procedures: Mapping[str, Procedure],
    *,
    period: Period,
    base: Base,
    demo: bool,
    as_of: datetime,
    unit: str = "",
) -> InspectionFigures:
    """Return the figures of an inspection report.

    Args:
        entries: Register rows, codes unique; rows outside the period may be among them and are left out.
        evidence: What the archive knows, by dossier code.
        procedures: By TTHC code.
        period: Chosen over NgayTiepNhan.
        base: Base of the digitisation rates.
        demo: Count development signatures; the report says so.
        as_of: Aware; work is judged at the end of the period or at this moment, whichever is earlier.
        unit: Name to print.
    """
    rows = sorted(entries, key=lambda entry: entry.code)
    cutoff = min(period.ends_at, as_of)
    total = workload(rows, period, cutoff)
    verdicts = [
        verdict(entry, procedures.get(entry.procedure), evidence.get(entry.code), demo=demo)
        for entry in rows
        if _in_base(entry, procedures, base, period, cutoff)
    ]
    details = _details(rows, verdicts, procedures, period, cutoff)
    return InspectionFigures(
        unit=unit,
        period=period,
        base=base,
        demo=demo,
        as_of=as_of,
        total=total,
        fields=_fields(rows, procedures, period, cutoff),
        split=_splits(verdicts),
        timeliness=_timeliness(total),
        digitisation=digitisation(verdicts, procedures, evidence, demo=demo),
        causes=_causes(Cause, ((v.archival, v.entry.code) for v in verdicts)),
        portal_causes=_causes(PortalCause, ((v.portal, v.entry.code) for v in verdicts)),
        details=details,
        never_received=sum(not was_received(entry) for entry in rows),
        rows_sha256=of_bytes("\n".join(map(_fingerprint, details)).encode()),
    )


def _in_base(
    entry: RegisterEntry, procedures: Mapping[str, Procedure], base: Base, period: Period, cutoff: datetime
) -> bool:
    """Set D of the definition: received, not refused; then the base."""
    if not was_received(entry) or entry.status is Status.REFUSED:
        return False
    if base is Base.B2:
        finished = finished_at(entry)
        return finished is not None and period.starts_at <= finished <= cutoff
    if not period.contains(entry.received_at):
        return False
    procedure = procedures.get(entry.procedure)
    return base is Base.B1 or procedure is None or procedure.keeps_papers


def _timeliness(total: Workload) -> tuple[Rate, ...]:
    in_time = total.of(Outcome.EARLY, Outcome.ON_TIME, Outcome.IN_TIME)
    judged = total.handled - total.of(Outcome.GIVEN_BACK)
    late = total.of(Outcome.LATE)
    return (
        rate("timeliness", in_time, judged),
        rate("on_time_settled", total.of(Outcome.EARLY, Outcome.ON_TIME), total.settled),
        rate("late_settled", late, total.settled),
        rate("late_received", late, total.handled),
        rate("online", total.online, total.received - total.channel_unknown),
    )


def _fields(
    rows: Sequence[RegisterEntry], procedures: Mapping[str, Procedure], period: Period, cutoff: datetime
) -> tuple[tuple[str, Workload], ...]:
    groups: dict[str, list[RegisterEntry]] = {}
    for entry in rows:
        groups.setdefault(field_of(entry, procedures.get(entry.procedure)), []).append(entry)
    loads = ((name, workload(groups[name], period, cutoff)) for name in sorted(groups, key=fold))
    return tuple((name, load) for name, load in loads if load.handled)


def _splits(verdicts: Sequence[Verdict]) -> tuple[tuple[str, PortalSplit], ...]:
    groups: dict[str, list[Verdict]] = {}
    for one in verdicts:
        groups.setdefault(one.field, []).append(one)
    return tuple((name, portal_split(groups[name])) for name in sorted(groups, key=fold))


def _causes(
    kinds: type[Cause | PortalCause], found: Iterable[tuple[Cause | PortalCause, str]]
) -> tuple[CauseLine, ...]:
    groups: dict[Cause | PortalCause, list[str]] = {kind: [] for kind in kinds}
    for cause, code in found:
        groups[cause].append(code)
    return tuple(CauseLine(cause, tuple(codes)) for cause, codes in groups.items() if codes)


def _details(
    rows: Sequence[RegisterEntry],
    verdicts: Sequence[Verdict],
    procedures: Mapping[str, Procedure],
    period: Period,
    cutoff: datetime,
) -> tuple[Detail, ...]:
    judged = {one.entry.code: one for one in verdicts}
    details = []
    for entry in filter(was_received, rows):
        handled = period.contains(entry.received_at) or is_carried_over(entry, period)
        if handled or entry.code in judged:
            name = field_of(entry, procedures.get(entry.procedure))
            result = outcome(entry, cutoff) if handled else None
            details.append(Detail(entry.code, name, entry.procedure, result, judged.get(entry.code)))
    return tuple(details)


def _fingerprint(detail: Detail) -> str:
    reading = (detail.verdict.portal, detail.verdict.archival) if detail.verdict is not None else ("", "")
    return "|".join((detail.code, detail.field, detail.outcome or "", *reading))
