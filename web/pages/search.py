"""Search: one box, filters, what was found with the words in their context, and what it can be narrowed to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from catalog import saved_searches
from catalog.saved_searches import SavedSearch
from dossier.errors import HososoError
from dossier.people import Permission
from dossier.wording import advice
from pipeline.indexing import catch_up
from pipeline.searching import Wanted, choices, counted, search
from search.filters import SignatureState
from search.port import FARTHEST_HIT, Hit
from web.rules import Page, Rule
from web.search_links import behind, chips, facets, masked, wanted_of
from web.visit import Visit

_AT_ONCE = 20
_SECONDS = 2.0
_NOTHING = Wanted()
_FEW = 3
"""With so few hits words may have been misread on others: near ones are offered."""


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as it is shown: kind and unit by their names, identity numbers masked, the address of the page."""

    hit: Hit
    kind: str
    unit: str
    title: str
    snippet: str
    address: str


def search_page(visit: Visit) -> Response:
    """Search what the account may see."""
    wanted = wanted_of(visit.query)
    values: dict[str, Any] = {**_form(wanted, visit), "told": None, "found": None}
    if wanted == _NOTHING:
        return visit.page("search.html", **values)
    try:
        values |= _answer(wanted, visit)
    except HososoError as exc:
        return visit.page("search.html", status=400, **values | {"told": advice(exc, visit.house.language)})
    return visit.page("search.html", **values)


def about_a_person(visit: Visit) -> str:
    """Return a word for the access log where somebody looks for a person's number or name; never what was typed."""
    wanted = wanted_of(visit.query)
    if wanted.identity or masked(wanted.words) != wanted.words:
        return "identity"
    return "person" if wanted.person else ""


def _form(wanted: Wanted, visit: Visit) -> dict[str, Any]:
    """Return what the form shows: what can be chosen, and what is."""
    services = visit.house.services
    units, fonds = choices(visit.units, services)
    kinds = sorted(((kind.code, kind.name) for kind in services.rules.kinds.values()), key=lambda each: each[1])
    return {
        "wanted": wanted,
        "kinds": kinds,
        "units": sorted(((code, services.unit_name(code)) for code in units), key=lambda each: each[1]),
        "fonds": fonds,
        "signatures": [state.value for state in SignatureState],
        "chips": chips(wanted, visit),
        "saved": _saved(visit),
        "asked": behind(wanted),
    }


def _saved(visit: Visit) -> list[SavedSearch]:
    """Return the searches of the account, numbers of people in their names masked."""
    with visit.house.services.catalogue.read() as tx:
        kept = saved_searches.of_account(tx, visit.someone().id)
    return [replace(one, name=masked(one.name)) for one in kept]


def _answer(wanted: Wanted, visit: Visit) -> dict[str, Any]:
    services = visit.house.services
    current = catch_up(services, _SECONDS)
    page = visit.number("page", 1, FARTHEST_HIT // _AT_ONCE)
    answer = search(wanted, visit.units, services, _AT_ONCE, (page - 1) * _AT_ONCE)
    total = answer.hits.total
    last = min(-(-total // _AT_ONCE), FARTHEST_HIT // _AT_ONCE) or 1
    few = total <= _FEW and not (answer.query.widened or answer.query.lacking) and bool(answer.query.terms)
    return {
        "found": [_found(hit, wanted, visit, near=bool(answer.query.widened)) for hit in answer.hits.hits],
        "facets": facets(counted(answer.query, services), wanted, visit) if total else {},
        "widened": answer.query.widened,
        "lacking": answer.query.lacking,
        "wider": f"/search?{behind(wanted, near='1')}" if total and few else "",
        "documents": not answer.query.terms,
        "behind_time": not current,
        "total": total,
        "page": page,
        "pages": last,
        "before": f"/search?{behind(wanted, page=str(page - 1))}" if page > 1 else "",
        "after": f"/search?{behind(wanted, page=str(page + 1))}" if page < last else "",
    }


def _found(hit: Hit, wanted: Wanted, visit: Visit, *, near: bool) -> Found:
    services = visit.house.services
    words = behind(Wanted(wanted.words), **({"near": "1"} if near else {})) if wanted.words else ""
    return Found(
        hit,
        services.rules.kind(hit.kind).name,
        services.unit_name(hit.unit),
        masked(hit.title),
        masked(hit.snippet),
        f"/documents/{hit.document_id}?page={hit.page}" + (f"&{words}" if words else ""),
    )


PAGES = (Page("GET", "/search", Rule(Permission.SEARCH, noted="search", more=about_a_person), search_page),)
