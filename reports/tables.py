"""The figures as tables of words and numbers, the one source of terminal, workbook and page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields

from dossier.register import VIETNAM
from reports.digitisation import CauseLine, PortalSplit
from reports.inspection import InspectionFigures
from reports.lists import Detail
from reports.numbers import count
from reports.period import Counting, Period
from reports.rates import Rate
from reports.timeliness import Outcome
from reports.wording import word
from reports.workload import Workload

Cell = str | int
ON_BASE = frozenset(
    {"electronic_result", "portal", "archival", "reused", "shared", "signed_components", "signed_results"}
)
"""Keys of the rates that stand over the base of the question (B1, B2, B3); the others name their own."""
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: heading, column names, rows; `total` is the last row when set. Counts stay whole numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()


def heading(figures: InspectionFigures, language: str) -> list[str]:
    """Return the lines under the title: unit, period with its days, moment, base."""
    question = figures.question
    period = question.period
    return [
        word("unit", language, unit=question.unit or word("unit_unnamed", language)),
        word(
            "period",
            language,
            name=period_name(period, language),
            counting=word(f"counting.{period.counting}", language),
            start=f"{period.start:%d/%m/%Y}",
            end=f"{period.end:%d/%m/%Y}",
        ),
        word("as_of", language, at=f"{question.as_of.astimezone(VIETNAM):%H:%M %d/%m/%Y}"),
        word("base_line", language, base=word(f"base.{question.base}", language)),
    ]


def period_name(period: Period, language: str) -> str:
    """Return the name of a period as people say it: Tháng 02/2026, Quý I/2026, 6 tháng đầu năm 2026."""
    year, _, part = period.name.partition("-")
    if period.counting is Counting.FREE:
        return word("period_name.free", language)
    if not part:
        return word("period_name.year", language, year=year)
    if part.startswith("Q"):
        return word("period_name.quarter", language, quarter=_ROMAN[int(part[1:]) - 1], year=year)
    if part.endswith("T"):
        return word("period_name.first_months", language, count=part[:-1], year=year)
    return word("period_name.month", language, month=part, year=year)


def work_lines(load: Workload, language: str) -> list[tuple[int, str, int]]:
    """Return (indent, name, count) of every figure of a workload; outcomes that cannot be judged only when there."""
    lines = [
        (0, word("received", language), load.received),
        (1, word("received_online", language), load.online),
        (1, word("received_direct", language), load.direct),
        (1, word("received_post", language), load.post),
        (1, word("received_unknown", language), load.channel_unknown),
        (0, word("carried_over", language), load.carried_over),
        (0, word("settled", language), load.settled),
        *((1, *_outcome(load, kind, language)) for kind in (Outcome.EARLY, Outcome.ON_TIME, Outcome.LATE)),
        (1, *_outcome(load, Outcome.UNDATED, language)),
        (0, word("in_progress", language), load.in_progress),
        *((1, *_outcome(load, kind, language)) for kind in (Outcome.IN_TIME, Outcome.OVERDUE, Outcome.WAITING)),
        (0, *_outcome(load, Outcome.GIVEN_BACK, language)),
        (0, *_outcome(load, Outcome.EXPLAINED, language)),
        (0, *_outcome(load, Outcome.UNEXPLAINED, language)),
    ]
    kinds = (Outcome.UNDATED, Outcome.WAITING, Outcome.EXPLAINED)
    optional = {word(f"outcome.{kind}", language) for kind in kinds}
    optional.add(word("received_unknown", language))
    return [line for line in lines if line[2] or line[1] not in optional]


def rates(figures: InspectionFigures) -> tuple[Rate, ...]:
    """Return every rate in the order of the report, digitisation last."""
    return tuple(figures.rates.values())


def base_of(rate: Rate, figures: InspectionFigures, language: str) -> str:
    """Return the base of a rate: that of the question where the rate is over it, else that its definition says."""
    on_base = rate.definition.key in ON_BASE
    return figures.question.base.value if on_base else word("own_base", language)


def notes(figures: InspectionFigures, language: str) -> list[str]:
    """Return what a reader must know before using the figures."""
    unexplained = figures.total.of(Outcome.UNEXPLAINED)
    lines = [
        word("closes", language) if figures.closes else word("does_not_close", language, count=count(unexplained)),
    ]
    if development := figures.development_signatures:
        key = "development_counted" if figures.question.demo else "development_ignored"
        lines.append(word(key, language, count=count(development)))
    if figures.never_received:
        lines.append(word("never_received", language, count=count(figures.never_received)))
    lines.append(word("supplement", language))
    lines.append(word("fingerprint", language, digest=figures.cells_sha256))
    return lines


def form(figures: InspectionFigures, language: str) -> Table:
    """Return the counts by field in the columns of Biểu số 06 and the two that make the row close."""
    columns = (
        *("ordinal", "field", "handled", "received_online", "direct_post", "received_unknown", "carried_over"),
        *("settled", "outcome.early", "outcome.on_time", "outcome.late", "outcome.undated"),
        *("in_progress", "outcome.in_time", "outcome.overdue", "outcome.waiting"),
        *("outcome.given_back", "outcome.explained", "outcome.unexplained"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (number, _field(name, language), *_form_row(load))
        for number, (name, load) in enumerate(figures.fields, start=1)
    )
    return Table(
        word("form_title", language),
        tuple(word(column, language) for column in columns),
        rows,
        ("", word("total", language), *_form_row(figures.total)),
    )


def split(figures: InspectionFigures, language: str) -> Table:
    """Return the columns of the provincial screen by field."""
    names = [field.name for field in fields(PortalSplit)]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (number, _field(name, language), *astuple(counts)) for number, (name, counts) in enumerate(figures.split, 1)
    )
    sums = [sum(getattr(counts, name) for _, counts in figures.split) for name in names]
    columns = (word("ordinal", language), word("field", language), *(word(f"split.{name}", language) for name in names))
    return Table(word("split_title", language), columns, rows, ("", word("total", language), *sums))


def causes(figures: InspectionFigures, language: str) -> tuple[Table, Table]:
    """Return the causes of the archival and of the portal's reading; each adds up to the base."""
    return (
        _causes(figures.causes, "causes", "archival", language),
        _causes(figures.portal_causes, "portal_causes", "portal", language),
    )


def component_statuses(figures: InspectionFigures, language: str) -> Table:
    """Return how many components of the base have come how far; adds up to those that must be there."""
    rows = tuple((word(f"component.{status.name}", language), count) for status, count in figures.components.items())
    total = (word("total", language), sum(figures.components.values()))
    return Table(
        word("components", language), (word("status", language), word("component_count", language)), rows, total
    )


def listing(details: Iterable[Detail], language: str) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    """Return column names and rows of the list behind every number, one row a dossier, no person in it."""
    columns = ("code", "field", "procedure", "result", "archival_reading", "portal_reading")
    return tuple(word(c, language) for c in columns), (_listed(detail, language) for detail in details)


def _listed(detail: Detail, language: str) -> tuple[str, ...]:
    return (
        detail.code,
        _field(detail.field, language),
        detail.procedure,
        word(f"outcome.{detail.outcome}", language) if detail.outcome is not None else "",
        word(f"archival.{detail.archival}", language) if detail.archival is not None else "",
        word(f"portal.{detail.portal}", language) if detail.portal is not None else "",
    )


def _causes(lines: tuple[CauseLine, ...], title: str, kinds: str, language: str) -> Table:
    rows = tuple((word(f"{kinds}.{line.cause}", language), line.count) for line in lines)
    total = (word("total", language), sum(line.count for line in lines))
    return Table(word(title, language), (word("cause", language), word("dossiers", language)), rows, total)


def _form_row(load: Workload) -> tuple[int, ...]:
    return (
        load.handled,
        load.online,
        load.direct + load.post,
        load.channel_unknown,
        load.carried_over,
        load.settled,
        *(load.of(kind) for kind in (Outcome.EARLY, Outcome.ON_TIME, Outcome.LATE, Outcome.UNDATED)),
        load.in_progress,
        *(load.of(kind) for kind in (Outcome.IN_TIME, Outcome.OVERDUE, Outcome.WAITING)),
        load.of(Outcome.GIVEN_BACK),
        load.of(Outcome.EXPLAINED),
        load.of(Outcome.UNEXPLAINED),
    )


def _outcome(load: Workload, kind: Outcome, language: str) -> tuple[str, int]:
    return word(f"outcome.{kind}", language), load.of(kind)


def _field(name: str, language: str) -> str:
    return name or word("field_unknown", language)
