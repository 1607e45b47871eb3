"""The inspection report as lines of text for a terminal."""

from __future__ import annotations

from reports import tables
from reports.grouping import GroupLine
from reports.inspection import InspectionFigures
from reports.numbers import count
from reports.rates import Rate
from reports.tables import Table
from reports.timeliness import Outcome
from reports.wording import word

_DIGITISATION = "portal"


def lines(figures: InspectionFigures, language: str = "vi") -> list[str]:
    """Return the report, one string a line, without line ends; counts as 9.078, rates as 30,00%."""
    return [
        word("title", language),
        *tables.heading(figures, language),
        "",
        word("works", language),
        *_work(figures, language),
        *_late(figures, language),
        "",
        *_rates(figures, language),
        "",
        *_table(tables.component_statuses(figures, language), language),
        *(line for table in tables.causes(figures, language) for line in ("", *_table(table, language))),
        "",
        word("notes", language),
        *(f"  {note}" for note in tables.notes(figures, language)),
    ]


def rate_line(rate: Rate, language: str) -> str:
    """Return a rate with its name, numerator, denominator and definition version, or that there are no data for it."""
    if not rate.known:
        return word("rate_unknown", language, name=rate.definition.name(language), version=rate.definition.version)
    return word(
        "rate_line",
        language,
        name=rate.definition.name(language),
        rate=rate.text,
        numerator=count(rate.numerator),
        denominator=count(rate.denominator),
        version=rate.definition.version,
    )


def group_line(line: GroupLine, name: str, language: str) -> str:
    """Return a group with what was handled and both digitised rates."""
    portal, archival, in_time = (line.rates[key] for key in ("portal", "archival", "timeliness"))
    return word(
        "group_line",
        language,
        name=name,
        received=count(line.load.received),
        handled=count(line.load.handled),
        settled=count(line.load.settled),
        late=count(line.load.of(Outcome.LATE)),
        in_time=in_time.text,
        portal=portal.text,
        archival=archival.text,
    )


def _work(figures: InspectionFigures, language: str) -> list[str]:
    return [f"  {'  ' * depth}{name}: {count(n)}" for depth, name, n in tables.work_lines(figures.total, language)]


def _late(figures: InspectionFigures, language: str) -> list[str]:
    named = [f"{name or word('field_unknown', language)} {count(late)}" for name, late in figures.late_by_field]
    return ["  " + word("late_by_field", language, list=", ".join(named))] if named else []


def _rates(figures: InspectionFigures, language: str) -> list[str]:
    out = [word("rates", language)]
    for rate in tables.rates(figures):
        if rate.definition.key == _DIGITISATION:
            out += ["", word("digitisation", language)]
        out.append("  " + rate_line(rate, language))
    return out


def _table(table: Table, language: str) -> list[str]:
    rows = [f"  {name}: {count(int(number))}" for name, number in (*table.rows, table.total)]
    return [table.title, *(rows if table.rows else ["  " + word("none", language)])]
