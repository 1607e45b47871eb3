"""`hososo retry [DOSSIER]`: try once more what was set aside."""

from __future__ import annotations

import click

from hososo.commands.show import known_dossier
from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.retrying import retry


@click.command("retry")
@click.argument("code", required=False)
@click.pass_obj
def command(console: Console, code: str | None) -> int:
    """Make what was set aside ready again, of one dossier or of all."""
    with services(console.settings) as ready:
        dossier = None
        if code:
            with ready.catalogue.read() as tx:
                dossier = known_dossier(tx, code)
        count = retry(ready, dossier)
    console.say("retry.done", count=count)
    console.result("retry", {"ready_again": count})
    return Exit.OK
