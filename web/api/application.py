"""The API as one application, and the table of its operations."""

from __future__ import annotations

from functools import cache

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dossier.errors import Code, Rejected
from web.api import documents, handing, looking, lots, reading, uploads
from web.api.call import Call, Operation
from web.api.description import description
from web.api.gate import Gate, Rates
from web.api.handing import PREFIX
from web.api.problems import problem
from web.house import House
from web.limits import MAX_TARGET, Headers
from web.rules import Rule, Who


def described(call: Call) -> Response:
    """Give the description of the API."""
    return JSONResponse(_described(call.visit.house.language))


OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/openapi.json", Rule(who=Who.ANYBODY), "openapi", described, gives={200: {"type": "object"}}),
    *reading.OPERATIONS,
    *documents.OPERATIONS,
    *handing.OPERATIONS,
    *looking.OPERATIONS,
    *uploads.OPERATIONS,
    *lots.OPERATIONS,
)
"""Everything that can be asked. There is no other way in: `api` makes its routes of these alone."""


def api(house: House, rates: Rates | None = None) -> Starlette:
    """Return the application; it answers below `/api/v1` and nothing else."""
    shared = rates or Rates()
    routes = [
        Route(PREFIX + each.path, Gate(house, each, shared).respond, methods=[each.method]) for each in OPERATIONS
    ]
    for route, each in zip(routes, OPERATIONS, strict=True):
        route.methods = {each.method}  # Starlette adds HEAD to GET, which is no operation of ours

    async def nowhere(_request: Request, _exc: Exception) -> Response:
        return problem(Rejected(Code.PAGE_UNKNOWN), house.language)

    return Starlette(
        routes=routes,
        middleware=[Middleware(Headers), Middleware(_Short, house=house)],
        exception_handlers={404: nowhere, 405: nowhere},
    )


@cache
def _described(language: str) -> dict[str, object]:
    return description(OPERATIONS, language)


class _Short:
    """Refuses addresses that no operation of ours has."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app, self._house = app, house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        app = self._app
        if scope["type"] == "http" and len(scope["raw_path"]) + len(scope["query_string"]) > MAX_TARGET:
            app = problem(Rejected(Code.REQUEST_INVALID, "too long", subject="address"), self._house.language)
        await app(scope, receive, send)
