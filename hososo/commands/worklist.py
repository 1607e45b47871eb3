"""`hososo worklist`: which box or dossier to take next so that the rate rises soonest, and a sheet for each counter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from hososo.asking import answerable, asked_of, bring_up_to_date
from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.next_work import Wanted, next_work
from reports.printed.forms import SheetKey
from reports.printed.listing import write_listing_xlsx, write_sheets_pdf
from reports.worklist.boxes import Order
from reports.worklist.listing import as_json, lines, sheets, whole_sheet

_MOST = 2000
"""Rows of one list: what is printed is one page after the other, and nobody works further ahead."""
_KEYS = {"box": SheetKey.BOXES, "dossier": SheetKey.DOSSIERS, "desk": SheetKey.DESK}


@click.command("worklist")
@click.option("--by", "rows", type=click.Choice(list(_KEYS)), default="box")
@click.option("--order", type=click.Choice([order.value for order in Order]), default=Order.GAIN.value)
@click.option("--period")
@click.option("--counting", type=click.Choice(["calendar", "administrative"]), default="calendar")
@click.option("--unit", default="")
@click.option("--seen", type=click.Choice(["historic", "present"]), default="historic")
@click.option("--procedure", "procedures", multiple=True)
@click.option("--counter")
@click.option("--box")
@click.option("--skip", type=click.IntRange(0), default=0)
@click.option("--limit", type=click.IntRange(1, _MOST), default=30)
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - what can be asked of the list
    console: Console,
    rows: str,
    order: str,
    period: str | None,
    counting: str,
    unit: str,
    seen: str,
    procedures: tuple[str, ...],
    counter: str | None,
    box: str | None,
    skip: int,
    limit: int,
    pdf: Path | None,
    xlsx: Path | None,
) -> int:
    """Print the list, and write it as a sheet for each counter."""
    if box is not None and rows == "box":
        rows = "dossier"
    asked = asked_of(period=period, counting=counting, unit=unit, seen=seen)
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        with ready.catalogue.read() as tx:
            asks = answerable(tx, ready, console, asked)
            scope = asks.scope if not procedures else replace(asks.scope, procedures=frozenset(procedures))
            wanted = Wanted(_KEYS[rows], Order(order), asks.question.period, scope, counter, box, skip, limit)
            found = next_work(tx, wanted, asks.question.unit, asks.question.as_of, asks.known)
    for line in lines(found, console.language):
        console.line(line)
    if pdf is not None:
        write_sheets_pdf(sheets(found), pdf)
        console.say("report.written", path=pdf)
    if xlsx is not None:
        write_listing_xlsx(whole_sheet(found), xlsx)
        console.say("report.written", path=xlsx)
    console.result("worklist", as_json(found))
    return Exit.OK
