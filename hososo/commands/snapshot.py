"""`hososo snapshot take|list|show|diff`: reports that are fixed (chốt số liệu), and what they differ by."""

from __future__ import annotations

from typing import Any

import click

from catalog import facts, snapshots
from catalog.snapshots import Snapshot
from hososo.asking import Asked, answerable, bring_up_to_date, question_options
from hososo.console import Console, Exit, local_time
from hososo.wiring import services
from pipeline.freezing import known, take, thawed
from reports.as_json import as_json
from reports.indicators.published import published
from reports.lists import Detail
from reports.numbers import count
from reports.snapshot import Change, Frozen, difference, freeze
from reports.text import lines, rate_line
from reports.wording import name_of

_SHOWN = 50


@click.group("snapshot")
def command() -> None:
    """Group of the commands on fixed reports."""


@command.command("take")
@question_options
@click.option("--by", "entered_by", default="")
@click.option("--note", default="")
@click.pass_obj
def take_one(console: Console, asked: Asked, entered_by: str, note: str) -> int:
    """Fix a report: rows, versions and figures are kept as they are now."""
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        with ready.catalogue.read() as tx:
            asks = answerable(tx, ready, console, asked)
            day = asks.question.period.end
            frozen = freeze(
                facts.lines(tx, asks.scope),
                asks.question,
                published(asks.known.procedures.on(day).values()),
                asks.known.digest,
                asks.scope.units,
            )
        taken = take(frozen, entered_by or ready.office.actor, note, ready)
    _tell(console, taken)
    for key in ("portal", "archival"):
        console.line(rate_line(frozen.figures.rates[key], console.language))
    console.result("snapshot take", _as_json(taken))
    return Exit.OK


@command.command("list")
@click.pass_obj
def list_all(console: Console) -> int:
    """List the fixed reports."""
    with services(console.settings) as ready, ready.catalogue.read() as tx:
        found = snapshots.every(tx)
    for one in found:
        _tell(console, one)
    console.result("snapshot list", {"snapshots": [_as_json(one) for one in found]})
    return Exit.OK


@command.command("show")
@click.argument("number", type=int)
@click.pass_obj
def show(console: Console, number: int) -> int:
    """Print a fixed report, counted again from its own rows."""
    with services(console.settings) as ready:
        taken = known(number, ready)
        frozen = thawed(taken, ready)
    for line in lines(frozen.figures, console.language):
        console.line(line)
    _tell(console, taken)
    console.result("snapshot show", {**_as_json(taken), "report": as_json(frozen.figures)})
    return Exit.OK


@command.command("diff")
@click.argument("before", type=int)
@click.argument("after", type=int)
@click.pass_obj
def diff(console: Console, before: int, after: int) -> int:
    """Explain dossier by dossier what two fixed reports differ by."""
    with services(console.settings) as ready:
        old, new = (thawed(known(number, ready), ready) for number in (before, after))
    changes = difference(old, new)
    for side in (old, new):
        for key in ("portal", "archival"):
            console.line(rate_line(side.figures.rates[key], console.language))
    console.say("snapshot.changed", count=count(len(changes)))
    for change in changes[:_SHOWN]:
        console.line(f"  {change.code}: {_said(console, change.before)} → {_said(console, change.after)}")
    if len(changes) > _SHOWN:
        console.say("snapshot.more", count=count(len(changes) - _SHOWN))
    console.result("snapshot diff", _diff_as_json(old, new, changes))
    return Exit.OK


def _tell(console: Console, taken: Snapshot) -> None:
    console.say(
        "snapshot.one",
        number=taken.number,
        period=taken.period,
        base=taken.base,
        unit=taken.unit,
        at=local_time(taken.at),
        actor=taken.actor,
        sha256=taken.sha256,
    )


def _said(console: Console, one: Detail | None) -> str:
    """Return what a dossier is in a report: both readings, and what became of it."""
    if one is None:
        return console.word("snapshot.absent")
    names = (name_of(each, console.language) for each in (one.archival, one.portal, one.outcome) if each is not None)
    return ", ".join(names)


def _as_json(taken: Snapshot) -> dict[str, Any]:
    return {
        "number": taken.number,
        "at": taken.at.isoformat(),
        "actor": taken.actor,
        "sha256": taken.sha256,
        "unit": taken.unit,
        "period": taken.period,
        "base": taken.base,
        "note": taken.note,
    }


def _diff_as_json(old: Frozen, new: Frozen, changes: list[Change]) -> dict[str, Any]:
    return {
        "before": as_json(old.figures),
        "after": as_json(new.figures),
        "changes": [
            {"code": one.code, "before": _detail_as_json(one.before), "after": _detail_as_json(one.after)}
            for one in changes
        ],
    }


def _detail_as_json(one: Detail | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "field": one.field,
        "procedure": one.procedure,
        "outcome": one.outcome,
        "archival": one.archival,
        "portal": one.portal,
    }
