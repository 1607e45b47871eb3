"""One request to the API as an operation sees it, and the operations as a table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dossier.handing_over import HandOver
from dossier.people import Account
from web.rules import Rule
from web.visit import Visit

Schema = Mapping[str, Any]
"""A JSON Schema (2020-12)."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in.

    Attributes:
        visit: Who asks, for what.
        request: As it came; its body is read already, but for operations that stream.
        body: What the body said, as JSON; checked against the operation's schema.
    """

    visit: Visit
    request: Request
    body: Any = None

    @property
    def own(self) -> Account:
        """Who asks."""
        return self.visit.someone()

    @property
    def hand_over(self) -> HandOver:
        """The hand-over that the address names."""
        return self.visit.its_hand_over()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API.

    Attributes:
        method: Of HTTP.
        path: Below the prefix, as Starlette writes it.
        rule: Who may ask.
        name: Its `operationId`; `api.NAME` of the wording says what it is for.
        answer: Makes the response, in a thread.
        stream: Makes the response and reads the body itself, in the loop; instead of `answer`.
        query: Parameters behind the question mark, each with its schema.
        sends: Media type of the body that `stream` reads.
        takes: Schema of the body; None: it has none.
        headers: Headers that matter, each with its schema; those named in `needs` have to be there.
        needs: Which ones.
        gives: Schema of the answer by status; None: an answer without a body, or one that is no JSON.
        media_type: Of an answer that is no JSON.
        refuses: Statuses of refusals beside those that every operation has.
    """

    method: str
    path: str
    rule: Rule
    name: str
    answer: Callable[[Call], Response]
    stream: Callable[[Call], Awaitable[Response]] | None = None
    query: Mapping[str, Schema] = field(default_factory=dict)
    takes: Schema | None = None
    headers: Mapping[str, Schema] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    gives: Mapping[int, Schema | None] = field(default_factory=dict)
    media_type: str = "application/json"
    refuses: tuple[int, ...] = ()
    sends: str = "application/offset+octet-stream"
