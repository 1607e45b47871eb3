"""`hososo backup FOLDER`: catalogue and objects, consistent while others work."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import click

from dossier.errors import Code, Rejected
from hososo.console import Console, Exit
from hososo.home import Home
from hososo.servers import object_store
from hososo.telling import now_and_then
from hososo.wiring import now, open_catalogue
from pipeline.backup import BackedUp, backup
from pipeline.installation import Installation
from storage.local import LocalObjectStore

_SHOWN = 20


@click.command("backup")
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(min=1))
@click.pass_obj
def command(console: Console, target: Path, keep: int | None) -> int:
    """Back up; exit code 5 when an object could not be copied."""
    settings = console.settings
    _check_apart(Home(settings.home), target)
    os.umask(0o077)  # it names people
    with closing(open_catalogue(settings)) as catalogue:
        tell = now_and_then(lambda count, total: console.say("backup.progress", done=count, total=total))
        source = Installation(catalogue, object_store(settings), now)
        done = backup(source, target, LocalObjectStore(target), keep, tell)
    _tell(console, done, target)
    console.result(
        "backup",
        {
            "name": done.name,
            "rows": done.rows,
            "objects": done.objects,
            "bytes": done.bytes,
            "copied": done.copied,
            "absent": len(done.absent),
            "faults": [{"sha256": digest, "code": code.value} for digest, code in done.faults.items()],
            "removed": done.removed,
            "objects_removed": done.objects_removed,
        },
    )
    return Exit.NOT_SOUND if done.faults else Exit.OK


def _check_apart(home: Home, target: Path) -> None:
    if target.resolve().is_relative_to(home.root.resolve()):
        raise Rejected(Code.SETTINGS_INVALID, "home and backup must lie apart", subject=target.name)


def _tell(console: Console, done: BackedUp, target: Path) -> None:
    console.say("backup.done", name=done.name, target=target, objects=done.objects, copied=done.copied, rows=done.rows)
    if done.removed:
        console.say("backup.removed", count=done.removed, objects=done.objects_removed)
    if done.faults:
        console.say("backup.not_whole", count=len(done.faults))
        for digest, code in list(done.faults.items())[:_SHOWN]:
            console.line("  " + console.problem(code, digest))
