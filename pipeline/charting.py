"""Charts out of the catalogue: rates over time by unit, where they lead, and causes."""

from __future__ import annotations

from catalog import Transaction, facts
from dossier.errors import Code, Rejected
from pipeline.questions import Answerable
from reports.charts.bars import cause_bars
from reports.charts.lines import outlook_lines, rate_lines
from reports.charts.series import finished_months, rates_over_time
from reports.digitisation import causes
from reports.grouping import By, axis_of, grouping
from reports.indicators.registry import formulas
from reports.printed.report import History
from reports.rates import versions

LEAST_MONTHS = 2


def history(tx: Transaction, asks: Answerable, key: str) -> History:
    """Return a rate over the months of the period that are over, by unit as the question sees units.

    Args:
        tx: A transaction.
        asks: The question.
        key: Which rate; one of `reports.indicators.registry`.
    """
    question = asks.question
    months = finished_months(question)
    cells = list(facts.cells(tx, axis_of(months, question.as_of, question.base), ("unit",), asks.scope))
    unit_of = grouping(By.UNIT, asks.known.units, asks.units_day, asks.seen)
    day = asks.units_day
    named = rates_over_time(cells, months, question, key, unit_of, lambda unit: asks.known.units.name(unit, day))
    return History(key, months, named)


def drawing(tx: Transaction, asks: Answerable, chart: str, of: str, language: str) -> str | None:
    """Return a chart as SVG, None where the period has too few months to draw.

    Args:
        tx: A transaction.
        asks: The question.
        chart: `rates`, `forecast` or `causes`.
        of: Which rate by its key; of causes, whose reading: `portal` or `archival`.
        language: `vi` or `en`.

    Raises:
        Rejected(DEFINITION_UNKNOWN): There is no such rate.
    """
    question = asks.question
    if chart == "causes":
        archival, portal = causes(facts.cells(tx, question.axis, (), asks.scope), question.view())
        return cause_bars(portal if of == "portal" else archival, of, language)
    if of not in formulas():
        raise Rejected(Code.DEFINITION_UNKNOWN, "indicator", subject=of[:40])
    found = history(tx, asks, of)
    if len(found.months) < LEAST_MONTHS:
        return None
    name = versions(of)[-1].name(language)
    if chart == "rates":
        return rate_lines(found.series, found.months, name, language)
    return outlook_lines(found.series[0], found.months, name, language)
