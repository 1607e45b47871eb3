"""`hososo reference list|export|import|editions`: the dated lists that reports and deadlines go by."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from catalog import reference as stored
from catalog.schema import stamp
from dossier.errors import Code, Rejected
from dossier.register import VIETNAM
from hososo.console import Console, Exit, local_time
from hososo.usage import File
from hososo.wiring import now, services
from pipeline.referring import enter, reference
from registers.reference import Kind, ReferenceRow
from registers.reference_cells import cells_of
from registers.reference_files import ReferenceFile, read_reference, write_reference

_KINDS = click.Choice([kind.value for kind in Kind])
_SHOWN = 20


@click.group("reference")
def command() -> None:
    """Group of the commands on reference data."""


@command.command("list")
@click.argument("reference_kind", type=_KINDS)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--edition", type=click.IntRange(min=0))
@click.pass_obj
def list_rows(console: Console, reference_kind: str, on: datetime | None, edition: int | None) -> int:
    """List the rows of a kind that are in force on a day."""
    day = on.date() if on else now().astimezone(VIETNAM).date()
    with services(console.settings) as ready, ready.catalogue.read() as tx:
        known = reference(tx, ready, edition)
    rows = known.of_kind(Kind(reference_kind), day)
    for row in rows:
        console.line(_told(row, console))
    if not rows:
        console.say("reference.empty")
    value = {"kind": reference_kind, "on": day.isoformat(), "edition": known.edition}
    console.result("reference list", {**value, "rows": [_as_json(row) for row in rows]})
    return Exit.OK


@command.command("export")
@click.argument("reference_kind", type=_KINDS)
@click.argument("target_file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--edition", type=click.IntRange(min=0))
@click.pass_obj
def export(console: Console, reference_kind: str, target_file: Path, edition: int | None) -> int:
    """Write every row of a kind, also those no longer in force."""
    with services(console.settings) as ready, ready.catalogue.read() as tx:
        known = reference(tx, ready, edition)
    rows = known.of_kind(Kind(reference_kind))
    write_reference(Kind(reference_kind), rows, target_file)
    console.say("reference.written", count=len(rows), path=target_file)
    value = {"kind": reference_kind, "edition": known.edition, "count": len(rows), "path": str(target_file)}
    console.result("reference export", value)
    return Exit.OK


@command.command("import")
@click.argument("path", type=File())
@click.option("--by", "entered_by", default="")
@click.pass_obj
def import_file(console: Console, path: Path, entered_by: str) -> int:
    """Import a file, all of its rows or none."""
    found = read_reference(path)
    if found.faults:
        _refuse(console, found)
    with services(console.settings) as ready:
        entered = enter(found, ready, entered_by)
    tally = {"added": entered.added, "changed": entered.changed, "same": entered.same, "edition": entered.edition}
    console.say("reference.imported", **tally)
    console.result("reference import", {"kind": found.kind.value, **tally})
    return Exit.OK


@command.command("editions")
@click.pass_obj
def editions(console: Console) -> int:
    """List the editions, oldest first."""
    with services(console.settings) as ready, ready.catalogue.read() as tx:
        known = stored.editions(tx)
    for one in known:
        console.say(
            "reference.edition",
            number=one.number,
            kind=one.kind,
            count=one.count,
            at=local_time(one.at),
            actor=one.actor,
        )
    if not known:
        console.say("reference.empty")
    told = [
        {"number": e.number, "kind": e.kind, "sha256": e.sha256, "count": e.count, "actor": e.actor, "at": stamp(e.at)}
        for e in known
    ]
    console.result("reference editions", {"editions": told})
    return Exit.OK


def _refuse(console: Console, found: ReferenceFile) -> None:
    """Name the first faults and raise."""
    for fault in found.faults[:_SHOWN]:
        console.say("reference.fault", row=fault.row, column=fault.column)
    first = ", ".join(f"{fault.row}:{fault.column}" for fault in found.faults[:_SHOWN])
    raise Rejected(Code.REFERENCE_INVALID, first, subject=found.kind)


def _told(row: ReferenceRow, console: Console) -> str:
    until = console.word("reference.until", day=f"{row.valid_to:%d/%m/%Y}") if row.valid_to else ""
    return console.word(
        "reference.row",
        key=row.key,
        name=row.values.get("name") or "",
        since=f"{row.valid_from:%d/%m/%Y}",
        until=until,
        basis=row.basis if row.checked else console.word("reference.unchecked", basis=row.basis),
    )


def _as_json(row: ReferenceRow) -> dict[str, Any]:
    values: dict[str, Any] = {name: cell for name, cell in cells_of(row).items() if name in row.values}
    values |= {name: value for name, value in row.values.items() if isinstance(value, bool)}
    values |= {name: list(value) for name, value in row.values.items() if isinstance(value, tuple)}
    return {
        "key": row.key,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "basis": row.basis,
        "checked": row.checked,
        "values": values,
    }
