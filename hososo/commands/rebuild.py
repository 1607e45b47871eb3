"""`hososo rebuild`: the catalogue from the archived objects alone."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path
from typing import Any

import click

from catalog import Catalogue, comparison, problems, queue
from dossier.errors import Code
from dossier.states import Step
from hososo.commands.restore import index_anew, tell_abandoned
from hososo.console import Console, Exit
from hososo.home import Home
from hososo.servers import catalogue_of, object_store
from hososo.telling import now_and_then
from hososo.wiring import now
from pipeline.installation import Installation
from pipeline.rebuilding import FOUND, Rebuilt, rebuild, release_found

_SHOWN = 20


@click.command("rebuild")
@click.option("--compare", "other")
@click.option("--release-found", is_flag=True)
@click.pass_obj
def command(console: Console, other: str | None, *, release_found: bool) -> int:
    """Rebuild; exit code 5 when something archived is lost or differs, 3 when folders must be digitised again."""
    if release_found:
        return _release(console)
    settings = console.settings
    os.umask(0o077)
    Home(settings.home).make()
    with ExitStack() as stack:
        catalogue = stack.enter_context(closing(catalogue_of(settings)))
        lost = stack.enter_context(closing(_opened(other))) if other else None
        catalogue.upgrade()
        into = Installation(catalogue, object_store(settings), now)
        tell = now_and_then(lambda looked, _: console.say("rebuild.progress", done=looked))
        done = rebuild(into, lambda looked: tell(looked, looked))
        compared = _compared(catalogue, lost) if lost else None
    indexed = index_anew(settings)
    _tell(console, done)
    if compared:
        _tell_compared(console, compared)
    console.result("rebuild", {**_value(done), "documents_indexed": indexed, "comparison": compared})
    if not done.whole or (compared and compared["differences"]):
        return Exit.NOT_SOUND
    return Exit.NEEDS_PERSON if done.abandoned else Exit.OK


def _release(console: Console) -> int:
    with closing(catalogue_of(console.settings)) as catalogue:
        catalogue.check_version()
        count = release_found(catalogue)
    console.say("rebuild.released", count=count)
    console.result("rebuild", {"released": count})
    return Exit.OK


def _opened(other: str) -> Catalogue:
    """Return the catalogue to compare with: a file of SQLite, or an address. A password belongs in PGPASSFILE."""
    catalogue = Catalogue(f"sqlite:///{Path(other).resolve()}" if Path(other).is_file() else other)
    catalogue.check_version()
    return catalogue


def _compared(rebuilt: Catalogue, lost: Catalogue) -> dict[str, Any]:
    """Return how the catalogues differ, and what the lost one had that no archive holds."""
    with rebuilt.read() as here, lost.read() as there:
        found = comparison.compare(here, there, FOUND)
        first = [{"table": one.table, "key": one.key, "what": one.what} for one in islice(found, _SHOWN)]
        return {
            "differences": len(first) + sum(1 for _ in found),
            "first": first,
            "open_work": queue.open_count(there, tuple(Step)),
            "open_problems": len(problems.open_problems(there)),
        }


def _tell(console: Console, done: Rebuilt) -> None:
    console.say("rebuild.done", dossiers=done.dossiers, seals=done.seals, imports=done.imports, lines=done.access_lines)
    console.say("rebuild.not_in_objects")
    tell_abandoned(console, done.abandoned)
    for doubt, count in (
        ("missing", len(done.missing)),
        ("found", done.found),
        ("unsealed", done.unsealed),
        ("imports_lost", len(done.imports_lost)),
        ("imports_differing", len(done.imports_differing)),
        ("editions_lost", len(done.editions_lost)),
        ("access_lost", len(done.access_lost)),
    ):
        if count:
            console.say(f"doubts.{doubt}", count=count)
    for digest in done.missing[:_SHOWN]:
        console.line("  " + console.problem(Code.OBJECT_MISSING, digest))
    for digest, code in done.unusable[:_SHOWN]:
        console.line("  " + console.problem(code, digest))


def _tell_compared(console: Console, compared: dict[str, Any]) -> None:
    console.say("rebuild.compared", count=compared["differences"])
    for one in compared["first"]:
        console.line(f"  {one['table']} {one['key']}: {one['what']}")
    console.say("rebuild.lost", work=compared["open_work"], problems=compared["open_problems"])


def _value(done: Rebuilt) -> dict[str, Any]:
    return {
        "dossiers": done.dossiers,
        "imports": done.imports,
        "imports_lost": done.imports_lost,
        "imports_differing": done.imports_differing,
        "editions_lost": done.editions_lost,
        "seals": done.seals,
        "unsealed": done.unsealed,
        "access_lines": done.access_lines,
        "access_lost": done.access_lost,
        "unusable": [{"sha256": digest, "code": code.value} for digest, code in done.unusable],
        "missing": done.missing,
        "found": done.found,
        "abandoned": done.abandoned,
    }
