"""`/healthz`, `/readyz` and `/metrics`: what they answer, and what they refuse."""

from __future__ import annotations

import asyncio
import json
import threading
from time import monotonic, sleep

import pytest
from starlette.applications import Starlette

from dossier.errors import Code, Unavailable
from tests.fakes.asker import ask, asked
from web.app import operations
from web.bounded import Bounded
from web.limits import HEADERS
from web.readiness import Part, Readiness


def _sound() -> None:
    """Find nothing wrong."""


def _away() -> None:
    raise Unavailable(Code.STORE_UNAVAILABLE, "postgresql://hososo:password@10.0.0.1 said no")


def _bug() -> None:
    raise ZeroDivisionError


def _app(*parts: Part, metrics: bytes = b"hososo_up 1\n", seconds: float = 1.0) -> Starlette:
    return operations(Readiness(list(parts), seconds), lambda: metrics)


def test_healthz_needs_nothing_but_the_process() -> None:
    """It answers even when no part can be reached: a restart would not help those."""
    reply = ask(_app(Part("store", _away, Code.STORE_UNAVAILABLE)), "/healthz")
    assert (reply.status, json.loads(reply.body)) == (200, {"alive": True})


def test_readyz_has_one_entry_a_part() -> None:
    """Ready when every part is in order."""
    reply = ask(_app(Part("catalogue", _sound, Code.CATALOGUE_BUSY), Part("store", _sound, Code.BUG)), "/readyz")
    assert reply.status == 200
    assert json.loads(reply.body) == {
        "ready": True,
        "parts": {"catalogue": {"state": "ok"}, "store": {"state": "ok"}},
    }


def test_readyz_names_the_part_that_fails_and_nothing_else() -> None:
    """503 with codes; what the error said stays inside, as it may name hosts and accounts."""
    app = _app(Part("catalogue", _sound, Code.BUG), Part("store", _away, Code.BUG), Part("broker", _bug, Code.BUG))
    reply = ask(app, "/readyz")
    assert reply.status == 503
    assert json.loads(reply.body)["parts"] == {
        "catalogue": {"state": "ok"},
        "store": {"state": "failed", "code": "STORE_UNAVAILABLE"},
        "broker": {"state": "failed", "code": "BUG"},
    }
    assert b"password" not in reply.body


def test_a_part_that_hangs_costs_its_time_limit_and_one_thread() -> None:
    """It is late, the others are told all the same, and asking again starts no second thread while it hangs."""
    free, begun = threading.Event(), []

    def hang() -> None:
        begun.append(threading.current_thread())
        free.wait(30)

    readiness = Readiness([Part("store", hang, Code.STORE_UNAVAILABLE), Part("c", _sound, Code.BUG)], seconds=0.1)
    app = operations(readiness, lambda: b"")

    async def twice() -> list[bytes]:
        first = await asked(app, "/readyz")
        readiness._until = 0.0  # its two seconds are over
        second = await asked(app, "/readyz")
        return [first.body, second.body]

    start = monotonic()
    bodies = asyncio.run(twice())
    assert monotonic() - start < 5
    for body in bodies:
        assert json.loads(body)["parts"] == {
            "store": {"state": "failed", "code": "STORE_UNAVAILABLE"},
            "c": {"state": "ok"},
        }
    free.set()
    begun[0].join(5)
    assert len(begun) == 1


def test_readyz_is_looked_at_once_for_many_who_ask() -> None:
    """A flood of questions does not become a flood of log-ins."""
    looks: list[int] = []
    app = _app(Part("catalogue", lambda: looks.append(1), Code.BUG))

    async def flood() -> None:
        await asyncio.gather(*(asked(app, "/readyz") for _ in range(50)))
        await asked(app, "/readyz")

    asyncio.run(flood())
    assert len(looks) == 1


def test_metrics_are_the_figures_in_the_format_of_prometheus() -> None:
    """The text as it was rendered, with its type."""
    reply = ask(_app(), "/metrics")
    assert (reply.status, reply.body) == (200, b"hososo_up 1\n")
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_metrics_that_cannot_be_had_are_503() -> None:
    """A scraper sees that there are no figures instead of figures that are none."""

    def render() -> bytes:
        raise Unavailable(Code.CATALOGUE_BUSY, "host=10.0.0.1")

    reply = ask(operations(Readiness([]), render), "/metrics")
    assert (reply.status, reply.body) == (503, b"# no figures: CATALOGUE_BUSY\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/none"])
def test_every_response_has_the_security_headers(path: str) -> None:
    """Also those that refuse."""
    for method in ("GET", "HEAD", "POST"):
        reply = ask(_app(), path, method)
        assert HEADERS.items() <= reply.headers.items()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "X"])
def test_nothing_can_be_written(method: str) -> None:
    """Every other method is refused, and those that are served are named."""
    reply = ask(_app(), "/healthz", method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


def test_long_addresses_and_bodies_are_refused() -> None:
    """Nobody who means well sends them."""
    assert ask(_app(), "/healthz?" + "x" * 2100).status == 414
    assert ask(_app(), "/healthz", content_length="7").status == 413
    assert ask(_app(), "/healthz", transfer_encoding="chunked").status == 413
    assert ask(_app(), "/healthz", content_length="0").status == 200
    assert ask(_app(), "/elsewhere").status == 404


def test_bounded_work_is_shared_and_repeated() -> None:
    """Those who ask during a run share it; the next one to ask gets a new one."""
    runs: list[int] = []

    def work() -> int:
        runs.append(1)
        sleep(0.05)
        return len(runs)

    async def asking() -> list[int]:
        bounded = Bounded(work, 5)
        together = await asyncio.gather(bounded.ask(), bounded.ask())
        return [*together, await bounded.ask()]

    first, second, third = asyncio.run(asking())
    assert first == second == 1
    assert third == 2
