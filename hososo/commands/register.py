"""`hososo register import FILE`: take over the one-stop register, the denominator of every rate."""

from __future__ import annotations

from pathlib import Path

import click

from dossier.errors import Code
from hososo.console import Console, Exit
from hososo.usage import File
from hososo.wiring import services
from pipeline.registering import import_register
from registers.reading import RegisterFile

_SHOWN = 20


@click.group("register")
def command() -> None:
    """Group of the register's commands."""


@command.command("import")
@click.argument("path", type=File())
@click.pass_obj
def import_file(console: Console, path: Path) -> int:
    """Import a register file, its good rows all or nothing."""
    with services(console.settings) as ready:
        found, tally = import_register(path, ready)
    console.say("register.imported", rejected=len(found.rejected), **tally)
    _tell_rejected(console, found)
    rejected = [{"row": row.row, "reason": row.reason_code} for row in found.rejected]
    console.result("register import", {**tally, "rejected": rejected, "columns": found.columns})
    return Exit.NEEDS_PERSON if found.rejected else Exit.OK


def _tell_rejected(console: Console, found: RegisterFile) -> None:
    if not found.rejected:
        return
    console.line(console.problem(Code.REGISTER_ROWS_REJECTED))
    for row in found.rejected[:_SHOWN]:
        console.say("register.rejected_row", row=row.row, reason=row.reason_code)
