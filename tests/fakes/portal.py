"""One-stop software that takes packages over HTTP, and misbehaves in every way that such software does.

What it has taken it keeps: a key is decided once, and every later request with it gets the same decision, whatever
mood the server is in. It refuses five in a hundred, answers late and twice, drops connections before and after it has
taken, fails, drips its answers, and answers at endless length.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

from dossier.digest import canonical, of_bytes

TOKEN = "a-token-of-the-portal"  # noqa: S105 - made up
_HUNDRED = 100


class Mood(StrEnum):
    """What it does with one request."""

    WELL = "well"
    LATE = "late"  # 202 now, the decision at a later request
    TWICE = "twice"  # two answers on one connection
    DROP_BEFORE = "drop before"
    DROP_AFTER = "drop after"
    FAIL_BEFORE = "fail before"
    FAIL_AFTER = "fail after"
    BUSY = "busy"
    SLOW = "slow"
    SLOW_HEAD = "slow head"
    SILENT = "silent"
    HUGE = "huge"
    OTHER_KEY = "other key"
    PAGE = "page"  # a login page, status 200


_BEFORE = (Mood.DROP_BEFORE, Mood.FAIL_BEFORE, Mood.BUSY)


@dataclass
class Portal:
    """What the software knows.

    Attributes:
        moods: Which moods it may be in; each request has one by chance.
        refuses: Of a hundred packages so many are refused.
        lets_in: Whether it knows our token.
        decided: Decision by key: what is answered to whoever asks again.
        taken: The accepted version and key of each dossier.
        takes: Every acceptance, in order: nothing may be in it twice.
        findings: What it saw of us that must not be.
    """

    seed: int = 1
    moods: tuple[Mood, ...] = (Mood.WELL,)
    refuses: int = 0
    lets_in: bool = True
    decided: dict[str, dict[str, Any]] = field(default_factory=dict)
    taken: dict[str, tuple[int, str]] = field(default_factory=dict)
    takes: list[tuple[str, int]] = field(default_factory=list)
    records: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    seen: Counter[Mood] = field(default_factory=Counter)
    url: str = ""
    _late: set[str] = field(default_factory=set)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._dice = Random(self.seed)

    def mood(self) -> Mood:
        """Return how it is now."""
        with self._turn:
            found = self._dice.choice(self.moods)
            self.seen[found] += 1
            return found

    def decide(self, message: Mapping[str, Any], header: str) -> dict[str, Any]:
        """Return the decision on a package, the same for the same key; take it when it is accepted."""
        with self._turn:
            content, key = message["content"], message["key"]
            if of_bytes(canonical(content)) != key or header != key:
                self.findings.append(f"the key is not that of the content: {key}")
            if key not in self.decided:
                self.decided[key] = self._decision(content, key)
                self.records[key] = message["record"]
            return self.decided[key]

    def is_late(self, key: str) -> bool:
        """Return whether the answer to a package comes later: once, then it is there."""
        with self._turn:
            fresh = key not in self._late and key not in self.decided
            self._late.add(key)
            return fresh

    def _decision(self, content: Mapping[str, Any], key: str) -> dict[str, Any]:
        code, version = str(content["dossier"]), int(content["version"])
        known = self.taken.get(code)
        if known is not None and version <= known[0]:
            return {"key": key, "state": "refused", "code": "OLDER", "reason": "đã có phiên bản mới hơn"}
        if int(key[:8], 16) % _HUNDRED < self.refuses:
            return {"key": key, "state": "refused", "code": "TPHS-02", "reason": "Thiếu mã thành phần hồ sơ"}
        self.taken[code] = (version, key)
        self.takes.append((code, version))
        return {"key": key, "state": "accepted", "receipt": f"BN-{len(self.takes):06}"}


@contextmanager
def portal_server(portal: Portal, tls: ssl.SSLContext | None = None) -> Iterator[Portal]:
    """Serve until the end of the block, over TLS where a context is given; the portal's `url` is where."""
    over = threading.Event()

    class Handler(_Handler):
        own, ended = portal, over

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    portal.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/goi"
    try:
        yield portal
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    own: Portal
    ended: threading.Event
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.own.lets_in or self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._answer(401, b"{}")
            return
        message, mood = json.loads(data), self.own.mood()
        if mood in _BEFORE:
            self._fail(mood)
            return
        if mood is Mood.LATE and self.own.is_late(message["key"]):
            self._answer(202, json.dumps({"key": message["key"], "state": "received"}).encode())
            return
        self._tell(mood, self.own.decide(message, self.headers["Idempotency-Key"]))

    def _fail(self, mood: Mood) -> None:
        if mood is Mood.DROP_BEFORE:
            self._drop()
        else:
            self._answer(503 if mood is Mood.BUSY else 500, b"<h1>Loi he thong</h1>")

    def _tell(self, mood: Mood, decision: dict[str, Any]) -> None:
        """Answer in a mood, with what was decided."""
        body = json.dumps(decision).encode()
        other = json.dumps({**decision, "key": "0" * 64}).encode()
        bad: dict[Mood, Callable[[], object]] = {
            Mood.DROP_AFTER: self._drop,
            Mood.FAIL_AFTER: lambda: self._answer(502, b""),
            Mood.SLOW: lambda: self._drip(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode(), body),
            Mood.SLOW_HEAD: lambda: self._drip(b"", b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000),
            Mood.SILENT: lambda: self.ended.wait(60),
            Mood.HUGE: lambda: self._answer(200, body[:-1] + b',"more":"' + b"x" * (1 << 20) + b'"}'),
            Mood.OTHER_KEY: lambda: self._answer(200, other),
            Mood.PAGE: lambda: self._answer(200, b"<html><form action='/login'></form></html>"),
        }
        bad.get(mood, lambda: self._well(mood, decision, body))()

    def _well(self, mood: Mood, decision: dict[str, Any], body: bytes) -> None:
        self._answer(200 if decision["state"] == "accepted" else 422, body)
        if mood is Mood.TWICE:
            self._answer(200, json.dumps({"key": decision["key"], "state": "refused"}).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, head: bytes, rest: bytes) -> None:
        """Send the head at once and the rest a byte now and then."""
        self.wfile.write(head)
        for place in range(len(rest)):
            self.wfile.write(rest[place : place + 1])
            if self.ended.wait(0.2):
                return

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keep quiet."""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True
        except ValueError:  # the connection was dropped on purpose
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            self.close_connection = True
