"""`hososo drain`: give out no new work, so that nothing is under way when the program is upgraded."""

from __future__ import annotations

import time

import click

from catalog import chores, queue
from dossier.errors import Code, Unavailable
from hososo.console import Console, Exit
from hososo.wiring import now, open_catalogue

_LOOK_SECONDS = 0.5


@click.command("drain")
@click.option("--off", is_flag=True)
@click.option("--wait", type=click.FloatRange(min=0), default=0.0)
@click.pass_obj
def command(console: Console, *, off: bool, wait: float) -> int:
    """Switch the draining of the whole installation on or off."""
    catalogue = open_catalogue(console.settings)
    try:
        with catalogue.write() as tx:
            chores.set_draining(tx, now(), on=not off)
        deadline = time.monotonic() + wait
        while True:
            with catalogue.read() as tx:
                busy = len(queue.claimed(tx))
            if busy == 0 or off or time.monotonic() > deadline:
                break
            time.sleep(_LOOK_SECONDS)
    finally:
        catalogue.close()
    console.say("drain.off" if off else "drain.on", busy=busy)
    console.result("drain", {"draining": not off, "under_way": busy})
    if wait and busy and not off:
        raise Unavailable(Code.DRAINING, f"{busy} items under way")
    return Exit.OK
