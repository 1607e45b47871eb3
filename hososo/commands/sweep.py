"""`hososo sweep`: remove what killed runs left behind."""

from __future__ import annotations

import click

from dossier.errors import Code, Unavailable
from hososo.console import Console, Exit
from hososo.home import Home
from hososo.wiring import services
from pipeline.sweeping import sweep
from workers.runner import free_claims_of_dead_runs
from workers.runs import process_is_alive


@click.command("sweep")
@click.pass_obj
def command(console: Console) -> int:
    """Sweep while nobody works."""
    home = Home(console.settings.home)
    home.check()
    with services(console.settings) as ready, home.alone() as got:
        if not got:
            raise Unavailable(Code.FOLDER_BUSY, "a run is under way")
        free_claims_of_dead_runs(ready, process_is_alive)
        swept = sweep(ready)
    console.say("sweep.done", objects=swept.objects, batches=swept.batches, files=swept.files)
    console.result("sweep", {"objects": swept.objects, "batches": swept.batches, "files": swept.files})
    return Exit.OK
