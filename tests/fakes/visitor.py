"""Somebody with a browser, without the browser: keeps the cookie, sends forms with what the page put into them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.types import ASGIApp

from tests.fakes.asker import Reply, ask

_CSRF = re.compile(rb'name="csrf" value="([0-9a-f]{64})"')
_FORM = "application/x-www-form-urlencoded"


@dataclass
class Visitor:
    """A browser of one person."""

    app: ASGIApp
    cookie: str = ""
    csrf: str = ""

    def get(self, address: str, **headers: str) -> Reply:
        """Ask for a page."""
        return self._kept(ask(self.app, address, cookie=self.cookie, host="127.0.0.1", **headers))

    def post(self, address: str, form: Mapping[str, str] | None = None, **headers: str) -> Reply:
        """Send a form."""
        body = urlencode({"csrf": self.csrf, **(form or {})}).encode()
        sent = {"content_type": _FORM, "host": "127.0.0.1", "cookie": self.cookie, **headers}
        return self._kept(ask(self.app, address, "POST", body, **sent))

    def sign_in(self, login: str, password: str) -> Reply:
        """Sign in, and take up what forms need."""
        reply = self.post("/login", {"login": login, "password": password})
        self.get("/password")
        return reply

    def _kept(self, reply: Reply) -> Reply:
        if "set-cookie" in reply.headers:
            self.cookie = reply.headers["set-cookie"].partition(";")[0]
        found = _CSRF.search(reply.body)
        if found:
            self.csrf = found[1].decode()
        return reply
