"""Stacks: papers of several dossiers scanned as one; what waits for somebody to say where it belongs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from catalog import hand_overs
from catalog.stacks import Stack, StackPart
from dossier.collation import Collation
from dossier.errors import Code, HososoError, Rejected
from dossier.handing_over import HandOver
from dossier.people import Permission
from dossier.stacks import DiscardReason, Doubt
from dossier.wording import advice, say
from pipeline.handing_over import Wish
from pipeline.handing_stacks import assign, discard, waiting_for
from pipeline.scope import may_see_stack
from pipeline.stack_pages import page_as_pdf
from web.pages.counter import hand_over_files, pages_of
from web.rules import Page, Rule
from web.visit import Visit

_SHOWN, _PICTURES, _UNDER_WAY = 50, 24, 100
_WIDTHS = {"small": 260, "large": 1240}
_HEADERS = {"cache-control": "private, max-age=600"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A part that waits, as the page shows it: its stack, where it begins, why it waits, its guess."""

    stack: Stack
    own: StackPart
    file: str
    number: int
    why: str
    pictures: int

    @property
    def more(self) -> int:
        """How many of its pages are not shown."""
        return len(self.own.part.pages) - self.pictures


def show(visit: Visit) -> Response:
    """Show what waits, with pictures of the pages, why, and a guess; and where a stack is handed over."""
    return _page(visit)


def take(visit: Visit) -> Response:
    """Take the stack that the form brought."""
    try:
        hand_over_files(visit, _wish(visit))
    except HososoError as exc:
        return _page(visit, exc)
    return visit.go("/stacks")


def _wish(visit: Visit) -> Wish:
    how, said = visit.form.get("collate", ""), visit.form.get("pages", "").strip()
    if how not in set(Collation):
        raise Rejected(Code.REQUEST_INVALID, "no order of sides", subject="collate")
    return Wish(
        f"web.{visit.form.get('key', '')}",
        "",
        pages=pages_of(said) if how else None,
        not_secret=visit.form.get("not_secret") == "on",
        stack=True,
        collate=Collation(how),
    )


def place(visit: Visit) -> Response:
    """Say where a part belongs."""
    try:
        own = _named(visit, visit.form)
        code, component = visit.form.get("code", ""), visit.form.get("component", "")
        assign(own.stack_id, own.position, code, component, visit.someone(), visit.house.services)
    except HososoError as exc:
        return _page(visit, exc)
    return visit.go("/stacks")


def drop(visit: Visit) -> Response:
    """Say that a part belongs to no dossier."""
    try:
        own, reason = _named(visit, visit.form), visit.form.get("reason", "")
        if reason not in set(DiscardReason):
            raise Rejected(Code.REQUEST_INVALID, "a reason", subject="reason")
        discard(own.stack_id, own.position, DiscardReason(reason), visit.someone(), visit.house.services)
    except HososoError as exc:
        return _page(visit, exc)
    return visit.go("/stacks")


def picture(visit: Visit) -> Response:
    """Give the picture of a page that waits."""
    services, house = visit.house.services, visit.house
    width = _WIDTHS["large" if visit.query.get("size") == "large" else "small"]
    try:
        own = _named(visit, visit.query)
        at = visit.number("page", 1)
        key = (f"{own.stack_id}.{own.position}", at, width)
        made = house.pictures.kept(key)
        if made is None:
            with page_as_pdf(own, at, services) as (path, number):
                made = house.pictures.make(key, path, number, 0, width)
    except Rejected as exc:
        return Response(exc.code.value, status_code=422, media_type="text/plain")
    return Response(made, media_type="image/jpeg", headers=_HEADERS)


def _page(visit: Visit, exc: HososoError | None = None) -> Response:
    services, language = visit.house.services, visit.house.language
    found = waiting_for(visit.someone(), services)
    return visit.page(
        "stacks.html",
        orders=[(each.value, say(f"collations.{each.value}", language)) for each in Collation if each],
        status=422 if exc else 200,
        told=advice(exc, language) if exc else None,
        found=[_shown(stack, own, language) for stack, own in found[:_SHOWN]],
        more=max(0, len(found) - _SHOWN),
        under_way=_under_way(visit),
        reasons=[(each.value, say(f"discard_reasons.{each.value}", language)) for each in DiscardReason],
        key=visit.form.get("key") or secrets.token_hex(12),
    )


def _shown(stack: Stack, own: StackPart, language: str) -> Shown:
    part = own.part
    first = (*part.pages, *part.separators)[0]
    why = say(f"stack_doubts.{part.doubt.value}", language) if part.doubt is not Doubt.NONE else ""
    return Shown(stack, own, stack.files[first.file].name, first.number, why, min(_PICTURES, len(part.pages)))


def _under_way(visit: Visit) -> list[HandOver]:
    """Return the stacks that were handed over and not looked at yet."""
    services = visit.house.services
    with services.catalogue.read() as tx:
        found = hand_overs.to_place(tx, services.place, _UNDER_WAY, stacks=True)
    return [own for own in found if may_see_stack(visit.someone(), own.account_id, services)]


def _named(visit: Visit, said: Mapping[str, str]) -> StackPart:
    """Return the part that a form or an address names, where it waits and is theirs to see.

    Raises:
        Rejected(PAGE_UNKNOWN): It is not.
    """
    asked = (said.get("stack", ""), said.get("part", ""))
    for _, own in waiting_for(visit.someone(), visit.house.services):
        if (own.stack_id, str(own.position)) == asked:
            return own
    raise Rejected(Code.PAGE_UNKNOWN, "no part that waits")


def _asked(visit: Visit) -> str:
    """Return what the access log says of a request: which part, which page; nothing that is not of our form."""
    found = {name: visit.query.get(name, visit.form.get(name, "")) for name in ("stack", "part", "page")}
    return " ".join(f"{name}={value}" for name, value in found.items() if value.isalnum() and len(value) <= 24)  # noqa: PLR2004


_UPLOAD = Permission.UPLOAD
PAGES = (
    Page("GET", "/stacks", Rule(_UPLOAD), show),
    Page("POST", "/stacks", Rule(_UPLOAD, noted="stack.send"), take, takes_files=True),
    Page("GET", "/stacks/page.jpg", Rule(_UPLOAD, noted="stack.page", seldom=True, more=_asked), picture),
    Page("POST", "/stacks/assign", Rule(_UPLOAD, noted="stack.assign", more=_asked), place),
    Page("POST", "/stacks/discard", Rule(_UPLOAD, noted="stack.drop", more=_asked), drop),
)
