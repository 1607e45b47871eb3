"""`hososo station import`: a tree or a removable disk, compared with its list, into the hot folder."""

from __future__ import annotations

from pathlib import Path

import click

from dossier.errors import Code, Rejected, Unavailable
from hososo.commands.station_scan import CONFIG, asked_for_secrets
from hososo.console import Console, Exit
from station.importing import Import, Imported
from station.paths import rooted
from station.settings import read_settings

_SHOWN = 100


@click.command("import")
@click.argument("tree", type=click.Path(file_okay=False, path_type=Path))
@CONFIG
@click.option("--not-secret", is_flag=True)
@click.pass_obj
def import_tree(console: Console, tree: Path, config: Path, *, not_secret: bool) -> int:
    """Give whole dossiers of a tree to the agent; name what is missing, another, too many or out of place."""
    settings = read_settings(config)
    if not settings.folders:
        raise Rejected(Code.SETTINGS_INVALID, "no [[folder]]", subject="folder")
    if not tree.is_dir():
        raise Rejected(Code.FOLDER_NOT_FOUND, subject=tree.name)
    asked_for_secrets(console, tree.name, not_secret=not_secret)
    try:
        told = Import(rooted(tree), settings.folders[0].path, settings.state).run()
    except OSError as exc:
        raise Unavailable(Code.STATION_FOLDER_AWAY, type(exc).__name__, subject=tree.name) from exc
    return _told(console, told)


def _told(console: Console, told: Imported) -> int:
    console.say("station.imported", dossiers=len(told.dossiers), files=told.files, known=len(told.known))
    if not told.has_list:
        console.say("station.no_list")
    named = {"missing": told.missing, "differing": told.differing, "extra": told.extra, "unplaced": told.unplaced}
    for kind, names in named.items():
        for name in names[:_SHOWN]:
            console.say(f"station_import.{kind}", name=name)
        if len(names) > _SHOWN:
            console.say("station.more", count=len(names) - _SHOWN)
    if told.missing or told.differing:
        console.line(console.problem(Code.DELIVERY_INCOMPLETE))
    value = {"dossiers": told.dossiers, "known": told.known, "files": told.files, "has_list": told.has_list}
    console.result("station import", {**value, **named, "complete": told.is_complete})
    return Exit.OK if told.is_complete else Exit.NEEDS_PERSON
