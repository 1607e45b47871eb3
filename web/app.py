"""What an operator's tools ask a running installation: is it alive, is it ready, how is it doing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dossier.errors import HososoError
from web.bounded import Bounded
from web.limits import Limits
from web.readiness import Readiness

_METRICS = "text/plain; version=0.0.4; charset=utf-8"
_METRICS_SECONDS = 10.0

Endpoint = Callable[[Request], Awaitable[Response]]


def operations(readiness: Readiness, metrics: Callable[[], bytes]) -> Starlette:
    """Return the application with `/healthz`, `/readyz` and `/metrics`; nothing in it needs or shows a secret.

    Args:
        readiness: What is looked at for `/readyz`. It answers 200 or 503 with
            `{"ready": bool, "parts": {NAME: {"state": "ok"} | {"state": "failed", "code": CODE}}}`.
        metrics: Renders the figures in Prometheus' text format; called in a thread, once for all who ask
            at the same time. When it takes longer than ten seconds or raises a HososoError, `/metrics` answers 503.
    """
    return Starlette(
        routes=[
            Route("/healthz", _alive),
            Route("/readyz", _ready(readiness)),
            Route("/metrics", _metrics(metrics)),
        ],
        middleware=[Middleware(Limits)],
    )


def before(told: Starlette, site: ASGIApp) -> ASGIApp:
    """Return an application that answers an operator's tools by itself and leaves everything else to the site."""
    own = {route.path for route in told.routes if isinstance(route, Route)}

    async def split(scope: Scope, receive: Receive, send: Send) -> None:
        await (told if scope["type"] != "http" or scope["path"] in own else site)(scope, receive, send)

    return split


def beside(app: ASGIApp, prefix: str, other: ASGIApp) -> ASGIApp:
    """Return an application that gives what lies below a prefix to another one."""

    async def split(scope: Scope, receive: Receive, send: Send) -> None:
        below = scope["type"] == "http" and scope["path"].startswith(prefix + "/")
        await (other if below else app)(scope, receive, send)

    return split


async def _alive(_request: Request) -> Response:
    """Answer as long as the process serves at all; a restart helps exactly when this fails."""
    return JSONResponse({"alive": True})


def _ready(readiness: Readiness) -> Endpoint:
    async def ready(_request: Request) -> Response:
        answer = await readiness.look()
        return JSONResponse(answer.as_json(), status_code=200 if answer.ready else 503)

    return ready


def _metrics(render: Callable[[], bytes]) -> Endpoint:
    figures = Bounded(render, _METRICS_SECONDS)

    async def metrics(_request: Request) -> Response:
        try:
            text = await figures.ask()
        except (TimeoutError, HososoError) as exc:
            code = exc.code if isinstance(exc, HososoError) else "TIMEOUT"
            return PlainTextResponse(f"# no figures: {code}\n", status_code=503)
        return Response(text, headers={"content-type": _METRICS})

    return metrics
