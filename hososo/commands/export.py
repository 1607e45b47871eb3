"""`hososo export DOSSIER DIR`: everything of a dossier as plain files that can be checked without this program."""

from __future__ import annotations

from pathlib import Path

import click

from hososo.commands.show import known_dossier
from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.export import export
from pipeline.transcripts import FORMS


@click.command("export")
@click.argument("code")
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.option("--text", "forms", type=click.Choice(tuple(FORMS)), multiple=True)
@click.pass_obj
def command(console: Console, code: str, target: Path, forms: tuple[str, ...]) -> int:
    """Export a dossier into a new or empty folder."""
    with services(console.settings) as ready:
        with ready.catalogue.read() as tx:
            dossier = known_dossier(tx, code)
        files = export(dossier, target, ready, forms)
    console.say("export.done", count=len(files), target=target)
    console.result("export", {"dossier": dossier.code, "target": str(target), "files": files})
    return Exit.OK
