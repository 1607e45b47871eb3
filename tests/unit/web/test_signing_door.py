"""The door of the signing desk: the token, the rates, the form of a request; nothing here reaches the desk itself."""

from __future__ import annotations

import json
from typing import cast

import pytest
from starlette.applications import Starlette

from pipeline.services import Services
from tests.fakes.asker import Reply, ask
from web.app import beside
from web.limits import HEADERS
from web.signing_desk import PREFIX, Rate, signing_desk

TOKEN = "a-token-of-sixteen-bytes"  # noqa: S105 - made up


@pytest.fixture
def app() -> Starlette:
    """Return a desk with nothing behind it: what gets that far is a bug."""
    return signing_desk(cast("Services", None), TOKEN.encode())


def post(app: Starlette, body: bytes, path: str = "/sessions") -> Reply:
    """Ask with the right token."""
    return ask(app, PREFIX + path, "POST", body, authorization=f"Bearer {TOKEN}")


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN])
def test_nobody_gets_in_without_the_token(app: Starlette, given: str) -> None:
    """401 with security headers, whatever is asked for."""
    reply = ask(app, f"{PREFIX}/waiting", authorization=given)
    assert reply.status == 401
    assert json.loads(reply.body) == {"version": 1, "error": "SIGNING_DESK_REFUSED"}
    assert reply.headers.items() >= HEADERS.items()


def test_guessing_ends_after_ten(app: Starlette) -> None:
    """And whoever guesses does not keep out who knows."""
    statuses = [ask(app, f"{PREFIX}/waiting", authorization="Bearer no").status for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert ask(app, f"{PREFIX}/waiting", authorization="Bearer no").headers["retry-after"] == "60"
    assert post(app, b"").status == 400


def test_a_rate_begins_anew_each_minute() -> None:
    """By the clock, not by what is asked."""
    now = [100.0]
    rate = Rate(2, lambda: now[0])
    seen = []
    for _ in range(3):
        seen.append(rate.full)
        rate.count()
    now[0] += 60
    assert [*seen, rate.full] == [False, False, True, False]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b"[" * 50_000,
        b'{"version": 2, "certificate": "00", "most": 1}',
        b'{"version": 1, "certificate": "00"}',
        b'{"version": 1, "certificate": "00", "most": 0}',
        b'{"version": 1, "certificate": "00", "most": "1"}',
        b'{"version": 1, "certificate": "", "most": 1}',
        b'{"version": 1, "certificate": 7, "most": 1}',
        b'{"version": 1, "certificate": "' + b"0" * 65 + b'", "most": 1}',
        b'{"version": 1, "pad": "' + b"0" * 70_000 + b'"}',
    ],
)
def test_what_is_no_request_is_refused(app: Starlette, body: bytes) -> None:
    """Length, JSON, version and every field are looked at before anything is done."""
    reply = post(app, body)
    assert (reply.status, json.loads(reply.body)["error"]) == (400, "SIGNING_DESK_REFUSED")


@pytest.mark.parametrize(
    "body", [b'{"version": 1, "request": "r", "cms": "!!"}', b'{"version": 1, "request": "r", "failed": "NO_CODE"}']
)
def test_what_is_no_result_is_refused(app: Starlette, body: bytes) -> None:
    """A CMS is base64, a failure is one of our codes."""
    assert post(app, body, "/sessions/s/results").status == 400


def test_the_operators_pages_stay_as_they_are(app: Starlette) -> None:
    """What is not below the prefix goes to the other application; what only looks like it does too."""
    other = Starlette()
    both = beside(other, PREFIX, app)
    assert ask(both, f"{PREFIX}/waiting").status == 401
    assert ask(both, f"{PREFIX}x/waiting").status == 404
    assert ask(both, "/healthz").status == 404
