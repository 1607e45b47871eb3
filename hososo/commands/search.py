"""`hososo search QUERY`: find pages by words, with or without tones, numbers and names."""

from __future__ import annotations

import click

from hososo.console import Console, Exit
from hososo.wiring import services
from pipeline.indexing import bring_up_to_date
from search.port import Hit
from search.query import parse_query


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--kind")
@click.option("--unit")
@click.option("--year", type=int)
@click.option("--dossier", "code")
@click.option("--limit", type=click.IntRange(1, 1000), default=20)
@click.option("--offset", type=click.IntRange(0, 100_000), default=0)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    console: Console,
    words: tuple[str, ...],
    kind: str | None,
    unit: str | None,
    year: int | None,
    code: str | None,
    limit: int,
    offset: int,
) -> int:
    """Search the archive; the index is brought up to date first."""
    query = parse_query(" ".join(words), kind=kind, unit=unit, year=year, code=code)
    with services(console.settings) as ready:
        bring_up_to_date(ready)
        found = ready.index.search(query, limit, offset)
        for hit in found.hits:
            _show(console, hit, ready.rules.kind(hit.kind).name)
    console.say("search.total", total=found.total)
    console.result("search", {"total": found.total, "hits": [_value(hit) for hit in found.hits]})
    return Exit.OK


def _show(console: Console, hit: Hit, kind: str) -> None:
    console.say("search.hit", code=hit.code, kind=kind, page=hit.page, document=hit.document_id)
    console.line(f"    {hit.snippet}")


def _value(hit: Hit) -> dict[str, object]:
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
