"""`hososo account token …`: what stations ask through the API with."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from catalog import accounts, station_tokens
from catalog.station_tokens import StationToken
from dossier.errors import Code, Rejected
from hososo.console import Console, Exit, local_time
from hososo.wiring import services
from pipeline import people
from pipeline import station_tokens as tokens

_AT_THE_MACHINE = "console"
_YEAR = 365


@click.group("token")
def command() -> None:
    """Group of the commands on tokens of stations."""


@command.command("add")
@click.argument("login")
@click.option("--station", required=True)
@click.option("--token-days", type=click.IntRange(1, 400), default=_YEAR)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def add(console: Console, login: str, station: str, token_days: int, to: Path | None) -> int:
    """Make a token for a station; it is shown, or written to a file of its owner only, this once."""
    with services(console.settings) as ready:
        own = people.known_account(login, ready)
        made, token = tokens.issue(own, station, ready.clock() + timedelta(days=token_days), _AT_THE_MACHINE, ready)
    if to is None:
        console.say("account.token", station=made.name, until=local_time(made.expires_at))
        console.line(token)
    else:
        _write(to, token)
        console.say("report.written", path=to)
    shown = {"token": token if to is None else "", "path": str(to) if to else None}
    console.result("account token add", {**_as_json(made, own.login), **shown})
    return Exit.OK


@command.command("list")
@click.pass_obj
def list_all(console: Console) -> int:
    """List the tokens: to which station, until when, last used; never the tokens themselves."""
    with services(console.settings) as ready, ready.catalogue.read() as tx:
        found, logins = station_tokens.every(tx), {own.id: own.login for own in accounts.every(tx)}
        now = ready.clock()
    for one in found:
        console.say(
            "account.token_one",
            station=one.name,
            login=logins[one.account_id],
            state=console.word("account.open" if one.open_at(now) else "account.shut"),
            until=local_time(one.expires_at),
            used=local_time(one.used_at) if one.used_at else "-",
        )
    console.result("account token list", {"tokens": [_as_json(one, logins[one.account_id]) for one in found]})
    return Exit.OK


@command.command("revoke")
@click.argument("login")
@click.option("--station", required=True)
@click.pass_obj
def revoke(console: Console, login: str, station: str) -> int:
    """Take back the tokens that a station has of an account."""
    with services(console.settings) as ready:
        own = people.known_account(login, ready)
        with ready.catalogue.read() as tx:
            known = [each for each in station_tokens.every(tx) if (each.account_id, each.name) == (own.id, station)]
        if not known:
            raise Rejected(Code.ACCOUNT_UNKNOWN, "station", subject=station[:64])
        gone = [tokens.revoke(each.id, _AT_THE_MACHINE, ready) for each in known]
    console.say("account.token_revoked", station=station, count=len(gone))
    console.result("account token revoke", {"tokens": [_as_json(each, own.login) for each in gone]})
    return Exit.OK


def _write(path: Path, token: str) -> None:
    """Write a token into a new file that its owner alone can read."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as exc:
        raise Rejected(Code.EXPORT_TARGET, exc.strerror or "", subject=str(path)) from exc
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(token + "\n")


def _as_json(one: StationToken, login: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "login": login,
        "station": one.name,
        "until": one.expires_at.isoformat(),
        "revoked": one.revoked_at.isoformat() if one.revoked_at else None,
        "used": one.used_at.isoformat() if one.used_at else None,
    }
