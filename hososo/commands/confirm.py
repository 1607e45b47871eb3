"""`hososo confirm`: a person stands behind kinds and data; the archival rate moves, bytes do not."""

from __future__ import annotations

import getpass
from collections.abc import Iterable
from pathlib import Path

import click

from catalog import documents, fields, pages
from dossier.errors import Code, Rejected
from dossier.model import Document
from dossier.states import Step
from dossier.text import visible
from hososo.confirming import two_person_rule
from hososo.console import Console, Exit
from hososo.usage import File, Misused
from hososo.wiring import services
from pipeline.access_log import store_access_log
from pipeline.confirmation import confirm, read_confirmations, record, unconfirmed
from pipeline.indexing import bring_up_to_date
from pipeline.sealing import seal
from pipeline.services import Services
from workers.hand import Hand
from workers.runs import new_run_id


@click.command("confirm")
@click.argument("path", required=False, type=File())
@click.option("--interactive", is_flag=True)
@click.option("--by", "person", default=getpass.getuser)
@click.pass_obj
def command(console: Console, path: Path | None, person: str, *, interactive: bool) -> int:
    """Record confirmations and bring the search index up to date."""
    if (path is None) is not interactive:
        raise Misused(console.word("confirm.usage"))
    with services(console.settings) as ready:
        count = _take(console, path, person, ready) if path else _ask_all(console, person, ready)
        bring_up_to_date(ready)
        _close_anew(ready)
        store_access_log(ready)
        seal(ready)
        left = len(unconfirmed(ready))
    console.say("confirm.done", count=count, left=left)
    console.result("confirm", {"confirmed": count, "unconfirmed": left})
    return Exit.OK


def _take(console: Console, path: Path, person: str, ready: Services) -> int:
    said = read_confirmations(path)
    for item in said:
        _check_alone(console, (item.kind,), item.fields, item.code)
    return confirm(said, person, ready)


def _check_alone(console: Console, kinds: Iterable[str], names: Iterable[str], code: str) -> None:
    """Refuse the word of one person where two have to agree: they do that on the pages, where nobody is both."""
    if two_person_rule(console.settings).asks(kinds, names):
        raise Rejected(Code.SECOND_PERSON, "here one person speaks alone", subject=code)


def _close_anew(ready: Services) -> None:
    """Store the new manifests of closed dossiers at once; what workers take meanwhile, or is left, they do."""
    hand = Hand(ready, new_run_id(), lambda: False)
    while hand.take((Step.CLOSE,)):
        pass


def _ask_all(console: Console, person: str, ready: Services) -> int:
    """Ask document by document; an empty answer keeps what was read, `-` skips the document."""
    return sum(_ask(console, document, person, ready) for document in unconfirmed(ready))


def _ask(console: Console, document: Document, person: str, ready: Services) -> int:
    with ready.catalogue.read() as tx:
        read = fields.of_document(tx, document.id)
        first = pages.get(tx, document.page_ids[0])
    console.line()
    console.say("confirm.document", code=document.code, file=first.file_name, page=first.number)
    kind = click.prompt(console.word("confirm.kind"), default=document.kind)
    while kind != "-" and kind not in ready.rules.kinds:
        console.say("confirm.unknown_kind", kind=kind)
        kind = click.prompt(console.word("confirm.kind"), default=document.kind)
    if kind == "-":
        return 0
    values: dict[str, list[str]] = {}
    for value in read:
        # The text layer of a file from outside may hold anything: it steers the terminal here no more than elsewhere.
        label = visible(f"{console.field(value.name)} ({value.confidence:.0f}%) [{value.value}]")
        values.setdefault(value.name, []).append(click.prompt(label, default=value.value, show_default=False))
    _check_alone(console, (document.kind, kind), values, document.code)
    with ready.catalogue.write() as tx:
        record(tx, documents.get(tx, document.id), kind, values, (person,), ready)
    return 1
