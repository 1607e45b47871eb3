"""`hososo scrub`: read a part of the archive, mend what is bad, say what cannot be mended."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import click

from dossier.errors import Code, Unavailable
from hososo.console import Console, Exit
from hososo.fixity import rules_of, second_copy_of
from hososo.fixity_state import fixity_state
from hososo.home import Home
from hososo.stopping import stop_on_signal
from hososo.wiring import services
from pipeline.fixity import scrub
from workers.runs import new_run_id

_AT_ONCE = 1e-6  # days within which everything is to be read: now


@click.command("scrub")
@click.option("--all", "everything", is_flag=True)
@click.pass_obj
def command(console: Console, *, everything: bool) -> int:
    """Read what is due, or everything; the exit code says whether the archive is whole."""
    settings = console.settings
    Home(settings.home).check()
    rules = rules_of(settings, longest=math.inf)
    if everything:
        rules = replace(rules, days=_AT_ONCE, sample=0.0)
    with services(settings) as ready, stop_on_signal() as stopped:
        done = scrub(ready, rules, new_run_id(), second=second_copy_of(settings), stop=stopped)
        if done is None:
            raise Unavailable(Code.FOLDER_BUSY, "another process is scrubbing")
        with ready.catalogue.read() as tx:
            state = fixity_state(tx, settings, ready.clock())
    console.say("scrub.done", objects=done.objects, mib=done.bytes >> 20, mended=done.mended, bad=done.bad)
    for line in state.lines(console):
        console.line(line)
    console.result("scrub", {**asdict(done), "fixity": state.as_json()})
    if not state.sound:
        return Exit.NOT_SOUND
    return Exit.OK if done.finished else Exit.INTERRUPTED
