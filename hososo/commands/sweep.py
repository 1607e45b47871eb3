"""`hososo sweep`: remove what killed runs left behind."""

from __future__ import annotations

import click

from dossier.errors import Code, Unavailable
from hososo.console import Console, Exit
from hososo.duties import sweep_here
from hososo.home import Home
from hososo.wiring import services
from workers.pool import free_claims_of_dead_runs


@click.command("sweep")
@click.pass_obj
def command(console: Console) -> int:
    """Sweep; others may work meanwhile."""
    Home(console.settings.home).check()
    with services(console.settings) as ready:
        free_claims_of_dead_runs(ready)
        swept = sweep_here(ready, console.settings)
    if swept is None:
        raise Unavailable(Code.FOLDER_BUSY, "a sweep is under way")
    console.say("sweep.done", objects=swept.objects, batches=swept.batches, files=swept.files)
    console.result("sweep", {"objects": swept.objects, "batches": swept.batches, "files": swept.files})
    return Exit.OK
