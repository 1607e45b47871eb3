"""The gate of the API: which station asks, whether it may, whether what it says has the form that was agreed."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from jsonschema import Draft202012Validator
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dossier.errors import Code, HososoError, Rejected, Unavailable
from pipeline import station_tokens
from web.api.call import Call, Operation, Schema
from web.api.problems import problem
from web.guard import Guard
from web.house import House
from web.rules import Page, Who
from web.signing_desk import Rate
from web.visit import Visit

_MOST_BODY = 1 << 20
_WRONG_A_MINUTE, _ALL_A_MINUTE, _STATIONS = 300, 1200, 1000
_log = structlog.get_logger("hososo")


@dataclass(slots=True)
class Rates:
    """How much is asked: by whom no token is known, and by each station."""

    most: int = _ALL_A_MINUTE
    wrong: Rate = field(default_factory=lambda: Rate(_WRONG_A_MINUTE))
    _stations: OrderedDict[str, Rate] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, token_id: str) -> None:
        """Count a request of a station.

        Raises:
            Unavailable(REQUESTS_TOO_MANY): It has asked too often within the minute.
        """
        with self._lock:
            rate = self._stations.setdefault(token_id, Rate(self.most))
            self._stations.move_to_end(token_id)
            while len(self._stations) > _STATIONS:
                self._stations.popitem(last=False)
            if rate.full:
                raise Unavailable(Code.REQUESTS_TOO_MANY)
            rate.count()


@dataclass(frozen=True, slots=True)
class Gate:
    """Answers requests for one operation."""

    house: House
    operation: Operation
    rates: Rates

    async def respond(self, request: Request) -> Response:
        """Answer a request."""
        operation = self.operation
        try:
            call = await run_in_threadpool(self._admitted, request)
            if operation.takes is not None:
                call = replace(call, body=await self._body(request, operation.takes))
            if operation.stream is not None:
                return await operation.stream(call)
            return await run_in_threadpool(operation.answer, call)
        except HososoError as exc:
            return problem(exc, self.house.language)
        except Exception:  # noqa: BLE001 - the request ends here; a station is told no more than that
            _log.exception("operation failed", operation=operation.name)
            return problem(Rejected(Code.BUG), self.house.language)

    def _admitted(self, request: Request) -> Call:
        """Return the request as one that is let in."""
        visit = Visit(self.house, request.url.path, _once(request), {}, _parameters(request))
        rule = self.operation.rule
        if rule.who is Who.ANYBODY:
            return Call(visit, request)
        visit = self._recognised(visit, request)
        guard = Guard(self.house, Page("GET", self.operation.path, rule, lambda _visit: Response()))
        if not rule.lets_in(visit.account):
            guard.note(visit, refused=True)
            raise Rejected(Code.NOT_ALLOWED)
        visit = guard.found(visit)
        self._check_query(visit)
        guard.note(visit)
        return Call(visit, request)

    def _recognised(self, visit: Visit, request: Request) -> Visit:
        """Return the visit with the account of the station's token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        found = None
        if scheme.lower() == "bearer" and token.strip() and token.isascii():
            found = station_tokens.let_in(token.strip(), self.house.services)
        if found is None:
            if self.rates.wrong.full:
                raise Unavailable(Code.REQUESTS_TOO_MANY)
            self.rates.wrong.count()
            raise Rejected(Code.STATION_REFUSED)
        self.rates.count(found[0].id)
        return replace(visit, account=found[1])

    def _check_query(self, visit: Visit) -> None:
        """Refuse parameters that are not of the form agreed, or that nobody knows."""
        for name, text in visit.query.items():
            schema = self.operation.query.get(name)
            if schema is None:
                raise Rejected(Code.REQUEST_INVALID, "unknown parameter", subject=name[:40])
            _check(_typed(text, schema), schema, name)

    async def _body(self, request: Request, schema: Schema) -> Any:  # noqa: ANN401 - what JSON holds
        """Return what the body says.

        Raises:
            Rejected(REQUEST_INVALID): It is too long, no JSON, or not of the form agreed.
        """
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Rejected(Code.REQUEST_INVALID, "content type", subject="application/json")
        data = b""
        async for chunk in request.stream():
            data += chunk
            if len(data) > _MOST_BODY:
                raise Rejected(Code.REQUEST_INVALID, "too long", subject="body")
        try:
            said = json.loads(data)
        except (ValueError, RecursionError) as exc:
            raise Rejected(Code.REQUEST_INVALID, "no JSON", subject="body") from exc
        _check(said, schema, "body")
        return said


def _check(value: Any, schema: Schema, name: str) -> None:  # noqa: ANN401 - what JSON holds
    fault = next(iter(Draft202012Validator(schema).iter_errors(value)), None)
    if fault is not None:
        where = "/".join([name, *(str(part) for part in fault.absolute_path)])
        raise Rejected(Code.REQUEST_INVALID, str(fault.validator), subject=where[:80])
    if _has_nul(value):
        raise Rejected(Code.REQUEST_INVALID, "a character that no text has", subject=name)


def _has_nul(value: Any) -> bool:  # noqa: ANN401 - what JSON holds
    """Return whether some text has what no database takes: NUL, half of a pair."""
    if isinstance(value, str):
        return "\0" in value or any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        return any(_has_nul(each) for pair in value.items() for each in pair)
    return isinstance(value, list) and any(_has_nul(each) for each in value)


def _typed(text: str, schema: Schema) -> object:
    if schema.get("type") != "integer":
        return text
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text  # noqa: PLR2004


def _once(request: Request) -> dict[str, str]:
    """Return the parameters behind the question mark.

    Raises:
        Rejected(REQUEST_INVALID): One is there twice: whoever reads it elsewhere may read the other.
    """
    pairs = request.query_params.multi_items()
    if len(dict(pairs)) != len(pairs):
        raise Rejected(Code.REQUEST_INVALID, "twice", subject="query")
    return dict(pairs)


def _parameters(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in request.path_params.items()}
