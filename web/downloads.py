"""The signed files of packages, under the links that the one-stop software was given (docs/return-protocol.md).

A link that is wrong, has ended or was revoked gets one and the same answer. Each download is in the event chain of its
dossier before the first byte leaves; the parts of one that goes on within an hour belong to it. Nothing is logged:
addresses hold tokens.
"""

from __future__ import annotations

import asyncio
import time
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dossier.errors import HososoError, Rejected
from pipeline import fetching
from pipeline.fetching import Linked
from pipeline.services import Services
from registers.portal.links import PREFIX
from web.limits import Limits
from web.ranges import Span, span_of
from web.signing_desk import Rate

_CHUNK = 1 << 18
_WAIT_SECONDS = 30.0  # for a client to take one piece
_AT_ONCE = 16
_WRONG_A_MINUTE, _ALL_A_MINUTE = 300, 6000
_SAME_DOWNLOAD_SECONDS, _MOST_AN_HOUR, _REMEMBERED = 3600.0, 60, 4096
_PDF = "application/pdf"


def downloads(services: Services) -> Starlette:
    """Return the application below `/portal/v1`; it answers GET and HEAD of links and nothing else."""
    return Starlette(
        routes=[Route(f"{PREFIX}/{{key}}/{{document}}/{{token}}", _endpoint(_Desk(services)), methods=["GET", "HEAD"])],
        middleware=[Middleware(Limits)],
    )


@dataclass(slots=True)
class _Begun:
    """Which downloads were begun within the last hour: the parts that follow belong to them."""

    clock: Callable[[], float] = time.monotonic
    _at: OrderedDict[tuple[str, str], list[float]] = field(default_factory=OrderedDict)

    def goes_on(self, found: Linked, span: Span) -> bool:
        """Return whether a part continues a download that is in the chain already."""
        return span.start > 0 and bool(self._of(found))

    def is_worn(self, found: Linked) -> bool:
        """Return whether a link was used so often within the hour that it has to rest: each use is kept for ever."""
        return len(self._of(found)) >= _MOST_AN_HOUR

    def note(self, found: Linked) -> None:
        """Note that a download was begun."""
        self._at[self._name(found)] = [*self._of(found), self.clock()]
        self._at.move_to_end(self._name(found))
        while len(self._at) > _REMEMBERED:
            self._at.popitem(last=False)

    def _of(self, found: Linked) -> list[float]:
        since = self.clock() - _SAME_DOWNLOAD_SECONDS
        return [begun for begun in self._at.get(self._name(found), ()) if begun > since]

    @staticmethod
    def _name(found: Linked) -> tuple[str, str]:
        return (found.package.key, found.file.document_id)


@dataclass(slots=True)
class _Desk:
    """Gives out files."""

    services: Services
    begun: _Begun = field(default_factory=_Begun)
    wrong: Rate = field(default_factory=lambda: Rate(_WRONG_A_MINUTE))
    every: Rate = field(default_factory=lambda: Rate(_ALL_A_MINUTE))
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def answer(self, request: Request) -> Response:
        """Answer a request for a link."""
        if self.every.full:
            return _busy()
        self.every.count()
        key, document, token = (str(request.path_params[name]) for name in ("key", "document", "token"))
        found = await run_in_threadpool(fetching.linked, key, document, token, self.services)
        if found is None:
            return self._nothing()
        span = span_of(_asked(request, found), found.file.size)
        if span is None:
            return Response(status_code=416, headers={"content-range": f"bytes */{found.file.size}"})
        if request.method == "HEAD":
            return Response(status_code=200, headers=_headers(found, Span(0, found.file.size, found.file.size)))
        if self.places.locked() or self.begun.is_worn(found):
            return _busy()
        return await self._begin(found, span)

    async def _begin(self, found: Linked, span: Span) -> Response:
        stream = await run_in_threadpool(fetching.opened, found, self.services)
        try:
            if not self.begun.goes_on(found, span):
                await run_in_threadpool(fetching.record, found, self.services)
                self.begun.note(found)
        except BaseException:
            stream.close()
            raise
        return _File(stream, span, _headers(found, span), self.places)

    def _nothing(self) -> Response:
        """Answer for every link that gives nothing. Too many of them make the answers wait for no one else."""
        if self.wrong.full:
            return _busy()
        self.wrong.count()
        return _unknown()


class _File(Response):
    """Sends a part of a file; a client that takes nothing for half a minute is let go."""

    def __init__(self, stream: BinaryIO, span: Span, headers: dict[str, str], places: asyncio.Semaphore) -> None:
        is_part = span.length != span.size
        own = {**headers, "content-range": span.content_range} if is_part else headers
        super().__init__(status_code=206 if is_part else 200, headers=own)
        self._stream, self._span, self._places = stream, span, places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        del scope, receive
        try:
            async with self._places:
                start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
                with suppress(TimeoutError):  # the server closes what was not answered to its end
                    await asyncio.wait_for(send(start), _WAIT_SECONDS)
                    await self._pieces(send)
        finally:
            self._stream.close()

    async def _pieces(self, send: Send) -> None:
        left = self._span.length
        await run_in_threadpool(self._stream.seek, self._span.start)
        while left > 0:
            piece = await run_in_threadpool(self._stream.read, min(_CHUNK, left))
            left -= len(piece)
            more = left > 0 and bool(piece)
            body = {"type": "http.response.body", "body": piece, "more_body": more}
            await asyncio.wait_for(send(body), _WAIT_SECONDS)
            if not piece:
                return


def _endpoint(desk: _Desk) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return await desk.answer(request)
        except Rejected:
            return _unknown()
        except HososoError:
            return _busy()

    return endpoint


def _asked(request: Request, found: Linked) -> str:
    """Return the range that is asked for, none when it is meant for another file than this one."""
    condition = request.headers.get("if-range", "")
    return request.headers.get("range", "") if condition in ("", _tag(found)) else ""


def _headers(found: Linked, span: Span) -> dict[str, str]:
    return {
        "content-type": _PDF,
        "content-length": str(span.length),
        "content-disposition": f'attachment; filename="{found.file.document_id}.pdf"',
        "accept-ranges": "bytes",
        "etag": _tag(found),
        "repr-digest": f"sha-256=:{b64encode(bytes.fromhex(found.file.sha256)).decode()}:",
    }


def _tag(found: Linked) -> str:
    return f'"{found.file.sha256}"'


def _unknown() -> Response:
    return PlainTextResponse("not found\n", status_code=404)


def _busy() -> Response:
    return PlainTextResponse("try later\n", status_code=503, headers={"retry-after": "30"})
