"""One HTTP request to an application, without a server between."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass(slots=True)
class Reply:
    """What came back; `cookies` are all that were set, each as its header says."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cookies: list[str] = field(default_factory=list)


def ask(app: ASGIApp, target: str, method: str = "GET", body: bytes = b"", **headers: str) -> Reply:
    """Send one request and return the reply; underscores in names of headers are dashes."""
    return asyncio.run(asked(app, target, method, body, **headers))


async def asked(app: ASGIApp, target: str, method: str = "GET", body: bytes = b"", **headers: str) -> Reply:
    """Send one request and return the reply."""
    path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    reply = Reply()

    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            await asyncio.Event().wait()  # the client stays until it has its answer
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            reply.cookies = [value.decode() for name, value in message["headers"] if name == b"set-cookie"]
        else:
            reply.body += message.get("body", b"")

    await app(scope, receive, send)
    return reply
