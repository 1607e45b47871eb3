"""The inspection report on paper: what the workbook holds, with charts, in the form of an administrative document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from reports import tables
from reports.charts.bars import cause_bars
from reports.charts.forecast import forecast
from reports.charts.lines import outlook_lines, outlook_text, rate_lines
from reports.charts.series import MOST_UNITS, Series
from reports.inspection import InspectionFigures
from reports.numbers import count
from reports.period import Period
from reports.printed.page import page, place_and_day
from reports.printed.pdf import write_pdf
from reports.rates import Rate
from reports.tables import Cell
from reports.wording import word

_RATE_COLUMNS = ("indicator", "numerator", "denominator", "rate", "definition", "base_name", "basis")


@dataclass(frozen=True, slots=True)
class History:
    """A rate over the months of the period; `series` starts with all units together."""

    key: str
    months: tuple[Period, ...]
    series: tuple[Series, ...]


def write_report_pdf(
    figures: InspectionFigures, path: Path, language: str = "vi", histories: Sequence[History] = ()
) -> None:
    """Write the report as PDF/A-2b, A4 landscape: figures, rates, causes, the tables by field, charts.

    Args:
        figures: What is reported.
        path: Where to; a file of that name is replaced only when the new one is complete.
        language: `vi` or `en`.
        histories: Rates over time to draw; a period of less than two finished months has none.

    Raises:
        Unavailable: FONT_MISSING; EXPORT_TARGET when the file cannot be written.
    """
    write_pdf(report_html(figures, language, histories), path)


def report_html(figures: InspectionFigures, language: str, histories: Sequence[History] = ()) -> str:
    """Return the report as the HTML page that the PDF is made of: the same figures, the same text."""
    question = figures.question
    unit = question.unit or word("unit_unnamed", language)
    drawn = [one for one in histories if len(one.months) > 1]
    return page(
        "inspection.html",
        language,
        question.as_of,
        title=word("title", language),
        unit=unit,
        day=place_and_day(question.as_of, language),
        heading=tables.heading(figures, language)[1:],
        works=tables.work_lines(figures.total, language),
        late=_late(figures, language),
        rate_columns=[word(name, language) for name in _RATE_COLUMNS],
        rates=[_rate_row(rate, figures, language) for rate in tables.rates(figures)],
        causes=(tables.component_statuses(figures, language), *tables.causes(figures, language)),
        wide=(tables.form(figures, language), tables.split(figures, language)),
        charts=[Markup(svg) for svg in _charts(figures, drawn, language)],  # noqa: S704 - drawn by us
        chart_notes=_chart_notes(drawn, language),
        notes=tables.notes(figures, language),
    )


def rate_name(key: str, figures: InspectionFigures, language: str) -> str:
    """Return the name of a rate as a chart has it."""
    return figures.rates[key].definition.name(language)


def _rate_row(rate: Rate, figures: InspectionFigures, language: str) -> tuple[Cell, ...]:
    definition = rate.definition
    about = (definition.version, tables.base_of(rate, figures, language), definition.basis)
    if not rate.known:
        return (definition.name(language), "", "", word("no_data", language), *about)
    return (definition.name(language), rate.numerator, rate.denominator, rate.text, *about)


def _late(figures: InspectionFigures, language: str) -> list[str]:
    named = [f"{name or word('field_unknown', language)} {count(late)}" for name, late in figures.late_by_field]
    return [word("late_by_field", language, list=", ".join(named))] if named else []


def _charts(figures: InspectionFigures, histories: Sequence[History], language: str) -> list[str]:
    bars = [
        cause_bars(lines, reading, language)
        for lines, reading in ((figures.portal_causes, "portal"), (figures.causes, "archival"))
        if lines
    ]
    return bars + [chart for one in histories for chart in _over_time(one, figures, language)]


def _over_time(history: History, figures: InspectionFigures, language: str) -> tuple[str, str]:
    name = rate_name(history.key, figures, language)
    return (
        rate_lines(history.series, history.months, name, language),
        outlook_lines(history.series[0], history.months, name, language),
    )


def _chart_notes(histories: Sequence[History], language: str) -> list[str]:
    if not histories:
        return []
    sentences = {outlook_text(forecast(one.series[0].values), one.months, language) for one in histories}
    return [word("chart.note", language, units=MOST_UNITS), *sorted(sentences)]
