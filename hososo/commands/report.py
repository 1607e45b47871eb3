"""`hososo report`: the inspection report with both digitised rates, on the terminal, as xlsx, PDF/A or JSON."""

from __future__ import annotations

from pathlib import Path

import click

from catalog import facts
from hososo.asking import answerable, bring_up_to_date, question_options
from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.charting import history
from pipeline.questions import Asked, inspected
from reports.as_json import as_json
from reports.inspection import InspectionFigures
from reports.lists import details
from reports.printed.report import write_report_pdf
from reports.signable import require_closed
from reports.text import lines, rate_line
from reports.workbook import write_xlsx


@click.command("report")
@question_options
@click.option("--summary", is_flag=True)
@click.option("--final", is_flag=True)
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def command(console: Console, asked: Asked, xlsx: Path | None, pdf: Path | None, *, summary: bool, final: bool) -> int:
    """Compute and print the report."""
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        with ready.catalogue.read() as tx:
            asks = answerable(tx, ready, console, asked)
            figures = inspected(tx, asks)
            if final:
                require_closed(figures)
            if not figures.total.handled and not figures.never_received:
                console.say("report.empty")
            _tell(console, figures, summary=summary)
            if xlsx is not None:
                behind = details(facts.lines(tx, asks.scope), asks.question.view())
                write_xlsx(figures, xlsx, console.language, behind)
                console.say("report.written", path=xlsx)
            if pdf is not None:
                write_report_pdf(figures, pdf, console.language, [history(tx, asks, "portal")])
                console.say("report.written", path=pdf)
    console.result("report", as_json(figures))
    return Exit.OK if figures.closes else Exit.NEEDS_PERSON


def _tell(console: Console, figures: InspectionFigures, *, summary: bool) -> None:
    both = (figures.rates["portal"], figures.rates["archival"])
    short = [rate_line(rate, console.language) for rate in both]
    for line in short if summary else lines(figures, console.language):
        console.line(line)
