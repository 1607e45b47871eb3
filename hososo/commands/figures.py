"""`hososo figures list|table|chart|indicators|explain`: the list behind a figure, figures by group, definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from catalog import Transaction, facts
from dossier.errors import Code, Rejected
from hososo.asking import answerable, bring_up_to_date, codes_of, is_demo, lines_of, question_options
from hososo.console import Console, Exit
from hososo.usage import File
from hososo.wiring import services
from pipeline.charting import drawing
from pipeline.grouped import dossiers_behind, group_lines, group_name
from pipeline.projecting import explain as record
from pipeline.questions import Answerable, Asked
from reports.as_json import rate_as_json, workload_as_json
from reports.grouping import By, GroupLine
from reports.indicators.registry import formulas
from reports.lists import behind, figures
from reports.numbers import count
from reports.rates import versions
from reports.shares import disagreements, of_levels
from reports.target import write_whole
from reports.text import group_line

_MOST = 10_000


@click.group("figures")
def command() -> None:
    """Group of the commands on figures."""


@command.command("list")
@click.argument("figure")
@question_options
@click.option("--after", default="")
@click.option("--limit", type=click.IntRange(1, _MOST), default=100)
@click.pass_obj
def list_dossiers(console: Console, figure: str, asked: Asked, after: str, limit: int) -> int:
    """List the dossiers that a figure is made of, in order of code, a page at a time."""
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        with ready.catalogue.read() as tx:
            asks = answerable(tx, ready, console, asked)
            found = dossiers_behind(tx, asks, figure, None, after, limit)
    for code in found.codes:
        console.line(code)
    console.say("figures.total", count=count(found.total), shown=count(len(found.codes)))
    console.result("figures list", {"figure": figure, "count": found.total, "codes": found.codes})
    return Exit.OK


@command.command("table")
@question_options
@click.option("--by", type=click.Choice([by.value for by in By]), default=By.UNIT.value)
@click.pass_obj
def table(console: Console, asked: Asked, by: str) -> int:
    """Print a line for each group: what was handled, and the rates."""
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        with ready.catalogue.read() as tx:
            asks = answerable(tx, ready, console, asked)
            lines = group_lines(tx, asks, By(by))
    for line in lines:
        console.line(group_line(line, group_name(line.group, By(by), asks), console.language))
    period = {"start": asks.question.period.start.isoformat(), "end": asks.question.period.end.isoformat()}
    value = {"by": by, "seen": asks.seen.value, "base": asks.question.base.value, "period": period}
    console.result("figures table", {**value, "groups": [_as_json(line) for line in lines]})
    return Exit.OK


@command.command("chart")
@click.argument("chart", type=click.Choice(["rates", "forecast", "causes"]))
@question_options
@click.option("--rate", default="portal")
@click.option("--reading", type=click.Choice(["portal", "archival"]), default="portal")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.pass_obj
def draw(console: Console, chart: str, asked: Asked, to: Path, rate: str, reading: str) -> int:
    """Write a chart as SVG."""
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        with ready.catalogue.read() as tx:
            asks = answerable(tx, ready, console, asked)
            svg = drawing(tx, asks, chart, reading if chart == "causes" else rate, console.language)
    if svg is None:
        console.say("figures.chart_few")
        return Exit.NEEDS_PERSON
    write_whole(svg.encode(), to)
    console.say("report.written", path=to)
    console.result("figures chart", {"chart": chart, "target": str(to)})
    return Exit.OK


@command.command("indicators")
@click.pass_obj
def indicators(console: Console) -> int:
    """List the indicators with all versions of their definitions, and the figures that have lists."""
    told = []
    for key in formulas():
        for one in versions(key):
            console.line(f"{key}={one.version}  {one.name(console.language)}: {one.basis}")
            told.append({"key": key, "version": one.version, "since": str(one.valid_from), "basis": one.basis})
    console.say("figures.lists", names=", ".join(figures()))
    console.result("figures indicators", {"definitions": told, "lists": list(figures())})
    return Exit.OK


@command.command("check")
@click.argument("path", type=File())
@question_options
@click.pass_obj
def check(console: Console, path: Path, asked: Asked) -> int:
    """Hold figures that somebody has printed against what the rows say; a file has a name and a number a line."""
    stated = [_statement(line, number) for number, line in enumerate(lines_of(path), start=1) if line.strip()]
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        with ready.catalogue.read() as tx:
            counted = _counted(tx, answerable(tx, ready, console, asked), {name for name, _ in stated})
    found = disagreements(counted, stated)
    for one in found:
        console.say("figures.disagrees", name=one.subject, stated=count(one.stated), counted=count(one.counted))
    console.say("figures.checked", count=count(len(stated)), wrong=count(len(found)))
    told = [{"figure": one.subject, "stated": one.stated, "counted": one.counted} for one in found]
    console.result("figures check", {"checked": len(stated), "disagreements": told})
    return Exit.NEEDS_PERSON if found else Exit.OK


@command.command("explain")
@click.argument("path", type=File())
@click.option("--reason", "why", required=True)
@click.option("--by", "entered_by", default="")
@click.pass_obj
def explain(console: Console, path: Path, why: str, entered_by: str) -> int:
    """Record why the register is silent about the dossiers whose codes a file lists, one a line."""
    codes = codes_of(path)
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        record(ready, codes, why, entered_by or ready.office.actor, demo=is_demo(console))
    console.say("figures.explained", count=count(len(codes)))
    console.result("figures explain", {"count": len(codes)})
    return Exit.OK


def _counted(tx: Transaction, asks: Answerable, names: set[str]) -> dict[str, int]:
    """Return the named figures: of dossiers as in lists, and how many units or procedures a level of the tree has."""
    question = asks.question
    view, day = question.view(), question.period.end
    levels = of_levels(asks.known.procedures.on(day).values(), asks.known.units.on(day).values())
    listed = {name: levels.get(name, 0) for name in names if name.startswith(("procedures.", "units."))}
    cells = list(facts.cells(tx, view.axis, (), asks.scope)) if names - listed.keys() else []
    return listed | {
        name: sum(cell.count for cell in behind(name, cells, view, question.versions)) for name in names - listed.keys()
    }


def _statement(line: str, number: int) -> tuple[str, int]:
    """Return the name and the number of a line; points between thousands are as people print them."""
    name, _, value = line.replace(",", ";").partition(";")
    digits = value.strip().replace(".", "")
    if not digits.isascii() or not digits.isdigit():
        raise Rejected(Code.DEFINITION_UNKNOWN, "no number", subject=f"{number}")
    return name.strip(), int(digits)


def _as_json(line: GroupLine) -> dict[str, Any]:
    rates = {key: rate_as_json(rate) for key, rate in line.rates.items()}
    return {"group": line.group, "load": workload_as_json(line.load), "rates": rates}
