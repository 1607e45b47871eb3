"""`hososo account log`: the access log checked, written out, and as a folder for an auditor."""

from __future__ import annotations

import json
from pathlib import Path

import click

from catalog import access
from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.access_checking import check_access_log, strays
from pipeline.access_export import export_access_log
from pipeline.services import Services


@click.command("log")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--export", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def command(console: Console, to: Path | None, export: Path | None) -> int:
    """Check the access log, and write it out; exit code 5 when it is not sound."""
    with services(console.settings) as ready:
        with ready.catalogue.read() as tx:
            done = check_access_log(tx, ready.store)
            done.faults += strays(tx, ready.store)
        if to is not None:
            _write(to, ready)
        if export is not None:
            export_access_log(export, ready)
    if done.sound:
        console.say("account.log", count=done.lines, head=done.head)
    console.say("account.log_stored", segments=done.segments, unstored=done.unstored)
    for fault in done.faults:
        console.line(f"  {console.problem(fault.code, fault.subject)} {fault.detail}")
    for path in filter(None, (to, export)):
        console.say("report.written", path=path)
    console.result(
        "account log",
        {
            "lines": done.lines,
            "head": done.head,
            "segments": done.segments,
            "unstored": done.unstored,
            "faults": [{"code": each.code, "subject": each.subject, "detail": each.detail} for each in done.faults],
            "path": str(to) if to else None,
            "export": str(export) if export else None,
        },
    )
    return Exit.OK if done.sound else Exit.NOT_SOUND


def _write(path: Path, ready: Services) -> None:
    with ready.catalogue.read() as tx, path.open("w", encoding="utf-8") as stream:
        for line in access.lines(tx):
            stream.write(json.dumps(access.as_hashed(line), ensure_ascii=False, sort_keys=True) + "\n")
