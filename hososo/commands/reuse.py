"""`hososo reuse show|take|undo`: what a dossier has already, so that only what is missing is scanned."""

from __future__ import annotations

from typing import Any

import click

from catalog.reuse import Found
from hososo.asking import is_demo, parsed_code
from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.handing_over import checked_code
from pipeline.people import open_account
from pipeline.reusing import FoundPart, ReuseWish, lendable, reuse_component, undo_reuse


@click.group("reuse")
def command() -> None:
    """Group of the commands on reuse."""


@command.command("show")
@click.argument("code")
@click.option("--by", "lot_by", required=True)
@click.pass_obj
def show(console: Console, code: str, lot_by: str) -> int:
    """Tell component by component what is there already and from where, and what could be reused."""
    with services(console.settings) as ready:
        own = open_account(lot_by, ready)
        normal = checked_code(parsed_code(code), own, ready).normal
        found = lendable(normal, own, ready, demo=is_demo(console))
        kinds = {name: kind.name for name, kind in ready.rules.kinds.items()}
    for each in found.parts:
        _tell(console, each, kinds)
    if found.from_store:
        console.say("reuse.from_store")
    if not found.parts:
        console.say("reuse.unknown")
    value = {"code": normal, "from_store": found.from_store, "components": [_value(each) for each in found.parts]}
    console.result("reuse-show", value)
    return Exit.OK


@command.command("take")
@click.argument("code")
@click.argument("component")
@click.argument("document")
@click.option("--reason", "why", default="")
@click.option("--by", "lot_by", required=True)
@click.pass_obj
def take(console: Console, code: str, component: str, document: str, why: str, lot_by: str) -> int:
    """State that a document of another dossier stands for a component."""
    with services(console.settings) as ready:
        wish = ReuseWish(parsed_code(code), component, document, why)
        done = reuse_component(wish, open_account(lot_by, ready), ready, demo=is_demo(console))
    console.say("reuse.taken", component=done.component, source=done.source)
    told = {"code": done.code, "component": done.component, "document": done.document_id, "source": done.source}
    console.result("reuse-take", {**told, "sha256": done.sha256, "grounds": done.grounds})
    return Exit.OK


@command.command("undo")
@click.argument("code")
@click.argument("component")
@click.option("--by", "lot_by", required=True)
@click.pass_obj
def undo(console: Console, code: str, component: str, lot_by: str) -> int:
    """State that a component is not reused after all."""
    with services(console.settings) as ready:
        done = undo_reuse(parsed_code(code), component, open_account(lot_by, ready), ready)
    console.say("reuse.undone", component=done.component)
    console.result("reuse-undo", {"code": done.code, "component": done.component})
    return Exit.OK


def _tell(console: Console, own: FoundPart, kinds: dict[str, str]) -> None:
    rule = own.part.rule
    for there in own.there:
        console.say(f"reuse_there.{there.how.value}", component=rule.code, name=rule.name, source=there.source)
    if not own.there:
        console.say("reuse.lacking" if own.part.is_missing else "reuse.free", component=rule.code, name=rule.name)
    for offer in own.offers:
        kind = kinds.get(offer.kind, offer.kind)
        console.say("reuse.offer", kind=kind, source=offer.code, document=offer.document_id)


def _value(own: FoundPart) -> dict[str, Any]:
    return {
        "code": own.part.rule.code,
        "missing": own.part.is_missing,
        "there": [
            {"how": each.how.value, "document": each.document_id, "source": each.source, "kind": each.kind}
            for each in own.there
        ],
        "offers": [_offer(each) for each in own.offers],
    }


def _offer(own: Found) -> dict[str, Any]:
    return {"document": own.document_id, "source": own.code, "kind": own.kind, "born_digital": own.born_digital}
