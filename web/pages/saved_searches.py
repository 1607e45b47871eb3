"""Searches that people keep: under a name of their own, for themselves alone."""

from __future__ import annotations

from starlette.responses import Response

from catalog import saved_searches
from dossier.people import Permission
from web.rules import Page, Rule
from web.search_links import behind, wanted_in
from web.visit import Visit

_LONGEST_NAME = 80
_LONGEST_QUERY = 4000


def save(visit: Visit) -> Response:
    """Keep a search, in place of one of the same name."""
    services, name = visit.house.services, " ".join(visit.form.get("name", "").split())[:_LONGEST_NAME]
    query = behind(wanted_in(visit.form.get("query", "")[:_LONGEST_QUERY]))
    if name and query:  # the form asks for both
        with services.catalogue.write() as tx:
            saved_searches.save(tx, visit.someone().id, name, query, services.clock())
    return visit.go(f"/search?{query}")


def forget(visit: Visit) -> Response:
    """Remove a search of one's own; that of somebody else, or one that is gone, is left as it is."""
    with visit.house.services.catalogue.write() as tx:
        saved_searches.forget(tx, visit.someone().id, visit.parameters["search"])
    return visit.go("/search")


PAGES = (
    Page("POST", "/searches", Rule(Permission.SEARCH, noted="search.save"), save),
    Page("POST", "/searches/{search}/delete", Rule(Permission.SEARCH, noted="search.forget"), forget),
)
