"""`hososo secrecy list|answer`: pages that may carry a state-secret marking wait unread until somebody has looked."""

from __future__ import annotations

import click

from catalog import pages
from dossier.errors import Code, Rejected
from dossier.model import Page
from hososo.commands.show import known_dossier
from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.people import open_account
from pipeline.secrecy_answers import Answer, answer
from pipeline.services import Services

_MOST = 1000


@click.group("secrecy")
def command() -> None:
    """Group of the commands on secrecy."""


@command.command("list")
@click.pass_obj
def list_asked(console: Console) -> int:
    """Tell which pages wait for an answer, and where on the sheet to look."""
    with services(console.settings) as ready, ready.catalogue.read() as tx:
        found = pages.asked(tx, None, _MOST)
    for code, page in found:
        console.say("secrecy.page", code=code, page=page.label, where=_where(console, page))
    console.say("secrecy.question" if found else "secrecy.none")
    told = [{"code": code, "page": page.label, "reasons": list(page.reasons)} for code, page in found]
    console.result("secrecy-list", {"pages": told})
    return Exit.NEEDS_PERSON if found else Exit.OK


@command.command("answer")
@click.argument("code")
@click.argument("page_label")
@click.option("--said", "secrecy_said", type=click.Choice([each.value for each in Answer]), required=True)
@click.option("--by", "secrecy_by", required=True)
@click.pass_obj
def answer_one(console: Console, code: str, page_label: str, secrecy_said: str, secrecy_by: str) -> int:
    """Say of a page whether its paper carries a marking."""
    said = Answer(secrecy_said)
    with services(console.settings) as ready:
        own = open_account(secrecy_by, ready)
        done = answer(_page_of(code, page_label, ready), said, own, ready)
    console.say(f"secrecy.{said.value}", code=done, page=page_label)
    console.result("secrecy-answer", {"code": done, "page": page_label, "said": said.value})
    return Exit.OK


def _page_of(code: str, label: str, ready: Services) -> str:
    """Return the id of a page of a dossier's newest delivery by its file and number."""
    with ready.catalogue.read() as tx:
        found = next((page for page in pages.newest(tx, known_dossier(tx, code).id) if page.label == label), None)
    if found is None:
        raise Rejected(Code.PAGE_UNKNOWN, subject=label)
    return found.id


def _where(console: Console, page: Page) -> str:
    return "; ".join(console.word(f"page_reasons.{each}") for each in page.reasons[1:])
