"""`hososo status`: where everything stands and what a person must deal with."""

from __future__ import annotations

import click

from hososo.console import Console
from hososo.overview import overview
from hososo.wiring import open_catalogue


@click.command("status")
@click.pass_obj
def command(console: Console) -> int:
    """Tell the state; the exit code says whether somebody must act."""
    catalogue = open_catalogue(console.settings)
    state = overview(catalogue, console.settings)
    catalogue.close()
    for line in state.lines(console):
        console.line(line)
    if not state.exit_code():
        console.say("status.all_well")
    console.result("status", state.as_json())
    return state.exit_code()
