"""`hososo quarantine [DOSSIER]`: every work item that was set aside, since when, why, and what to do about it."""

from __future__ import annotations

from typing import Any

import click

from catalog import Transaction, intakes, queue
from catalog.schema import moment
from dossier.errors import Code
from dossier.model import WorkItem
from dossier.wording import advice
from hososo.commands.show import known_dossier
from hososo.console import Console, Exit, local_time
from hososo.wiring import open_catalogue
from pipeline.setbacks import subject


@click.command("quarantine")
@click.argument("code", required=False)
@click.pass_obj
def command(console: Console, code: str | None) -> int:
    """List what was set aside, of one dossier or of all, the oldest first."""
    catalogue = open_catalogue(console.settings)
    with catalogue.read() as tx:
        dossier_id = known_dossier(tx, code).id if code else ""
        entries = [_entry(tx, item, console) for item in queue.quarantined(tx, dossier_id)]
    catalogue.close()
    console.say("quarantine.count", count=len(entries))
    for entry in entries:
        console.say(
            "quarantine.entry",
            dossier=entry["dossier"],
            subject=entry["subject"],
            step=console.word(f"steps.{entry['step']}"),
            since=local_time(moment(entry["since"])),
            problem=console.problem(Code(entry["code"])),
        )
    if entries:
        console.say("quarantine.cure")
    console.result("quarantine", {"items": entries})
    return Exit.NEEDS_PERSON if entries else Exit.OK


def _entry(tx: Transaction, item: WorkItem, console: Console) -> dict[str, Any]:
    intake = intakes.get(tx, queue.intake_of(tx, item.id))
    return {
        "dossier": intake.code,
        "subject": subject(tx, item, intake),
        "step": item.step.value,
        "code": item.error,
        "detail": item.detail,
        "since": queue.since(tx, item.id),
        "cure": advice(Code(item.error), console.language).cure,
    }
