"""`hososo papers lost|found|list|places`: what a person states about paper: that it is lost, and where it lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from catalog import lost_papers
from dossier.errors import Code, Rejected
from hososo.asking import bring_up_to_date, codes_of, is_demo, parsed_code
from hososo.console import Console, Exit, local_time
from hososo.usage import File, Misused
from hososo.wiring import services
from pipeline.losing import Loss, state_loss
from pipeline.placing import state_places
from registers.places import read_places
from reports.numbers import count

_MOST, _SHOWN = 10_000, 20


@click.group("papers")
def command() -> None:
    """Group of the commands on paper."""


@command.command("lost")
@click.argument("codes", nargs=-1)
@click.option("--list", "code_list", type=File())
@click.option("--component", default="")
@click.option("--reason", "why", required=True)
@click.option("--by", "entered_by", default="")
@click.pass_obj
def lost(
    console: Console, codes: tuple[str, ...], code_list: Path | None, component: str, why: str, entered_by: str
) -> int:
    """State that papers of dossiers are lost."""
    return _state(console, Loss(_given(console, codes, code_list), component, True, why, entered_by))  # noqa: FBT003 - named there


@command.command("found")
@click.argument("codes", nargs=-1)
@click.option("--list", "code_list", type=File())
@click.option("--component", default="")
@click.option("--reason", "why", default="")
@click.option("--by", "entered_by", default="")
@click.pass_obj
def found(
    console: Console, codes: tuple[str, ...], code_list: Path | None, component: str, why: str, entered_by: str
) -> int:
    """State that lost papers were found again."""
    return _state(console, Loss(_given(console, codes, code_list), component, False, why, entered_by))  # noqa: FBT003 - as above


@command.command("list")
@click.option("--after", default="")
@click.option("--limit", type=click.IntRange(1, _MOST), default=100)
@click.pass_obj
def list_lost(console: Console, after: str, limit: int) -> int:
    """List what is lost, in order of code, a page at a time."""
    with services(console.settings) as ready, ready.catalogue.read() as tx:
        known = lost_papers.listed(tx, after, limit)
    for each in known:
        component = each.component or console.word("papers.all")
        at = local_time(each.at)
        console.say("papers.one", code=each.code, component=component, reason=each.reason, actor=each.actor, at=at)
    if not known:
        console.say("papers.none")
    told = [_as_json(each) for each in known]
    console.result("papers list", {"lost": told})
    return Exit.OK


@command.command("places")
@click.argument("path", type=File())
@click.option("--by", "entered_by", default="")
@click.pass_obj
def places(console: Console, path: Path, entered_by: str) -> int:
    """Import the list of a store room: where the papers of dossiers lie."""
    read = read_places(path)
    if read.faults:
        for fault in read.faults[:_SHOWN]:
            console.say("reference.fault", row=fault.row, column=fault.column)
        named = ", ".join(f"{fault.row}:{fault.column}" for fault in read.faults[:_SHOWN])
        raise Rejected(Code.PLACES_INVALID, named, subject=path.name)
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        actor = entered_by or ready.office.actor
        unknown = state_places(read.places, path.name, actor, ready, demo=is_demo(console))
    boxes = len({place.box for place in read.places if place.box})
    console.say("papers.placed", count=count(len(read.places)), boxes=count(boxes))
    if unknown:
        console.say("papers.unknown", count=count(unknown))
    console.result("papers places", {"count": len(read.places), "boxes": boxes, "unknown": unknown})
    return Exit.OK


def _given(console: Console, codes: tuple[str, ...], code_list: Path | None) -> tuple[str, ...]:
    given = [parsed_code(code) for code in codes]
    if code_list is not None:
        given += codes_of(code_list)
    if not given:
        raise Misused(console.word("usage.missing", what="CODES"))
    return tuple(dict.fromkeys(given))


def _state(console: Console, said: Loss) -> int:
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        actor = said.actor or ready.office.actor
        own = Loss(said.codes, said.component, said.is_lost, said.reason, actor)
        state_loss(own, ready, demo=is_demo(console))
    console.say("papers.lost" if said.is_lost else "papers.found", count=count(len(said.codes)))
    name = "papers lost" if said.is_lost else "papers found"
    console.result(name, {"count": len(said.codes), "component": said.component})
    return Exit.OK


def _as_json(each: lost_papers.LostPaper) -> dict[str, Any]:
    said = {"code": each.code, "component": each.component, "reason": each.reason, "actor": each.actor}
    return {**said, "at": each.at.isoformat()}
