"""The rates: what leaders and inspectors look at, with the dossiers behind every figure."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from catalog import Transaction, facts, intakes
from catalog.facts import Scope
from dossier.errors import HososoError
from dossier.people import Permission
from dossier.status import Cause, PortalCause
from dossier.wording import advice
from pipeline.projecting import project
from pipeline.questions import days_of_register, scope_of
from pipeline.referring import reference
from registers.reference_data import Reference
from reports import tables
from reports.charts.bars import cause_bars
from reports.indicators.formula import Part
from reports.inspection import DIMENSIONS, InspectionFigures, Question, inspection
from reports.lists import behind
from reports.lists import figures as figure_tests
from reports.numbers import count
from reports.period import Counting, Period, parse_period
from reports.rates import versions
from reports.timeliness import Outcome
from reports.wording import name_of
from web.rules import Page, Rule
from web.visit import Visit
from web.wording import word


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
        gaps=_gaps(figures, language),
        figure_names=figure_tests(),
        notes=tables.notes(figures, language),
    )


def listed(visit: Visit) -> Response:
    """Show the dossiers that a figure is made of, in order of code, a page at a time."""
    name, house, after = visit.parameters["figure"], visit.house, visit.query.get("after", "")[:_LONGEST_CODE]
    with house.services.catalogue.read() as tx:
        asked = _asked(tx, visit)
        view = asked.question.view()
        own = behind(name, facts.cells(tx, view.axis, (), asked.scope), view, asked.question.versions)
        codes = facts.listed(tx, view.axis, own, scope=asked.scope, after=after, limit=_AT_ONCE)
        known = {code for code in codes if intakes.find_dossier(tx, code) is not None}
    return visit.page(
        "figure.html",
        name=figure_name(name, house.language),
        total=count(sum(cell.count for cell in own)),
        codes=codes,
        known=known if visit.someone().may(Permission.READ) else set(),
        after=codes[-1] if len(codes) == _AT_ONCE else "",
        period=visit.query.get("period", ""),
    )


def figure_name(name: str, language: str) -> str:
    """Return what people call a figure: a cause, an outcome, or a part of an indicator."""
    kind, _, rest = name.partition(".")
    if kind == "archival" and rest in Cause.__members__:
        return name_of(Cause(rest), language)
    if kind == "portal" and rest in PortalCause.__members__:
        return name_of(PortalCause(rest), language)
    if rest in {part.value for part in Part}:
        return f"{versions(kind)[-1].name(language)}: {word(f'figure.{rest}', language)}"
    return name_of(Outcome(name), language) if name in set(Outcome) else name


def chart(visit: Visit) -> Response:
    """Give the causes as a chart."""
    house = visit.house
    with house.services.catalogue.read() as tx:
        figures = _figures(tx, _asked(tx, visit))
    reading = "portal" if visit.parameters["reading"] == "portal" else "archival"
    lines = figures.portal_causes if reading == "portal" else figures.causes
    return Response(cause_bars(lines, reading, house.language), media_type="image/svg+xml")


def _gaps(figures: InspectionFigures, language: str) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Return both readings: key, title, and for each cause its figure, its name and its count."""
    titles = [table.title for table in tables.causes(figures, language)]
    readings = zip(("archival", "portal"), titles, (figures.causes, figures.portal_causes), strict=True)
    return [
        (key, title, [(f"{key}.{line.cause}", name_of(line.cause, language), count(line.count)) for line in lines])
        for key, title, lines in readings
    ]


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


_AT_ONCE, _LONGEST_CODE = 200, 60
_RULE = Rule(Permission.REPORT)
PAGES = (
    Page("GET", "/dashboard", Rule(Permission.REPORT, noted="figures.view"), dashboard),
    Page("GET", "/dashboard/{reading}.svg", _RULE, chart),
    Page("GET", "/figures/{figure}", Rule(Permission.LIST, noted="figures.list"), listed),
)
