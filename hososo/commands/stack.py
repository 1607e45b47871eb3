"""`hososo stack take|list|assign|discard`: papers of several dossiers scanned as one, taken apart at their sheets."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from catalog import stacks
from catalog.stacks import Stack, StackPart
from dossier.collation import Collation
from dossier.errors import Code, Rejected
from dossier.stacks import DiscardReason, PartState
from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.collating import Pile
from pipeline.handing_stacks import assign, discard, hand_over_parts, waiting
from pipeline.people import open_account
from pipeline.stacks import take_stack
from reports.numbers import count


@click.group("stack")
def command() -> None:
    """Group of the commands on stacks."""


@command.command("take")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--by", "stack_by", required=True)
@click.option("--not-secret", is_flag=True)
@click.option("--collate", type=click.Choice([each.value for each in Collation if each]), default=None)
@click.option("--pages", "pile_pages", type=click.IntRange(2, 100_000))
@click.pass_obj
def take(
    console: Console, path: Path, stack_by: str, *, not_secret: bool, collate: str | None, pile_pages: int | None
) -> int:
    """Take a stack apart and hand over what is certain."""
    if pile_pages is not None and not collate:
        raise Rejected(Code.REQUEST_INVALID, "counted only where fronts and backs are put together", subject="pages")
    pile = Pile(Collation(collate or ""), pile_pages)
    with services(console.settings) as ready:
        own, is_new = take_stack(path, open_account(stack_by, ready), ready, not_secret=not_secret, pile=pile)
        hand_over_parts(ready)
        with ready.catalogue.read() as tx:
            parts = stacks.parts(tx, own.id)
    states = Counter(each.state for each in parts)
    pages = sum(len(each.part.pages) for each in parts)
    separators = sum(len(each.part.separators) for each in parts)
    console.say("stack.taken" if is_new else "stack.known", id=own.id)
    how = next((file.collated for file in own.files if file.collated), "")
    if how:
        console.say("stack.collated", sheets=count((pages + separators) // 2), how=console.word(f"collations.{how}"))
    console.say("stack.counted", pages=count(pages), separators=count(separators), parts=count(len(parts)))
    for each in parts:
        if each.state in (PartState.WAITING, PartState.EMPTY):
            console.line(_line(console, own, each))
    told = {"stack": own.id, "new": is_new, "pages": pages, "separators": separators, "collated": how}
    console.result("stack-take", {**told, "parts": {state.value: states[state] for state in PartState}})
    return Exit.NEEDS_PERSON if states[PartState.WAITING] else Exit.OK


@command.command("list")
@click.pass_obj
def list_waiting(console: Console) -> int:
    """Tell which parts of stacks wait for a person, and why."""
    with services(console.settings) as ready:
        found = waiting(ready)
    for own, each in found:
        console.line(_line(console, own, each))
    if not found:
        console.say("stack.none")
    console.result("stack-list", {"waiting": [_value(own, each) for own, each in found]})
    return Exit.NEEDS_PERSON if found else Exit.OK


@command.command("assign")
@click.argument("stack_id")
@click.argument("part", type=click.IntRange(1))
@click.argument("code")
@click.option("--component", "part_component", default="")
@click.option("--by", "stack_by", required=True)
@click.pass_obj
def assign_part(console: Console, stack_id: str, part: int, code: str, part_component: str, stack_by: str) -> int:
    """Say where a part of a stack belongs."""
    with services(console.settings) as ready:
        done = assign(stack_id, part, code, part_component, open_account(stack_by, ready), ready)
    console.say("stack.assigned", part=part, code=done.part.code)
    console.result("stack-assign", {"stack": stack_id, "part": part, "code": done.part.code, "state": done.state.value})
    return Exit.OK if done.state is PartState.HANDED_OVER else Exit.NEEDS_PERSON


@command.command("discard")
@click.argument("stack_id")
@click.argument("part", type=click.IntRange(1))
@click.option("--why", "discard_why", type=click.Choice([each.value for each in DiscardReason]), required=True)
@click.option("--by", "stack_by", required=True)
@click.pass_obj
def discard_part(console: Console, stack_id: str, part: int, discard_why: str, stack_by: str) -> int:
    """Say that a part of a stack belongs to no dossier."""
    reason = DiscardReason(discard_why)
    with services(console.settings) as ready:
        done = discard(stack_id, part, reason, open_account(stack_by, ready), ready)
    console.say("stack.discarded", part=part, reason=console.word(f"discard_reasons.{reason}"))
    console.result("stack-discard", {"stack": stack_id, "part": part, "reason": reason, "state": done.state.value})
    return Exit.OK


def _line(console: Console, own: Stack, each: StackPart) -> str:
    first = _first(own, each)
    return console.word(
        "stack.part",
        stack=own.id,
        part=each.position,
        pages=count(len(each.part.pages)),
        file=first[0],
        number=first[1],
        why=console.word(f"stack_doubts.{each.part.doubt.value or each.state.value}"),
        code=each.part.code or "-",
    )


def _first(own: Stack, each: StackPart) -> tuple[str, int]:
    page = (*each.part.pages, *each.part.separators)[0]
    return own.files[page.file].name, page.number


def _value(own: Stack, each: StackPart) -> dict[str, Any]:
    part = each.part
    pages = [[own.files[page.file].name, page.number] for page in part.pages]
    said = {"code": part.code, "component": part.component, "doubt": part.doubt.value}
    return {"stack": own.id, "part": each.position, **said, "pages": pages}
