"""`hososo sign-agent`: sign what waits on a server with the token plugged in here; also on Windows."""

from __future__ import annotations

import getpass
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from dossier.errors import Code, Rejected
from dossier.states import SignerRole
from hososo.console import Console, Exit
from hososo.secrets import read_password
from hososo.token_settings import key_from_file, token_settings
from signing.agent import Outcome, sign_batch
from signing.desk_client import DeskClient, Wanted
from signing.port import Signer
from signing.token import TokenSigner

_TOKEN_VARIABLE = "HOSOSO_AGENT_TOKEN"  # noqa: S105 - the name of a variable
_SHOWN = 40


@click.command("sign-agent")
@click.option("--server", required=True)
@click.option("--access-token-file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--ca-file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--watch", type=click.FloatRange(min=1))
@click.option("--role", type=click.Choice([role.value for role in SignerRole]), default=SignerRole.AGENCY.value)
@click.option("--batch", default="")
@click.option("--yes", is_flag=True)
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    console: Console,
    *,
    server: str,
    access_token_file: Path | None,
    ca_file: Path | None,
    watch: float | None,
    role: str,
    batch: str,
    yes: bool,
) -> int:
    """Sign one batch, or one after the other."""
    desk = DeskClient(server, _access_token(console, access_token_file), ca_file, SignerRole(role), batch)
    while desk.waiting() == 0:
        if watch is None:
            console.say("sign_agent.nothing")
            console.result("sign-agent", {"listed": 0, "signed": 0, "failed": 0})
            return Exit.OK
        time.sleep(watch)
    with _signer(console) as signer:
        outcome = sign_batch(
            desk, signer, console.settings.signing_most, lambda wanted: _agreed(console, wanted, yes=yes)
        )
    return _told(console, outcome)


def _told(console: Console, outcome: Outcome) -> int:
    for wanted, code in outcome.failures:
        console.line(console.problem(code, wanted.short))
    left = outcome.listed - outcome.signed
    console.say("sign_agent.done", signed=outcome.signed, left=left)
    counts = {"listed": outcome.listed, "signed": outcome.signed, "failed": len(outcome.failures)}
    if outcome.stopped is not None:
        raise outcome.stopped
    console.result("sign-agent", counts)
    return Exit.NEEDS_PERSON if outcome.failures else Exit.OK


def _agreed(console: Console, wanted: Sequence[Wanted], *, yes: bool) -> bool:
    kinds = Counter(each.kind for each in wanted)
    console.say("sign_agent.listed", count=len(wanted))
    for kind, count in kinds.most_common():
        console.say("sign_agent.of_kind", count=count, kind=kind)
    for each in wanted[:_SHOWN]:
        console.say("sign_agent.one", short=each.short, kind=each.kind)
    if len(wanted) > _SHOWN:
        console.say("sign_agent.more", count=len(wanted) - _SHOWN)
    return yes or click.confirm(console.word("sign_agent.ask"), default=False, err=True)


@contextmanager
def _signer(console: Console) -> Iterator[Signer]:
    settings = console.settings
    if settings.token_driver is not None:
        asked = token_settings(settings, settings.token_driver, lambda: getpass.getpass(console.word("sign_agent.pin")))
        with TokenSigner(asked) as signer:
            yield signer
    elif settings.key_file is not None:
        yield key_from_file(settings, settings.key_file, settings.key_passphrase_file)
    else:
        raise Rejected(Code.SETTINGS_INVALID, "neither token_driver nor key_file", subject="token_driver")


def _access_token(console: Console, file: Path | None) -> str:
    """Return the access token; it comes from a file or the environment, never from an argument."""
    found = read_password(file, "--access-token-file", console.settings.profile) or os.environ.get(_TOKEN_VARIABLE, "")
    if not found.isascii() or not found.isprintable() or not found:
        raise Rejected(Code.SETTINGS_INVALID, f"no access token in file or {_TOKEN_VARIABLE}", subject="access-token")
    return found
