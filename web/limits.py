"""What a request may be, and what every response carries: an ASGI layer around the application."""

from __future__ import annotations

from types import MappingProxyType

from starlette.datastructures import Headers as Given
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_TARGET = 2048
_METHODS = ("GET", "HEAD")
HEADERS = MappingProxyType(
    {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
)


class Headers:
    """Puts the security headers on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Limits:
    """Refuses what no operator's tool sends, and puts the security headers on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        answer = _refusal(scope) if scope["type"] == "http" else None
        await Headers(answer or self._app)(scope, receive, send)


def _refusal(scope: Scope) -> Response | None:
    """Return the answer to a request that is refused, None for one that is served."""
    headers = Given(scope=scope)
    if scope["method"] not in _METHODS:
        return PlainTextResponse("read only\n", status_code=405, headers={"allow": ", ".join(_METHODS)})
    if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_TARGET:
        return PlainTextResponse("the address is too long\n", status_code=414)
    if "transfer-encoding" in headers or headers.get("content-length", "0") != "0":
        return PlainTextResponse("a question has no body\n", status_code=413)
    return None
