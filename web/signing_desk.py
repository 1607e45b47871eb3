"""The signing desk over HTTP, for signing agents: docs/signing-protocol.md describes every request.

Nothing about people is in an address or an answer: digests, kinds of documents, dossier codes.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.states import SignerRole
from pipeline import signing_desk as desk
from pipeline.services import Services
from web.limits import Headers

VERSION = 1
PREFIX = "/signing/v1"
_MOST_BODY = 64 << 10
_CODES = {
    Code.SIGNING_SESSION_OVER: 410,
    Code.SIGNING_BATCH_OVER: 410,
    Code.CERTIFICATE_NOT_ALLOWED: 403,
    Code.SIGNING_DESK_REFUSED: 400,
}
_REFUSED, _WAIT = 409, 503

Message = dict[str, Any]


@dataclass(slots=True)
class Rate:
    """So many events a minute; beyond that they are refused until the minute is over."""

    most: int
    clock: Callable[[], float] = time.monotonic
    _since: float = field(default=0.0)
    _seen: int = field(default=0)

    @property
    def full(self) -> bool:
        """Whether no more are let through now."""
        if self.clock() - self._since >= 60:  # noqa: PLR2004 - a minute
            self._since, self._seen = self.clock(), 0
        return self._seen >= self.most

    def count(self) -> None:
        """Count one."""
        self._seen += 1


def signing_desk(services: Services, token: bytes) -> Starlette:
    """Return the application below `/signing/v1`; every request needs the token, `Authorization: Bearer …`.

    Args:
        services: What the desk works with; used in threads.
        token: The access token, at least 16 bytes. It is compared in constant time. After ten wrong ones in a minute
            further wrong ones are answered with 429, and after 3000 requests right ones too. Wrong ones do not keep
            out the right one: whoever can send requests could end all signing that way.
    """
    door = _Door(sha256(token).digest())

    def guarded(act: Callable[[Message, Request], Message], status: int = 200) -> Callable[..., Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            refused = door.refusal(request)
            if refused is not None:
                return refused
            try:
                body = await _body(request)
                return JSONResponse(await run_in_threadpool(act, body, request), status_code=status)
            except HososoError as exc:
                return _failed(exc)

        return endpoint

    acts = _Acts(services)
    return Starlette(
        routes=[
            Route(f"{PREFIX}/waiting", guarded(acts.waiting), methods=["GET"]),
            Route(f"{PREFIX}/sessions", guarded(acts.begin, 201), methods=["POST"]),
            Route(f"{PREFIX}/sessions/{{session}}/results", guarded(acts.result), methods=["POST"]),
            Route(f"{PREFIX}/sessions/{{session}}/end", guarded(acts.end), methods=["POST"]),
        ],
        middleware=[Middleware(Headers)],
    )


@dataclass(frozen=True, slots=True)
class _Door:
    """Lets in who has the token."""

    token: bytes
    wrong: Rate = field(default_factory=lambda: Rate(10))
    every: Rate = field(default_factory=lambda: Rate(3000))

    def refusal(self, request: Request) -> Response | None:
        """Return the answer to a request that is not let in."""
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(sha256(given.strip().encode()).digest(), self.token)
        admitted = right and kind.lower() == "bearer"
        rate = self.every if admitted else self.wrong
        if rate.full:
            return _answer(429, Code.SIGNING_DESK_REFUSED, {"retry-after": "60"})
        rate.count()
        return None if admitted else _answer(401, Code.SIGNING_DESK_REFUSED, {"www-authenticate": "Bearer"})


@dataclass(frozen=True, slots=True)
class _Acts:
    """What can be asked for; each takes the request's body and gives the answer's."""

    services: Services

    def waiting(self, _body: Message, request: Request) -> Message:
        """Tell how many documents wait for a role."""
        return {"version": VERSION, "waiting": desk.waiting(self.services, _role(request.query_params.get("role")))}

    def begin(self, body: Message, _request: Request) -> Message:
        """Open a session."""
        certificate, most = _text(body, "certificate", 64), body.get("most")
        if not isinstance(most, int) or most < 1:
            raise Rejected(Code.SIGNING_DESK_REFUSED, "most")
        batch = _text(body, "batch", 64) if "batch" in body else ""
        session, offers = desk.begin(certificate, most, self.services, _role(body.get("role")), batch)
        return {
            "version": VERSION,
            "session": session.id,
            "role": session.role.value,
            "expires_at": session.expires_at.isoformat(),
            "requests": [
                {
                    "request": offer.request.id,
                    "digest": offer.request.digest,
                    "algorithm": offer.request.algorithm,
                    "kind": offer.kind,
                    "short": offer.short,
                }
                for offer in offers
            ],
        }

    def result(self, body: Message, request: Request) -> Message:
        """Take in a signature, or that there is none."""
        session, wanted = request.path_params["session"], _text(body, "request", 64)
        if "failed" in body:
            desk.fail(session, wanted, _code(_text(body, "failed", 64)), self.services)
            return {"version": VERSION, "state": "failed"}
        try:
            cms = base64.b64decode(_text(body, "cms", _MOST_BODY), validate=True)
        except binascii.Error:
            raise Rejected(Code.SIGNING_DESK_REFUSED, "cms") from None
        desk.collect(session, wanted, cms, self.services)
        return {"version": VERSION, "state": "collected"}

    def end(self, _body: Message, request: Request) -> Message:
        """Close a session."""
        counts = desk.end(request.path_params["session"], self.services)
        return {"version": VERSION, **{state.value: count for state, count in counts.items()}}


async def _body(request: Request) -> Message:
    if request.method == "GET":
        return {}
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > _MOST_BODY:
            raise Rejected(Code.SIGNING_DESK_REFUSED, "too long")
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict) or body.get("version") != VERSION:
        raise Rejected(Code.SIGNING_DESK_REFUSED, "no JSON object of this version")
    return body


def _text(body: Message, name: str, longest: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value or len(value) > longest or not value.isascii():
        raise Rejected(Code.SIGNING_DESK_REFUSED, name)
    return value


def _role(name: Any) -> SignerRole:  # noqa: ANN401 - whatever the agent says
    """Return the role that is named, the agency's where none is."""
    try:
        return SignerRole.AGENCY if name is None else SignerRole(name)
    except ValueError:
        raise Rejected(Code.SIGNING_DESK_REFUSED, "role") from None


def _code(name: str) -> Code:
    try:
        return Code(name)
    except ValueError:
        raise Rejected(Code.SIGNING_DESK_REFUSED, "failed") from None


def _failed(exc: HososoError) -> Response:
    return _answer(_CODES.get(exc.code, _WAIT if isinstance(exc, Unavailable) else _REFUSED), exc.code)


def _answer(status: int, code: Code, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"version": VERSION, "error": code.value}, status_code=status, headers=headers)
