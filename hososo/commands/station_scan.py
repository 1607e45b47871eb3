"""`hososo station scan` and `hososo station scanner`: a scanner on the network, driven from the station."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from dossier.codes import parse_code
from dossier.collation import ORDERS, Collation
from dossier.errors import Code, Rejected
from dossier.handing_over import checked_component
from hososo.console import Console, Exit
from station.escl.scanner import Scanner
from station.escl.scanning import Job
from station.escl.scanning import scan as scan_pages
from station.scan_delivery import ScanDelivery
from station.settings import COLOURS, SOURCES, ScanSettings, StationSettings, read_settings

CONFIG = click.option("--config", type=click.Path(dir_okay=False, path_type=Path), default=Path("tram.toml"))


@click.command("scan")
@CONFIG
@click.option("--scanner", required=True)
@click.option("--dossier", required=True)
@click.option("--component", default="")
@click.option("--procedure", default="")
@click.option("--from", "paper_source", type=click.Choice(SOURCES))
@click.option("--dpi", type=click.IntRange(75, 1200))
@click.option("--colour", type=click.Choice(COLOURS))
@click.option("--pages", type=click.IntRange(1, 2000))
@click.option("--sides", type=click.Choice([each.value for each in ORDERS]))
@click.option("--not-secret", is_flag=True)
@click.option("--resume", is_flag=True)
@click.pass_obj
def scan(  # noqa: PLR0913 - one parameter an option
    console: Console,
    *,
    config: Path,
    scanner: str,
    dossier: str,
    component: str,
    procedure: str,
    paper_source: str | None,
    dpi: int | None,
    colour: str | None,
    pages: int | None,
    sides: str | None,
    not_secret: bool,
    resume: bool,
) -> int:
    """Scan the papers of one component into the hot folder, from where the agent takes them."""
    settings = read_settings(config)
    code = parse_code(dossier)
    if code is None:
        raise Rejected(Code.FOLDER_CODE_UNKNOWN, subject=dossier[:60])
    if not settings.folders:
        raise Rejected(Code.SETTINGS_INVALID, "no [[folder]]", subject="folder")
    asked_for_secrets(console, code.normal, not_secret=not_secret)
    how = _chosen(settings, procedure, paper_source, dpi, colour)
    order = Collation(sides or "")
    if order and (how.source != "feeder" or not how.format.startswith("image/")):
        raise Rejected(Code.SCANNER_UNFIT, "sides: one side after the other, as images", subject="sides")
    delivery = ScanDelivery(settings.folders[0].path, code.normal, checked_component(component), how.format, order)
    before = delivery.begin(resume=resume)
    count = _scanned(delivery, Scanner(scanner), how, before)
    if order and delivery.fronts is None:
        delivery.end_fronts()
        if console.as_json or not click.confirm(_how_to_turn(console, order, before + count), err=True):
            return _fronts_only(console, delivery, count)
        count += _scanned(delivery, Scanner(scanner), how, before + count)
    files = delivery.finish(pages)
    console.say("station.scanned", pages=count, files=files, code=code.normal)
    console.result("station scan", {"code": code.normal, "component": component, "pages": count, "files": files})
    return Exit.OK


def _scanned(delivery: ScanDelivery, device: Scanner, how: ScanSettings, before: int) -> int:
    return scan_pages(device, Job(how, lambda number: delivery.page(before + number)))


def _how_to_turn(console: Console, order: Collation, sheets: int) -> str:
    if order is Collation.TURNED:
        return console.word("station.turn_turned", sheets=sheets)
    return console.word("station.turn_same", sheets=sheets)


def _fronts_only(console: Console, delivery: ScanDelivery, count: int) -> int:
    """Tell that the backs are still to be scanned, with `--resume`."""
    console.say("station.fronts", pages=delivery.fronts, code=delivery.code)
    told = {"code": delivery.code, "component": delivery.component, "pages": count, "files": 0}
    console.result("station scan", told)
    return Exit.NEEDS_PERSON


@click.command("scanner")
@click.argument("address")
@click.pass_obj
def scanner(console: Console, address: str) -> int:
    """Tell what a scanner can do, and how it is."""
    asked = Scanner(address)
    able, status = asked.capabilities(), asked.status()
    console.say("station.scanner", name=able.name, state=status.state, feeder=status.feeder or "-")
    for name, source in able.sources.items():
        steps = [f"{source.steps[0]}-{source.steps[1]}"] if source.steps else []
        dpi = ", ".join([*steps, *map(str, source.resolutions)])
        formats, colours = ", ".join(source.formats), ", ".join(source.colours)
        console.say("station.scanner_source", source=name, dpi=dpi, colours=colours, formats=formats)
    sources = {
        name: {"colours": list(each.colours), "formats": list(each.formats), "resolutions": list(each.resolutions)}
        for name, each in able.sources.items()
    }
    value = {"name": able.name, "state": status.state, "feeder": status.feeder, "sources": sources}
    console.result("station scanner", value)
    return Exit.OK


def asked_for_secrets(console: Console, subject: str, *, not_secret: bool) -> None:
    """Have a person say that no paper is marked as a state secret.

    Raises:
        Rejected(SECRECY_UNANSWERED): Nobody does.
    """
    if not not_secret and (console.as_json or not click.confirm(console.word("station.ask_secret"), err=True)):
        raise Rejected(Code.SECRECY_UNANSWERED, subject=subject)


def _chosen(
    settings: StationSettings, procedure: str, source: str | None, dpi: int | None, colour: str | None
) -> ScanSettings:
    """Return how to scan: as said, else as the procedure's settings have it, else as those for all others do."""
    by_procedure = {each.procedure: each for each in settings.scans}
    found = by_procedure.get(procedure) or by_procedure.get("") or ScanSettings()
    return replace(
        found,
        source=source or found.source,
        resolution=dpi or found.resolution,
        colour=colour or found.colour,
    )
