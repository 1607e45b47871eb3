"""`hososo portal …`: hand archived dossiers back to the one-stop software, and take in what it says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from catalog import portal_packages
from dossier.errors import Code, Rejected, Unavailable
from dossier.portal import Heard, Package, PackageState
from hososo.asking import bring_up_to_date, is_demo, parsed_code
from hososo.console import Console, Exit, local_time
from hososo.home import Home
from hososo.portal import portal_state
from hososo.stopping import stop_on_signal
from hososo.usage import File
from hososo.wiring import open_catalogue, services
from pipeline.handing_back import hand_back
from pipeline.packaging import again
from pipeline.receipts import Received, revoke, take_file
from registers.portal.receipts import read_receipts

_STATES = tuple(state.value for state in PackageState if state is not PackageState.REPLACED)
_SHOWN = 50


@click.group("portal")
def command() -> None:
    """Group of the return channel's commands."""


@command.command("send")
@click.pass_obj
def send(console: Console) -> int:
    """Send now what is due; the exit code says whether something was refused or is left."""
    home = Home(console.settings.home)
    home.check()
    with services(console.settings) as ready, stop_on_signal() as stopped, home.handing_back() as got:
        if not got:
            raise Unavailable(Code.FOLDER_BUSY, "another process is sending")
        done = hand_back(ready, demo=is_demo(console), at_once=True, stop=stopped)
    told = {name: value for name, value in asdict(done).items() if name not in ("trouble", "left")}
    console.say("portal.sent", **told)
    if done.trouble:
        console.line(console.problem(Code(done.trouble)))
    console.result("portal send", asdict(done))
    if done.refused:
        return Exit.NEEDS_PERSON
    if done.left:
        return Exit.INTERRUPTED
    return Exit.WAITING if done.failed else Exit.OK


@command.command("status")
@click.option("--state", "states", type=click.Choice(_STATES), multiple=True)
@click.option("--limit", type=click.IntRange(1, 10_000), default=_SHOWN)
@click.pass_obj
def status(console: Console, states: tuple[str, ...], limit: int) -> int:
    """Show what waits, since when, and what was refused and why."""
    asked = [PackageState(one) for one in states] or [PackageState.REFUSED, PackageState.DUE, PackageState.SENT]
    catalogue = open_catalogue(console.settings)
    with catalogue.read() as tx:
        found, state = portal_packages.listed(tx, asked, limit), portal_state(tx, console.settings)
    catalogue.close()
    for line in state.lines(console):
        console.line(line)
    for package in found:
        console.line(_line(console, package))
    if not found:
        console.say("portal.nothing_waits")
    console.result("portal status", {**state.as_json(), "packages": [_value(one) for one in found]})
    return Exit.NEEDS_PERSON if state.refused else Exit.OK


@command.command("receipt")
@click.argument("path", type=File())
@click.pass_obj
def receipt(console: Console, path: Path) -> int:
    """Take in a receipt file."""
    rows = read_receipts(path)
    with services(console.settings) as ready:
        done = take_file(rows, ready)
    _tell_received(console, done)
    return Exit.NEEDS_PERSON if done.unplaced or done.counts[Heard.REFUSED] else Exit.OK


@command.command("retry")
@click.argument("codes", nargs=-1, required=True)
@click.pass_obj
def retry(console: Console, codes: tuple[str, ...]) -> int:
    """Make new packages of dossiers whose packages were refused or lost, though nothing of them has changed."""
    wanted = [parsed_code(code) for code in codes]
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        made = {code: again(code, ready) for code in wanted}
    missing = [code for code, package in made.items() if package is None]
    for code in missing:
        console.say("portal.no_package", code=code)
    console.say("portal.again", count=len(made) - len(missing))
    packages = [_value(package) for package in made.values() if package is not None]
    console.result("portal retry", {"packages": packages, "missing": missing})
    return Exit.NEEDS_PERSON if missing else Exit.OK


@command.command("revoke")
@click.argument("codes", nargs=-1, required=True)
@click.pass_obj
def revoke_links(console: Console, codes: tuple[str, ...]) -> int:
    """Revoke the links to the files of dossiers."""
    wanted = [parsed_code(code) for code in codes]
    with services(console.settings) as ready:
        if ready.portal is None:
            raise Rejected(Code.SETTINGS_INVALID, "no return channel", subject="portal_way")
        count = sum(revoke(code, ready) for code in wanted)
    console.say("portal.revoked", count=count)
    console.result("portal revoke", {"dossiers": wanted, "revoked": count})
    return Exit.OK


def _tell_received(console: Console, done: Received) -> None:
    for heard in Heard:
        if done.counts[heard]:
            console.line(f"{console.word(f'portal_heard.{heard.value}')}: {done.counts[heard]}")
    for row, code, why in done.unplaced[:_SHOWN]:
        console.say("portal.unplaced", row=row, code=code, why=console.word(f"portal_unplaced.{why.value}"))
    if len(done.unplaced) > _SHOWN:
        console.say("portal.more_unplaced", count=len(done.unplaced) - _SHOWN)
    counts = {heard.value: done.counts[heard] for heard in Heard}
    unplaced = [{"row": row, "dossier": code, "why": why.value} for row, code, why in done.unplaced]
    console.result("portal receipt", {"counts": counts, "unplaced": unplaced})


def _line(console: Console, package: Package) -> str:
    state = console.word(f"portal_states.{package.state.value}")
    parts: Iterable[str] = (package.refusal, package.reason, package.trouble)
    since = local_time(package.answered_at or package.sent_at or package.made_at)
    return f"  {package.code}  v{package.version}  {state}  {since}  {' · '.join(one for one in parts if one)}".rstrip()


def _value(package: Package) -> dict[str, Any]:
    moments = ("made_at", "sent_at", "answered_at", "links_until", "revoked_at")
    told = {name: moment.isoformat() if (moment := getattr(package, name)) else None for name in moments}
    texts = ("receipt", "refusal", "reason", "trouble")
    return {
        "dossier": package.code,
        "key": package.key,
        "version": package.version,
        "state": package.state.value,
        "files": len(package.files),
        "tries": package.tries,
        **told,
        **{name: getattr(package, name) for name in texts},
    }
