"""`hososo replace DOSSIER --reason REASON --approved-by ACCOUNT`: signed documents may be replaced."""

from __future__ import annotations

import re

import click

from dossier.states import ReplacedFor
from hososo.commands.show import known_dossier
from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.replacing import Approval, approve

_ACCOUNT = re.compile(r"[A-Za-z0-9._@-]{2,64}")


def _account(context: click.Context, parameter: click.Parameter, value: str) -> str:
    del context
    if not _ACCOUNT.fullmatch(value):
        raise click.BadParameter(_ACCOUNT.pattern, param=parameter)
    return value


@click.command("replace")
@click.argument("code")
@click.option("--reason", "replaced_for", type=click.Choice([reason.value for reason in ReplacedFor]), required=True)
@click.option("--approved-by", callback=_account, required=True)
@click.pass_obj
def command(console: Console, code: str, replaced_for: str, approved_by: str) -> int:
    """Record the approval; the next `digitise`, or a worker, goes on with the delivery."""
    with services(console.settings) as ready:
        with ready.catalogue.read() as tx:
            dossier = known_dossier(tx, code)
        count = approve(dossier, Approval(ReplacedFor(replaced_for), approved_by), ready)
    console.say("replace.done", documents=count, reason=console.word(f"replace_reasons.{replaced_for}"))
    console.result("replace", {"dossier": dossier.code, "reason": replaced_for, "documents": count})
    return Exit.OK
