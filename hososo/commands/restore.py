"""`hososo restore FOLDER`: an installation out of a backup, into an empty place."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import click

from dossier.errors import Code, Rejected
from hososo.console import Console, Exit
from hososo.home import Home
from hososo.servers import catalogue_of, object_store
from hososo.settings import Settings
from hososo.telling import now_and_then
from hososo.wiring import now, services
from pipeline.backup_parts import CATALOGUES
from pipeline.indexing import bring_up_to_date
from pipeline.installation import Installation
from pipeline.restoring import Restored, restore
from storage.local import LocalObjectStore

_SHOWN = 20


@click.command("restore")
@click.argument("source", type=click.Path(file_okay=False, path_type=Path))
@click.option("--at", "backup_name", default="")
@click.pass_obj
def command(console: Console, source: Path, backup_name: str) -> int:
    """Restore; exit code 5 when not everything is there or sound, 3 when folders must be digitised again."""
    settings = console.settings
    if not (source / CATALOGUES).is_dir():
        raise Rejected(Code.BACKUP_INVALID, "no backup here", subject=source.name)
    os.umask(0o077)
    home = Home(settings.home)
    home.make()
    with closing(catalogue_of(settings)) as catalogue:
        into = Installation(catalogue, object_store(settings), now)
        tell = now_and_then(lambda count, total: console.say("restore.progress", done=count, total=total))
        done = restore(source, LocalObjectStore(source), into, backup_name, tell)
    indexed = index_anew(settings)
    _tell(console, done)
    faults = [{"sha256": digest, "code": code.value} for digest, code in done.faults.items()]
    console.result(
        "restore",
        {
            "name": done.name,
            "dossiers": done.dossiers,
            "objects": done.objects,
            "documents_indexed": indexed,
            "faults": faults,
            "broken": done.broken,
            "seals": done.seals,
            "access_log": done.access_log,
            "abandoned": done.abandoned,
        },
    )
    if not done.whole:
        return Exit.NOT_SOUND
    return Exit.NEEDS_PERSON if done.abandoned else Exit.OK


def index_anew(settings: Settings) -> int:
    """Fill a search index of its own from a catalogue that was filled; return how many documents went into it.

    An index that was there belongs to another catalogue: its mark says nothing about this one.
    """
    shutil.rmtree(Home(settings.home).index, ignore_errors=True)
    with services(settings) as ready:
        return bring_up_to_date(ready)


def tell_abandoned(console: Console, codes: list[str]) -> None:
    """Say which dossiers have to be digitised again."""
    if codes:
        console.say("restore.abandoned", count=len(codes))
        for code in codes:
            console.line(f"  {code}")


def _tell(console: Console, done: Restored) -> None:
    console.say("restore.done", name=done.name, dossiers=done.dossiers, objects=done.objects)
    tell_abandoned(console, done.abandoned)
    for digest, code in list(done.faults.items())[:_SHOWN]:
        console.line("  " + console.problem(code, digest))
    for subject in [*done.broken[:_SHOWN], *filter(None, (done.seals, done.access_log))]:
        console.line("  " + console.problem(Code.EVENT_CHAIN_BROKEN, subject))
    console.say("restore.sound" if done.whole else "restore.not_whole")
