"""`hososo token`: which tokens the driver sees, and that a refused PIN has been corrected."""

from __future__ import annotations

import click

from hososo.console import Console, Exit
from hososo.keys import pin_guard
from signing.token import listed


@click.command("token")
@click.option("--pin-corrected", is_flag=True)
@click.pass_obj
def command(console: Console, *, pin_corrected: bool) -> int:
    """List the tokens; no PIN is used for it."""
    settings = console.settings
    forgiven = pin_guard(settings).forgive() if pin_corrected else 0
    if forgiven:
        console.say("token.forgiven")
    tokens = listed(str(settings.token_driver), settings.token_seconds) if settings.token_driver else []
    for token in tokens:
        keys = ", ".join(sorted(set(token["certificates"])))
        console.say("token.seen", label=token["label"], serial=token["serial"], keys=keys)
    if not tokens:
        console.say("token.none" if settings.token_driver else "token.no_driver")
    console.result("token", {"tokens": tokens, "forgiven": forgiven})
    return Exit.OK
