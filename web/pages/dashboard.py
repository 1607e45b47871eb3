"""The rates: what leaders and inspectors look at, how they moved, and the causes of every gap."""

from __future__ import annotations

from functools import partial

from starlette.responses import Response

from dossier.errors import Code, HososoError, Rejected
from dossier.people import Permission
from pipeline.charting import LEAST_MONTHS, drawing
from pipeline.projecting import project
from pipeline.questions import inspected
from reports import tables
from reports.charts.series import finished_months
from reports.inspection import InspectionFigures
from reports.lists import figures as figure_tests
from reports.numbers import count
from reports.wording import name_of
from web.asking import ask_again, carried, choice, question
from web.rules import Page, Rule
from web.visit import Visit

_HEADLINE = ("portal", "archival")


def dashboard(visit: Visit) -> Response:
    """Show both rates, what they are counted from, how they moved, and the causes of every gap."""
    house, language = visit.house, visit.house.language
    project(house.services, demo=house.demo)
    try:
        with house.services.catalogue.read() as tx:
            asks = question(tx, visit)
            offered, figures = choice(tx, visit), inspected(tx, asks)
    except HososoError as exc:
        return ask_again(visit, exc)
    return visit.page(
        "dashboard.html",
        figures=figures,
        choice=offered,
        by=None,
        link=partial(carried, visit),
        heading=tables.heading(figures, language),
        headline=[(figures.rates[key], figures.rates[key].definition.name(language)) for key in _HEADLINE],
        trends=_HEADLINE if len(finished_months(asks.question)) >= LEAST_MONTHS else (),
        rates=[(rate, rate.definition.name(language)) for rate in tables.rates(figures)],
        works=[(depth, name, count(number)) for depth, name, number in tables.work_lines(figures.total, language)],
        gaps=_gaps(figures, language),
        figure_names=figure_tests(),
        notes=tables.notes(figures, language),
    )


def chart(visit: Visit) -> Response:
    """Give the causes as a chart."""
    reading = visit.parameters["reading"]
    return _drawn(visit, "causes", "portal" if reading == "portal" else "archival")


def trend(visit: Visit) -> Response:
    """Give a rate over the months that are over, as a chart."""
    return _drawn(visit, "rates", visit.parameters["rate"])


def _drawn(visit: Visit, kind: str, of: str) -> Response:
    house = visit.house
    with house.services.catalogue.read() as tx:
        found = drawing(tx, question(tx, visit), kind, of, house.language)
    if found is None:
        raise Rejected(
            Code.PERIOD_INVALID, "fewer than two months that are over", subject=visit.query.get("period", "")
        )
    return Response(found, media_type="image/svg+xml")


def _gaps(figures: InspectionFigures, language: str) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Return both readings: key, title, and for each cause its figure, its name and its count."""
    titles = [table.title for table in tables.causes(figures, language)]
    readings = zip(("archival", "portal"), titles, (figures.causes, figures.portal_causes), strict=True)
    return [
        (key, title, [(f"{key}.{line.cause}", name_of(line.cause, language), count(line.count)) for line in lines])
        for key, title, lines in readings
    ]


_RULE = Rule(Permission.REPORT)
PAGES = (
    Page("GET", "/dashboard", Rule(Permission.REPORT, noted="figures.view"), dashboard),
    Page("GET", "/dashboard/causes/{reading}.svg", _RULE, chart),
    Page("GET", "/dashboard/rates/{rate}.svg", _RULE, trend),
)
