"""`hososo register …`: take over the one-stop register, the denominator of every rate, and tell how it came to be."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from catalog import register_history
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from hososo.console import Console, Exit
from hososo.home import Home
from hososo.register_telling import tell_changes, tell_imported, tell_imports, tell_preview, tell_sources
from hososo.settings import Settings
from hososo.usage import File, Misused
from hososo.wiring import open_catalogue, services
from pipeline.registering import Order, import_register, look_at
from registers.choice import ENCODINGS, SEPARATORS, Choice
from registers.dates import end_of_bare_day, moment
from registers.returning import write_rejected
from registers.settings import roles
from registers.units import load_units

_Command = Callable[..., int]


def _reading_options(command: _Command) -> _Command:
    """Add the options that say how a file is to be read."""
    options = (
        click.option("--encoding", type=click.Choice(ENCODINGS)),
        click.option("--separator", type=click.Choice(list(SEPARATORS))),
        click.option("--sheet", default=""),
        click.option("--header-row", type=click.IntRange(min=1)),
        click.option("--column", "columns", multiple=True),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group("register")
def command() -> None:
    """Group of the register's commands."""


@command.command("import")
@click.argument("path", type=File())
@_reading_options
@click.option("--as-of", "as_of", default="")
@click.option("--by", "importer", default=getpass.getuser)
@click.option("--rejected", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def import_file(
    console: Console,
    /,
    path: Path,
    as_of: str,
    importer: str,
    rejected: Path | None,
    **reading: Any,  # noqa: ANN401 - the options of `_reading_options`
) -> int:
    """Import a register file, its good rows all or nothing."""
    if rejected is not None and any(rejected.with_suffix(suffix).exists() for suffix in (".csv", ".xlsx")):
        raise Rejected(Code.EXPORT_TARGET, "a file of this name is there already", subject=rejected.name)
    order = Order(importer, _choice(console, reading), _moment(console, as_of), units=_units(console.settings))
    with services(console.settings) as ready:
        done = import_register(path, order, ready)
        returned = None
        if done.found.rejected:
            target = rejected or _place_of_rejected(console.settings, done.saved.number)
            returned = write_rejected(done.found, target, lambda reason: console.word(f"row_reason.{reason}"))
    tell_imported(console, done, returned)
    held = done.saved.older + done.saved.undoing
    return Exit.NEEDS_PERSON if done.found.rejected or held else Exit.OK


@command.command("preview")
@click.argument("path", type=File())
@_reading_options
@click.pass_obj
def preview(console: Console, /, path: Path, **reading: Any) -> int:  # noqa: ANN401 - the options of `_reading_options`
    """Show how a register file would be read; nothing is stored."""
    order = Order(choice=_choice(console, reading), units=_units(console.settings))
    with services(console.settings) as ready:
        found, source = look_at(path, order, ready)
    tell_preview(console, found, source)
    return Exit.NEEDS_PERSON if found.rejected else Exit.OK


@command.command("imports")
@click.pass_obj
def imports(console: Console) -> int:
    """List the imports."""
    catalogue = open_catalogue(console.settings)
    with catalogue.read() as tx:
        tell_imports(console, register_history.past_imports(tx))
    catalogue.close()
    return Exit.OK


@command.command("history")
@click.argument("code")
@click.pass_obj
def history(console: Console, code: str) -> int:
    """Show what imports did to the row of a dossier."""
    parsed = parse_code(code)
    catalogue = open_catalogue(console.settings)
    with catalogue.read() as tx:
        found = register_history.changes(tx, parsed.normal if parsed else code)
    catalogue.close()
    if not found:
        raise Rejected(Code.DOSSIER_UNKNOWN, "not in the register", subject=code)
    tell_changes(console, code, found)
    return Exit.OK


@command.command("sources")
@click.option("--forget", default="")
@click.pass_obj
def sources(console: Console, forget: str) -> int:
    """List how the files of known sources are read, or forget one."""
    catalogue = open_catalogue(console.settings)
    forgotten = 0
    if forget:
        with catalogue.write() as tx:
            forgotten = register_history.forget_source(tx, forget)
    with catalogue.read() as tx:
        tell_sources(console, register_history.sources(tx), forgotten)
    catalogue.close()
    return Exit.OK


def _choice(console: Console, reading: dict[str, Any]) -> Choice:
    """Return what the options say; `--column` is given as ROLE=COLUMN."""
    columns: dict[str, str] = {}
    for text in reading["columns"]:
        role, equals, column = text.partition("=")
        if not equals or role.strip() not in roles() or not column.strip():
            raise Misused(console.word("register.bad_column", column=text, roles=", ".join(sorted(roles()))))
        columns[role.strip()] = column.strip()
    return Choice(
        reading["encoding"] or "",
        reading["separator"] or "",
        reading["sheet"],
        reading["header_row"] or 0,
        columns,
    )


def _moment(console: Console, text: str) -> datetime | None:
    try:
        return end_of_bare_day(moment(text))
    except ValueError as exc:
        raise Misused(console.word("register.bad_moment", text=text)) from exc


def _units(settings: Settings) -> frozenset[str] | None:
    """Return the agency codes that the office has listed, None when it has listed none of its own."""
    return frozenset(load_units(settings.units_file)) if settings.units_file else None


def _place_of_rejected(settings: Settings, number: int) -> Path:
    folder = Home(settings.home).returned_rows
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"lan-nhap-{number}-bi-de-rieng"
