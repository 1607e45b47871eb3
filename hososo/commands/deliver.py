"""`hososo deliver PATH…`: hand dossier folders over to the workers of this installation, wherever they run."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from dossier.states import Priority
from hososo.commands.digitise import tally
from hososo.console import Console, Exit
from hososo.home import Home
from hososo.wiring import services
from pipeline.delivery import deliver


@click.command("deliver")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--backlog", is_flag=True)
@click.pass_obj
def command(console: Console, paths: tuple[Path, ...], *, backlog: bool) -> int:
    """Enqueue what is new or changed in the folders, and return at once."""
    home = Home(console.settings.home)
    home.check()
    with ExitStack() as stack:
        ready = stack.enter_context(services(console.settings))
        for path in paths:
            stack.enter_context(home.one_run_over(path))
        priority = Priority.BACKLOG if backlog else Priority.COUNTER
        looked = [item for path in paths for item in deliver(path, ready, priority)]
    counted = tally(looked)
    console.say("digitise.looked", **counted)
    if not looked:
        console.say("digitise.nothing_found")
    console.result("deliver", {"dossiers": counted})
    return Exit.NEEDS_PERSON if counted["problem"] else Exit.OK
