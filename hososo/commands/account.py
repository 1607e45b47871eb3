"""`hososo account …`: who may sign in to the pages, and what they did there (`account_log`)."""

from __future__ import annotations

import getpass
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from catalog import accounts
from catalog import identities as entries
from dossier.errors import Code, Rejected
from dossier.people import Account, Role
from dossier.register import VIETNAM
from hososo.commands import account_log, account_provider, account_token
from hososo.commands.account_provider import provider_json, provider_line
from hososo.console import Console, Exit, local_time
from hososo.secrets import read_password
from hososo.wiring import services
from pipeline import identities, people

_ROLES = click.Choice([role.value for role in Role])
_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(dir_okay=False, path_type=Path)
_AT_THE_MACHINE = "console"


@click.group("account")
def command() -> None:
    """Group of the commands on accounts."""


command.add_command(account_token.command)
command.add_command(account_log.command)
command.add_command(account_provider.command)


@command.command("add")
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", "roles", type=_ROLES, multiple=True, required=True)
@click.option("--units", "units")
@click.option("--until", type=_DAY)
@click.option("--password-file", type=_FILE)
@click.option("--provider-name", "provider_name")
@click.pass_obj
def add(  # noqa: PLR0913, PLR0917 - one parameter an option
    console: Console,
    login: str,
    name: str,
    roles: tuple[str, ...],
    units: str | None,
    until: datetime | None,
    password_file: Path | None,
    provider_name: str | None,
) -> int:
    """Make an account: with a first password, to be changed, or one that is entered through the identity provider."""
    password = "" if provider_name and password_file is None else _password(console, password_file)
    own = Account("", login, name, frozenset(map(Role, roles)), _units(units), _end(until))
    with services(console.settings) as ready:
        if provider_name:
            made = identities.create(own, provider_name, password, _AT_THE_MACHINE, ready)
        else:
            made = people.create(own, password, _AT_THE_MACHINE, ready)
    _tell(console, made)
    console.result("account add", _as_json(made))
    return Exit.OK


@command.command("list")
@click.pass_obj
def list_all(console: Console) -> int:
    """List the accounts."""
    with services(console.settings) as ready, ready.catalogue.read() as tx:
        found, through = accounts.every(tx), entries.every(tx)
    for one in found:
        _tell(console, one)
        if one.id in through:
            console.line("  " + provider_line(console, one, through[one.id]))
    told = [{**_as_json(one), "provider": provider_json(through.get(one.id))} for one in found]
    console.result("account list", {"accounts": told})
    return Exit.OK


@command.command("change")
@click.argument("login")
@click.option("--role", "roles", type=_ROLES, multiple=True)
@click.option("--units", "units")
@click.option("--until", type=_DAY)
@click.option("--shut/--open", "shut", default=None)
@click.pass_obj
def change(
    console: Console,
    login: str,
    roles: tuple[str, ...],
    units: str | None,
    until: datetime | None,
    *,
    shut: bool | None,
) -> int:
    """Change roles, units or end of an account, or shut it; whoever is signed in with it is signed out."""
    with services(console.settings) as ready:
        own = people.known_account(login, ready)
        own = replace(
            own,
            roles=frozenset(map(Role, roles)) or own.roles,
            units=own.units if units is None else _units(units),
            until=_end(until) if until else own.until,
            disabled=own.disabled if shut is None else shut,
        )
        people.change(own, _AT_THE_MACHINE, ready)
    _tell(console, own)
    console.result("account change", _as_json(own))
    return Exit.OK


@command.command("password")
@click.argument("login")
@click.option("--password-file", type=_FILE)
@click.pass_obj
def password(console: Console, login: str, password_file: Path | None) -> int:
    """Set another password for somebody who has forgotten it."""
    with services(console.settings) as ready:
        own = people.known_account(login, ready)
        people.set_password(own, _password(console, password_file), _AT_THE_MACHINE, ready)
    console.say("account.password_set", login=own.login)
    console.result("account password", {"login": own.login})
    return Exit.OK


@command.command("totp")
@click.argument("login")
@click.option("--remove", is_flag=True)
@click.pass_obj
def totp(console: Console, login: str, *, remove: bool) -> int:
    """Ask for a code from a phone as well, or no longer."""
    with services(console.settings) as ready:
        own = people.known_account(login, ready)
        if remove:
            people.no_totp(own, _AT_THE_MACHINE, ready)
            address = ""
        else:
            address = people.new_totp(own, _AT_THE_MACHINE, ready)
    if remove:
        console.say("account.totp_off", login=own.login)
    else:
        console.say("account.totp", login=own.login, address=address)
    console.result("account totp", {"login": own.login, "on": not remove, "address": address})
    return Exit.OK


def _password(console: Console, file: Path | None) -> str:
    """Return a password from a file or the terminal, never from an argument."""
    if file is not None:
        return read_password(file, "--password-file", console.settings.profile)
    if not sys.stdin.isatty():
        raise Rejected(Code.PASSWORD_WEAK, "no terminal to ask at; name a --password-file")
    first = getpass.getpass(console.word("account.ask"))
    if first != getpass.getpass(console.word("account.again")):
        raise Rejected(Code.PASSWORD_WEAK, "the two differ")
    return first


def _units(text: str | None) -> frozenset[str] | None:
    """Return unit codes; nothing given means every unit."""
    codes = frozenset((text or "").replace(",", " ").split())
    return codes or None


def _end(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=VIETNAM) if day else None


def _tell(console: Console, own: Account) -> None:
    console.say(
        "account.one",
        login=own.login,
        name=own.name,
        roles=", ".join(console.word(f"people_roles.{role}") for role in sorted(own.roles)),
        units=console.word("account.every_unit") if own.units is None else ", ".join(sorted(own.units)),
        state=console.word("account.shut" if own.disabled else "account.open"),
        until=local_time(own.until) if own.until else "-",
    )


def _as_json(own: Account) -> dict[str, Any]:
    return {
        "id": own.id,
        "login": own.login,
        "name": own.name,
        "roles": sorted(own.roles),
        "units": None if own.units is None else sorted(own.units),
        "until": own.until.isoformat() if own.until else None,
        "disabled": own.disabled,
        "must_change": own.must_change,
        "second_factor": own.totp,
    }
