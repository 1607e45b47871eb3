"""`hososo report`: the inspection report with both digitised rates, on the terminal, as xlsx or as JSON."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from catalog import register_rows
from dossier.register import RegisterEntry
from hososo.console import Console, Exit
from hososo.settings import Profile
from hososo.wiring import now, services
from pipeline.evidence import evidence
from reports.as_json import as_json
from reports.inspection import Base, InspectionFigures, inspection
from reports.period import VIETNAM, Counting, Period, free_range, parse_period
from reports.text import lines, rate_line
from reports.workbook import write_xlsx


@click.command("report")
@click.option("--period")
@click.option("--counting", type=click.Choice(["calendar", "administrative"]), default="calendar")
@click.option("--base", type=click.Choice([base.value for base in Base]), default="B1")
@click.option("--unit", default="")
@click.option("--summary", is_flag=True)
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    console: Console, period: str | None, counting: str, base: str, unit: str, xlsx: Path | None, *, summary: bool
) -> int:
    """Compute and print the report."""
    with services(console.settings) as ready:
        with ready.catalogue.read() as tx:
            entries = [entry for entry in register_rows.entries(tx) if not unit or entry.unit == unit]
        figures = inspection(
            entries,
            evidence(ready),
            ready.procedures,
            period=_period(period, counting, entries),
            base=Base(base),
            demo=console.settings.profile is Profile.DEMO,
            as_of=now(),
            unit=ready.unit_name(unit) if unit else console.settings.agency,
        )
    if not entries:
        console.say("report.empty")
    return _tell(console, figures, xlsx, summary=summary)


def _tell(console: Console, figures: InspectionFigures, xlsx: Path | None, *, summary: bool) -> int:
    both = (figures.digitisation.portal, figures.digitisation.archival)
    short = [rate_line(rate, console.language) for rate in both]
    for line in short if summary else lines(figures, console.language):
        console.line(line)
    if xlsx is not None:
        write_xlsx(figures, xlsx, console.language)
        console.say("report.written", path=xlsx)
    console.result("report", as_json(figures))
    return Exit.OK if figures.closes else Exit.NEEDS_PERSON


def _period(text: str | None, counting: str, entries: list[RegisterEntry]) -> Period:
    """Return the asked period, or the days that the register covers."""
    if text:
        return parse_period(text, Counting(counting))
    days = [entry.received_at.astimezone(VIETNAM).date() for entry in entries if entry.received_at]
    today: date = now().astimezone(VIETNAM).date()
    return free_range(min(days, default=today), max(days, default=today))
