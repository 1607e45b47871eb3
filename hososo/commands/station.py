"""`hososo station …`: the agent of a scanning station; also on Windows."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from hososo.commands.station_import import import_tree
from hososo.commands.station_scan import CONFIG, scan, scanner
from hososo.console import Console, Exit
from hososo.secrets import read_password
from hososo.stopping import stop_on_signal
from station import telling
from station.agent import ASIDE_WISH, STANDING, Agent
from station.alone import alone_over, is_alone
from station.queue import Queue
from station.returning import bring_again
from station.settings import StationSettings, read_settings

_TOKEN_VARIABLE = "HOSOSO_STATION_TOKEN"  # noqa: S105 - the name of a variable
_QUEUE = "hang-doi.db"


@click.group("station")
def command() -> None:
    """Group of the commands of a scanning station."""


@command.command("run")
@CONFIG
@click.option("--once", is_flag=True)
@click.pass_obj
def run(console: Console, config: Path, *, once: bool) -> int:
    """Watch the hot folders and hand over what is whole, until told to stop."""
    settings = read_settings(config)
    _check(settings)
    settings.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    token = _token(console, settings)
    token()  # told now, not by a station that never sends
    with alone_over(settings.state), closing(Queue(settings.state / _QUEUE)) as queue, stop_on_signal() as stopped:
        agent = Agent(settings, queue, token, stopped)
        if once:
            agent.once()
        else:
            console.say("station.running")
            agent.run()
    return _told(console, settings, "station run")


@command.command("status")
@CONFIG
@click.pass_obj
def status(console: Console, config: Path) -> int:
    """Tell what waits, since when and why; asks neither server nor folders."""
    return _told(console, read_settings(config), "station status")


@command.command("retry")
@click.argument("name", default="")
@CONFIG
@click.pass_obj
def retry(console: Console, name: str, config: Path) -> int:
    """Bring back into the hot folder what was given back, once it is mended."""
    count = sum(bring_again(folder.path, name) for folder in read_settings(config).folders)
    console.say("station.brought", count=count)
    console.result("station retry", {"files": count})
    return Exit.OK


@command.command("aside")
@click.argument("code")
@CONFIG
@click.pass_obj
def aside(console: Console, code: str, config: Path) -> int:
    """Have the agent give back a dossier that is not handed over yet."""
    parsed = parse_code(code)
    if parsed is None:
        raise Rejected(Code.FOLDER_CODE_UNKNOWN, subject=code[:60])
    settings = read_settings(config)
    with closing(_opened(settings)) as queue:
        count = queue.wish(parsed.normal, ASIDE_WISH)
    console.say("station.wished", count=count)
    console.result("station aside", {"batches": count})
    return Exit.OK


command.add_command(scan)
command.add_command(scanner)
command.add_command(import_tree)


def _check(settings: StationSettings) -> None:
    if not settings.server.startswith(("https://", "http://")):
        raise Rejected(Code.SETTINGS_INVALID, "https:// is wanted", subject="server")
    if not settings.folders:
        raise Rejected(Code.SETTINGS_INVALID, "no [[folder]]", subject="folder")


def _opened(settings: StationSettings) -> Queue:
    if not (settings.state / _QUEUE).is_file():
        raise Rejected(Code.SETTINGS_INVALID, "no station has run with these settings", subject="state")
    return Queue(settings.state / _QUEUE)


def _token(console: Console, settings: StationSettings) -> Callable[[], str]:
    """Return what gives the token: from its file each time, from the environment or by asking once; no argument."""
    if settings.token_file is not None:
        path = settings.token_file
        return lambda: _checked(read_password(path, "token_file", console.settings.profile))
    asked = _checked(os.environ.get(_TOKEN_VARIABLE) or getpass.getpass(console.word("station.ask_token")))
    return lambda: asked


def _checked(token: str) -> str:
    if not token.isascii() or not token.isprintable() or not token:
        raise Rejected(Code.SETTINGS_INVALID, f"no token in token_file or {_TOKEN_VARIABLE}", subject="token_file")
    return token


def _told(console: Console, settings: StationSettings, name: str) -> int:
    """Tell how the station is, as its agent has written it down last."""
    is_running = settings.state.is_dir() and not is_alone(settings.state)
    try:
        said: dict[str, Any] = json.loads((settings.state / STANDING).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        console.say("station.never_ran")
        console.result(name, {"running": is_running, "station": None})
        return Exit.WAITING
    console.result(name, {"running": is_running, "station": said})
    if not is_running:
        console.say("station.not_running")
    for line in telling.lines(said, console.language):
        console.line(line)
    return Exit.NEEDS_PERSON if telling.needs_person(said) else Exit.OK
