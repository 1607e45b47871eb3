"""`hososo give-up DOSSIER --reason REASON`: what was set aside will not be digitised, and why."""

from __future__ import annotations

import click

from dossier.states import GivenUpFor
from hososo.commands.show import known_dossier
from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.giving_up import give_up


@click.command("give-up")
@click.argument("code")
@click.option("--reason", type=click.Choice([reason.value for reason in GivenUpFor]), required=True)
@click.pass_obj
def command(console: Console, code: str, reason: str) -> int:
    """Give up whatever of a dossier was set aside."""
    with services(console.settings) as ready:
        with ready.catalogue.read() as tx:
            dossier = known_dossier(tx, code)
        given_up = give_up(dossier, GivenUpFor(reason), ready)
    told = console.word(f"give_up_reasons.{reason}")
    console.say("give_up.done", documents=given_up.documents, others=given_up.others, reason=told)
    console.result(
        "give-up",
        {"dossier": dossier.code, "reason": reason, "documents": given_up.documents, "others": given_up.others},
    )
    return Exit.OK
