"""`hososo separators [DOSSIER]… --to FILE`: separator sheets to put between papers before they are scanned."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from hososo.asking import codes_of, is_demo, parsed_code
from hososo.console import Console, Exit
from hososo.usage import File, Misused
from hososo.wiring import services
from pipeline.separating import SheetsWanted, print_sheets, received_on
from reports.numbers import count
from reports.target import write_whole


@click.command("separators")
@click.argument("codes", nargs=-1)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--list", "code_list", type=File())
@click.option("--day", "received_day", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]))
@click.option("--unit", default="")
@click.option("--component", "sheet_components", multiple=True)
@click.option("--every-component", is_flag=True)
@click.option("--box", "boxes", multiple=True)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - what sheets can be made for
    console: Console,
    codes: tuple[str, ...],
    to: Path,
    code_list: Path | None,
    received_day: datetime | None,
    unit: str,
    sheet_components: tuple[str, ...],
    boxes: tuple[str, ...],
    *,
    every_component: bool,
) -> int:
    """Print separator sheets."""
    if to.suffix.lower() != ".pdf":
        raise Misused(console.word("usage.suffix", what=".pdf"))
    given = [parsed_code(code) for code in codes]
    if code_list is not None:
        given += codes_of(code_list)
    with services(console.settings) as ready:
        if received_day is not None:
            given += received_on(received_day.date(), [unit] if unit else None, ready)
        if not given and not boxes:
            console.say("print.none")
            return Exit.NEEDS_PERSON
        wanted = SheetsWanted(tuple(dict.fromkeys(given)), sheet_components, every_component, boxes)
        data, made = print_sheets(wanted, ready, demo=is_demo(console))
    write_whole(data, to)
    console.say("separators.done", path=to, count=count(made))
    console.result("separators", {"target": str(to), "sheets": made})
    return Exit.OK
