"""Figures by group, and the dossiers behind every figure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from starlette.responses import Response

from catalog import intakes
from dossier.errors import Code, HososoError, Rejected
from dossier.people import Permission
from dossier.status import Cause, PortalCause
from pipeline.grouped import dossiers_behind, group_lines, group_name
from pipeline.projecting import project
from pipeline.questions import Answerable
from reports.grouping import By, GroupLine
from reports.indicators.formula import Part
from reports.numbers import count
from reports.rates import versions
from reports.timeliness import Outcome
from reports.wording import name_of
from web.asking import ask_again, carried, choice, question
from web.rules import Page, Rule
from web.visit import Visit
from web.wording import word

_COLUMNS = ("received", "handled", "settled", Outcome.LATE.value)
_RATES = ("timeliness", "portal", "archival")


@dataclass(frozen=True, slots=True)
class _Row:
    """A group as its row shows it: its name, counts and rates, each with the address of its list."""

    name: str
    counts: list[tuple[str, str]]
    rates: list[tuple[str, str]]


def table(visit: Visit) -> Response:
    """Show a line for each group: what was handled, and the rates, every number with the dossiers behind it."""
    house, by = visit.house, _by(visit.query.get("by", By.UNIT.value))
    project(house.services, demo=house.demo)
    try:
        with house.services.catalogue.read() as tx:
            asks = question(tx, visit)
            offered, lines = choice(tx, visit), group_lines(tx, asks, by)
    except HososoError as exc:
        return ask_again(visit, exc)
    return visit.page(
        "groups.html",
        choice=offered,
        link=partial(carried, visit),
        by=by,
        ways=tuple(By),
        columns=[figure_name(name, house.language) for name in _COLUMNS],
        rates=[versions(key)[-1].name(house.language) for key in _RATES],
        rows=[_row(line, by, asks, visit) for line in lines],
    )


def listed(visit: Visit) -> Response:
    """Show the dossiers that a figure is made of, in order of code, a page at a time."""
    name, house, after = visit.parameters["figure"], visit.house, visit.query.get("after", "")[:_LONGEST_CODE]
    by = _by(visit.query["by"]) if visit.query.get("by") else None
    group = visit.query.get("group", "")[:_LONGEST_GROUP]
    project(house.services, demo=house.demo)
    with house.services.catalogue.read() as tx:
        asks = question(tx, visit)
        found = dossiers_behind(tx, asks, name, (by, group) if by is not None else None, after, _AT_ONCE)
        known = {code for code in found.codes if intakes.find_dossier(tx, code) is not None}
    own = {"by": by.value, "group": group} if by is not None else {}
    return visit.page(
        "figure.html",
        name=figure_name(name, house.language),
        group=group_name(group, by, asks) if by is not None else "",
        total=count(found.total),
        codes=found.codes,
        known=known if visit.someone().may(Permission.READ) else set(),
        after=carried(visit, **own, after=found.codes[-1]) if len(found.codes) == _AT_ONCE else "",
        back=f"/figures{carried(visit, by=by.value)}" if by is not None else f"/dashboard{carried(visit)}",
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
    if name in set(Outcome):
        return name_of(Outcome(name), language)
    return word(f"figure.{name}", language) if name in _COLUMNS else name


def _row(line: GroupLine, by: By, asks: Answerable, visit: Visit) -> _Row:
    load, rates = line.load, [line.rates[key] for key in _RATES]
    numbers = (load.received, load.handled, load.settled, load.of(Outcome.LATE))
    address = partial(_address, line.group, by, visit)
    return _Row(
        group_name(line.group, by, asks),
        [(count(number), address(name)) for name, number in zip(_COLUMNS, numbers, strict=True)],
        [(rate.text, address(f"{key}.{Part.NUMERATOR.value}")) for key, rate in zip(_RATES, rates, strict=True)],
    )


def _address(group: str, by: By, visit: Visit, figure: str) -> str:
    """Return the address of the list behind a figure of a group; a month is a question of its own."""
    if by is By.PERIOD:
        return f"/figures/{figure}{carried(visit, period=group)}"
    return f"/figures/{figure}{carried(visit, by=by.value, group=group)}"


def _by(text: str) -> By:
    try:
        return By(text)
    except ValueError as exc:
        raise Rejected(Code.REQUEST_INVALID, "by") from exc


_AT_ONCE, _LONGEST_CODE, _LONGEST_GROUP = 200, 60, 200
PAGES = (
    Page("GET", "/figures", Rule(Permission.REPORT, noted="figures.groups"), table),
    Page("GET", "/figures/{figure}", Rule(Permission.LIST, noted="figures.list"), listed),
)
