"""`hososo print FORM [DOSSIER]… --to FILE`: the forms of a one-stop office, filled in from data, as PDF/A or xlsx."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from catalog import Transaction, facts
from dossier.errors import Code, Rejected
from hososo.asking import answerable, asked_of, bring_up_to_date, codes_of, parsed_code
from hososo.commands.show import known_dossier
from hososo.console import Console, Exit
from hososo.usage import File, Misused
from hososo.wiring import services
from pipeline import papers
from pipeline.questions import Answerable
from pipeline.services import Services
from reports.lists import behind
from reports.numbers import count
from reports.printed.forms import FormKey, form, phrase
from reports.printed.listing import Listing, write_listing_pdf, write_listing_xlsx
from reports.printed.slip import Slip, write_slip_pdf

_OF_ONE = frozenset({FormKey.SLIP, FormKey.CONTENTS})


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be printed."""

    key: FormKey
    codes: tuple[str, ...]
    sides: tuple[str, str]
    to: Path


@click.command("print")
@click.argument("form_key", type=click.Choice([key.value for key in FormKey]))
@click.argument("codes", nargs=-1)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--list", "code_list", type=File())
@click.option("--period")
@click.option("--counting", type=click.Choice(["calendar", "administrative"]), default="calendar")
@click.option("--unit", default="")
@click.option("--giver", default="")
@click.option("--taker", default="")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - what can be said of a form
    console: Console,
    form_key: str,
    codes: tuple[str, ...],
    to: Path,
    code_list: Path | None,
    period: str | None,
    counting: str,
    unit: str,
    giver: str,
    taker: str,
) -> int:
    """Print a form."""
    given = [parsed_code(code) for code in codes]
    if code_list is not None:
        given += codes_of(code_list)
    order = _Order(FormKey(form_key), tuple(dict.fromkeys(given)), (giver, taker), to)
    _require_sense(console, order)
    asked = asked_of(period=period, counting=counting, unit=unit)
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        with ready.catalogue.read() as tx:
            made = _made(tx, ready, answerable(tx, ready, console, asked), order)
    rows = _write(made, to)
    if not rows:
        console.say("print.none")
    console.say("print.done", path=to, count=count(rows))
    basis = form(order.key, made.made_at.date()).basis
    console.result("print", {"form": order.key.value, "basis": basis, "target": str(to), "rows": rows})
    return Exit.OK


def _require_sense(console: Console, order: _Order) -> None:
    """Refuse a call that no form comes out of."""
    if order.key in _OF_ONE and len(order.codes) != 1:
        raise Misused(console.word("usage.one_code", what=order.key.value))
    kinds = (".pdf",) if order.key is FormKey.SLIP else (".pdf", ".xlsx")
    if order.to.suffix.lower() not in kinds:
        raise Misused(console.word("usage.suffix", what=", ".join(kinds)))


def _made(tx: Transaction, ready: Services, asks: Answerable, order: _Order) -> Listing | Slip:
    question = asks.question
    request = papers.Request(asks.known, question.unit, question.as_of)
    if order.key is FormKey.SLIP:
        return papers.slip(tx, order.codes[0], request)
    if order.key is FormKey.CONTENTS:
        return papers.contents(tx, known_dossier(tx, order.codes[0]), ready, request)
    codes: Sequence[str] = order.codes
    if not codes:
        codes = _received(tx, asks)
        days = {"start": f"{question.period.start:%d/%m/%Y}", "end": f"{question.period.end:%d/%m/%Y}"}
        request = papers.Request(asks.known, question.unit, question.as_of, (phrase("received_within", **days),))
    if order.key is FormKey.BOOK:
        return papers.book(tx, codes, request)
    if order.key is FormKey.LIST:
        return papers.dossier_list(tx, codes, request)
    return papers.handover(tx, codes, order.sides, request)


def _received(tx: Transaction, asks: Answerable) -> list[str]:
    """Return the dossiers that were received in the period, in order of code."""
    view = asks.question.view()
    own = behind("received", facts.cells(tx, view.axis, (), asks.scope), view)
    if (found := sum(cell.count for cell in own)) > papers.MOST_ROWS:
        raise Rejected(Code.PRINT_TOO_LONG, subject=f"{count(found)} > {count(papers.MOST_ROWS)}")
    return facts.listed(tx, view.axis, own, scope=asks.scope, limit=papers.MOST_ROWS)


def _write(made: Listing | Slip, to: Path) -> int:
    """Write the form and return how many rows it has."""
    if isinstance(made, Slip):
        write_slip_pdf(made, to)
        return 1
    write = write_listing_pdf if to.suffix.lower() == ".pdf" else write_listing_xlsx
    write(made, to)
    return len(made.rows)
