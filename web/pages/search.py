"""Search: one box, filters, what was found with the words in their context."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from catalog import intakes
from dossier.errors import HososoError
from dossier.people import Permission
from dossier.wording import advice
from pipeline.indexing import bring_up_to_date
from search.port import FARTHEST_HIT, Hit
from search.query import parse_query
from web.rules import Page, Rule
from web.visit import Visit

_AT_ONCE = 20
_IDENTITY = re.compile(r"(?<!\d)(\d{4})(\d{3}|\d{6})(\d{2})(?!\d)")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as it is shown: kind and unit by their names, identity numbers masked, the address of the page."""

    hit: Hit
    kind: str
    unit: str
    snippet: str
    address: str


def search(visit: Visit) -> Response:
    """Search what the account may see."""
    words, rules = visit.query.get("q", "").strip(), visit.house.services.rules
    values: dict[str, Any] = {
        "words": words,
        "kinds": sorted(((kind.code, kind.name) for kind in rules.kinds.values()), key=lambda each: each[1]),
        "kind": visit.query.get("kind", ""),
        "unit": visit.query.get("unit", ""),
        "year": visit.query.get("year", ""),
        "units": _units(visit),
    }
    if not words:
        return visit.page("search.html", found=None, told=None, **values)
    try:
        found, total, page = _found(visit, words)
    except HososoError as exc:
        return visit.page("search.html", status=400, found=None, told=advice(exc, visit.house.language), **values)
    last = min(-(-total // _AT_ONCE), FARTHEST_HIT // _AT_ONCE) or 1
    turned: dict[str, Any] = {
        "total": total,
        "page": page,
        "pages": last,
        "before": _address(visit, page - 1) if page > 1 else "",
        "after": _address(visit, page + 1) if page < last else "",
    }
    return visit.page("search.html", found=found, told=None, **values, **turned)


def masked(text: str) -> str:
    """Return a text with identity numbers masked: nine or twelve digits in a row keep four and two."""
    return _IDENTITY.sub(lambda match: match[1] + "*" * len(match[2]) + match[3], text)


def about_a_person(visit: Visit) -> str:
    """Return a word for the access log where somebody looks for a person's number; never the number."""
    words = visit.query.get("q", "")
    return "identity" if masked(words) != words else ""


def _found(visit: Visit, words: str) -> tuple[list[Found], int, int]:
    services = visit.house.services
    year = visit.number("year", 0)
    asked = parse_query(
        words,
        kind=visit.query.get("kind") or None,
        unit=visit.query.get("unit") or None,
        year=year if _FIRST_YEAR < year < _LAST_YEAR else None,
        code=visit.query.get("code") or None,
    )
    bring_up_to_date(services)
    page = visit.number("page", 1, FARTHEST_HIT // _AT_ONCE)
    answer = services.index.search(replace(asked, units=visit.units), _AT_ONCE, (page - 1) * _AT_ONCE)
    behind = urlencode({"q": words})
    shown = [
        Found(
            hit,
            services.rules.kind(hit.kind).name,
            services.unit_name(hit.unit),
            masked(hit.snippet),
            f"/documents/{hit.document_id}?page={hit.page}&{behind}",
        )
        for hit in answer.hits
    ]
    return shown, answer.total, page


def _units(visit: Visit) -> list[tuple[str, str]]:
    """Return the units that can be chosen, by name."""
    with visit.house.services.catalogue.read() as tx:
        labels = intakes.units(tx)
    mine = [label for label in labels if visit.units is None or label in visit.units]
    return sorted(((label, visit.house.services.unit_name(label)) for label in mine), key=lambda each: each[1])


def _address(visit: Visit, page: int) -> str:
    """Return the address of another page of the same answer."""
    return "/search?" + urlencode({**visit.query, "page": str(page)})


PAGES = (Page("GET", "/search", Rule(Permission.SEARCH, noted="search", more=about_a_person), search),)
