"""The site: all pages with their rules, as one application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import resources

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.guard import Guard, unknown
from web.house import House
from web.identity.provider import CALLBACK
from web.limits import HEADERS, MAX_TARGET
from web.pages import (
    access_log,
    confirming,
    copies,
    counter,
    dashboard,
    desk,
    documents,
    evidence,
    figures,
    hand_overs,
    identity,
    judging,
    lots,
    people,
    pictures,
    renewals,
    replacements,
    reports,
    saved_searches,
    search,
    secrecy,
    separators,
    signing_in,
    stacks,
    uses,
    worklist,
)
from web.rules import Page

PAGES: tuple[Page, ...] = (
    *signing_in.PAGES,
    *identity.PAGES,
    *search.PAGES,
    *saved_searches.PAGES,
    *documents.PAGES,
    *pictures.PAGES,
    *judging.PAGES,
    *lots.PAGES,
    *copies.PAGES,
    *evidence.PAGES,
    *counter.PAGES,
    *separators.PAGES,
    *stacks.PAGES,
    *secrecy.PAGES,
    *hand_overs.PAGES,
    *confirming.PAGES,
    *desk.PAGES,
    *renewals.PAGES,
    *uses.PAGES,
    *replacements.PAGES,
    *dashboard.PAGES,
    *figures.PAGES,
    *reports.PAGES,
    *worklist.PAGES,
    *people.PAGES,
    *access_log.PAGES,
)
"""Everything that can be asked for. There is no other way in: `site` makes its routes of these alone."""

STATIC = {
    "site.css": "text/css",
    "site.js": "text/javascript",
    "desk.js": "text/javascript",
    "counter.js": "text/javascript",
    "progress.js": "text/javascript",
    "emblem.svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_LONGEST_ANSWER = 8 << 10
# Not `no-referrer`: browsers then say of a form of ours that it comes from nowhere (`Origin: null`).
_HEADERS = {**HEADERS, "content-security-policy": _POLICY, "referrer-policy": "same-origin"}


def site(house: House) -> Starlette:
    """Return the application; whoever makes it closes `house.pictures` at the end."""
    routes = [Route(page.path, Guard(house, page).respond, methods=[page.method]) for page in PAGES]
    routes += [Route(f"/static/{name}", _static(name, kind), methods=["GET"]) for name, kind in STATIC.items()]

    async def nowhere(request: Request, _exc: Exception) -> Response:
        return unknown(house, request)

    return Starlette(routes=routes, middleware=[Middleware(_Shield)], exception_handlers={404: nowhere, 405: nowhere})


class _Shield:
    """Puts the security headers on every response, and refuses addresses that no page of ours has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        app: ASGIApp = self._app
        if scope["type"] == "http" and len(scope["raw_path"]) + len(scope["query_string"]) > _most(scope["path"]):
            app = PlainTextResponse("the address is too long\n", status_code=414)
        await app(scope, receive, send_with_headers)


def _most(path: str) -> int:
    """Return how long an address may be: the codes of some identity providers alone are longer than any of ours."""
    return _LONGEST_ANSWER if path == CALLBACK else MAX_TARGET


def _static(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    data = resources.files("web").joinpath("static", name).read_bytes()

    async def static(_request: Request) -> Response:
        return Response(data, media_type=kind, headers={"cache-control": "private, max-age=3600"})

    return static
