"""`hososo search [QUERY]`: find pages by words, with or without tones, and by what is known of their documents."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.indexing import bring_up_to_date
from pipeline.searching import Answer, Wanted, counted, search
from pipeline.services import Services
from search.filters import SignatureState
from search.port import Counts, Hit

_TEXTS = (
    *("kind", "unit", "fonds", "year", "number", "issuer", "person", "identity", "parcel", "sheet", "field"),
    *("procedure", "box", "locator", "dated_from", "dated_to", "period"),
)
# What other commands have options of the same name for, about something else.
_CALLED = {"person": "about", "sheet": "map_sheet", "unit": "within", "period": "received"}


def _filters(function: Callable[..., int]) -> Callable[..., int]:
    """Give the command the options of all filters; it is called with them as one `wanted`."""

    @wraps(function)
    def command(*positional: object, words: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401 - what click passes
        called = {name: _CALLED.get(name, name) for name in Wanted.__dataclass_fields__}
        own = {name: options.pop(option) or "" for name, option in called.items() if option in options}
        near = "1" if own.pop("near") else ""
        return function(*positional, wanted=Wanted(" ".join(words), **own, near=near), **options)

    for option in (
        click.option("--near", is_flag=True),
        click.option("--signature", type=click.Choice([state.value for state in SignatureState])),
        click.option("--counting", type=click.Choice(["calendar", "administrative"]), default="calendar"),
        click.option("--seen", type=click.Choice(["present", "historic"]), default="present"),
        click.option("--dossier", "code", default=""),
        *(click.option(_option(name), _CALLED.get(name, name), default="") for name in reversed(_TEXTS)),
        click.argument("words", nargs=-1),
    ):
        option(command)
    return command


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


@click.command("search")
@_filters
@click.option("--counts", is_flag=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20)
@click.option("--offset", type=click.IntRange(0, 100_000), default=0)
@click.pass_obj
def command(console: Console, wanted: Wanted, counts: bool, limit: int, offset: int) -> int:  # noqa: FBT001 - a flag
    """Search the archive; the index is brought up to date first."""
    with services(console.settings) as ready:
        bring_up_to_date(ready)
        answer = search(wanted, None, ready, limit, offset)
        by = counted(answer.query, ready) if counts else {}
        _show(console, answer, by, ready)
    console.result("search", _value(answer, by))
    return Exit.OK


def _show(console: Console, answer: Answer, by: Counts, ready: Services) -> None:
    if answer.query.widened:
        console.say("search.widened", words=", ".join(answer.query.widened))
    if answer.query.lacking:
        console.say("search.lacking")
    for hit in answer.hits.hits:
        kind = ready.rules.kind(hit.kind).name
        console.say("search.hit", code=hit.code, kind=kind, page=hit.page, document=hit.document_id)
        console.line(f"    {hit.snippet}")
    for name, values in by.items():
        for value, count in values:
            console.say("search.count", facet=name, value=value, count=count)
    console.say("search.total" if answer.query.terms else "search.documents", total=answer.hits.total)


def _value(answer: Answer, by: Counts) -> dict[str, object]:
    return {
        "total": answer.hits.total,
        "widened": list(answer.query.widened),
        "lacking": answer.query.lacking,
        "counts": {name: [{"value": value, "count": count} for value, count in told] for name, told in by.items()},
        "hits": [_hit(hit) for hit in answer.hits.hits],
    }


def _hit(hit: Hit) -> dict[str, object]:
    return {
        "dossier": hit.code,
        "document": hit.document_id,
        "page": hit.page,
        "kind": hit.kind,
        "unit": hit.unit,
        "year": hit.year,
        "snippet": hit.snippet,
        "words": list(hit.words),
    }
