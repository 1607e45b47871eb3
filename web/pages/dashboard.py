"""The rates: what leaders and inspectors look at, with the dossiers behind every figure."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from catalog import Transaction, facts
from catalog.facts import Scope
from dossier.errors import HososoError
from dossier.people import Permission
from dossier.wording import advice
from pipeline.projecting import project
from pipeline.questions import days_of_register, scope_of
from pipeline.referring import reference
from registers.reference_data import Reference
from reports import tables
from reports.charts.bars import cause_bars
from reports.inspection import DIMENSIONS, InspectionFigures, Question, inspection
from reports.numbers import count
from reports.period import Counting, Period, parse_period
from web.rules import Page, Rule
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    scope: Scope
    known: Reference


def dashboard(visit: Visit) -> Response:
    """Show both rates, what they are counted from, and the causes of every gap."""
    house = visit.house
    project(house.services, demo=house.demo)
    try:
        with house.services.catalogue.read() as tx:
            figures = _figures(tx, _asked(tx, visit))
    except HososoError as exc:
        return visit.page("dashboard.html", status=422, figures=None, told=advice(exc, house.language), period="")
    language = house.language
    return visit.page(
        "dashboard.html",
        told=None,
        figures=figures,
        period=visit.query.get("period", ""),
        heading=tables.heading(figures, language),
        headline=[
            (rate, rate.definition.name(language)) for rate in (figures.rates["portal"], figures.rates["archival"])
        ],
        rates=[(rate, rate.definition.name(language)) for rate in tables.rates(figures)],
        works=[(depth, name, count(number)) for depth, name, number in tables.work_lines(figures.total, language)],
        causes=tables.causes(figures, language),
        notes=tables.notes(figures, language),
    )


def chart(visit: Visit) -> Response:
    """Give the causes as a chart."""
    house = visit.house
    with house.services.catalogue.read() as tx:
        figures = _figures(tx, _asked(tx, visit))
    reading = "portal" if visit.parameters["reading"] == "portal" else "archival"
    lines = figures.portal_causes if reading == "portal" else figures.causes
    return Response(cause_bars(lines, reading, house.language), media_type="image/svg+xml")


def _asked(tx: Transaction, visit: Visit) -> _Asked:
    house, own = visit.house, visit.someone()
    known, as_of = reference(tx, house.services), house.services.clock()
    question = Question(
        period=_period(tx, visit), as_of=as_of, demo=house.demo, unit=house.agency if own.units is None else ""
    )
    return _Asked(question, scope_of(tx, own, known.units, as_of), known)


def _figures(tx: Transaction, asked: _Asked) -> InspectionFigures:
    question = asked.question
    counted = facts.cells(tx, question.axis, DIMENSIONS, asked.scope)
    return inspection(counted, question, asked.known.procedures.on(question.period.end).values())


def _period(tx: Transaction, visit: Visit) -> Period:
    text = visit.query.get("period", "").strip()
    return parse_period(text, Counting.CALENDAR) if text else days_of_register(tx, visit.house.services.clock())


_RULE = Rule(Permission.REPORT)
PAGES = (
    Page("GET", "/dashboard", Rule(Permission.REPORT, noted="figures.view"), dashboard),
    Page("GET", "/dashboard/{reading}.svg", _RULE, chart),
)
