"""`hososo snapshot take|list|show|diff|pdf|sign`: fixed reports (chốt số liệu), and their signed form."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from catalog import signed_reports, snapshots
from catalog.signed_reports import SignedReport
from catalog.snapshots import Snapshot
from hososo.asking import answerable, bring_up_to_date, question_options
from hososo.console import Console, Exit, local_time
from hososo.wiring import services
from pipeline.freezing import frozen_now, known, take, thawed
from pipeline.questions import Asked
from pipeline.reporting import sign_report, stored_report, take_signed
from pipeline.scratch import working_folder
from reports.as_json import as_json
from reports.lists import Detail
from reports.numbers import count
from reports.printed.report import write_report_pdf
from reports.snapshot import Change, Frozen, difference
from reports.target import write_whole
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
            frozen = frozen_now(tx, answerable(tx, ready, console, asked))
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
        with ready.catalogue.read() as tx:
            signed = signed_reports.find(tx, number)
    for line in lines(frozen.figures, console.language):
        console.line(line)
    _tell(console, taken)
    if signed is not None:
        _tell_signed(console, signed)
    value = {**_as_json(taken), "signed": _signed_as_json(signed) if signed else None}
    console.result("snapshot show", {**value, "report": as_json(frozen.figures)})
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


@command.command("pdf")
@click.argument("number", type=int)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--unsigned", is_flag=True)
@click.pass_obj
def pdf(console: Console, number: int, to: Path, *, unsigned: bool) -> int:
    """Write a fixed report as PDF: its signed form, or a print of it where it has none."""
    with services(console.settings) as ready:
        taken = known(number, ready)
        with ready.catalogue.read() as tx:
            signed = None if unsigned else signed_reports.find(tx, number)
        if signed is None:
            write_report_pdf(thawed(taken, ready).figures, to, console.language)
        else:
            with stored_report(signed, ready) as file:
                write_whole(file.read_bytes(), to)
    console.say("report.written", path=to)
    console.result("snapshot pdf", {"number": number, "signed": signed.sha256 if signed else None, "path": str(to)})
    return Exit.OK


@command.command("sign")
@click.argument("number", type=int)
@click.option("--signed-file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "entered_by", default="")
@click.pass_obj
def sign(console: Console, number: int, signed_file: Path | None, entered_by: str) -> int:
    """Sign the print of a fixed report with the agency's key, or take one in that was signed elsewhere."""
    with services(console.settings) as ready, working_folder(ready.scratch) as folder:
        taken = known(number, ready)
        printed, actor = folder / "print.pdf", entered_by or ready.office.actor
        write_report_pdf(thawed(taken, ready).figures, printed, console.language)
        if signed_file is None:
            signed = sign_report(taken, printed, actor, ready)
        else:
            signed = take_signed(taken, printed, signed_file, actor, ready)
    _tell_signed(console, signed)
    console.result("snapshot sign", _signed_as_json(signed))
    return Exit.OK


def _tell_signed(console: Console, signed: SignedReport) -> None:
    facts = signed.facts
    console.say(
        "snapshot.signed",
        number=signed.snapshot,
        signer=facts.signer,
        level=facts.level,
        at=local_time(datetime.fromisoformat(facts.signed_at)),
        sha256=signed.sha256,
    )
    if facts.development:
        console.say("verify.development")


def _signed_as_json(signed: SignedReport) -> dict[str, Any]:
    facts = signed.facts
    return {
        "number": signed.snapshot,
        "sha256": signed.sha256,
        "at": signed.at.isoformat(),
        "actor": signed.actor,
        "made_here": signed.made_here,
        "signer": facts.signer,
        "level": facts.level,
        "signatures": facts.signatures,
        "signed_at": facts.signed_at,
        "development": facts.development,
    }


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
