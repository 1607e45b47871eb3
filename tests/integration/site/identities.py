"""What the tests of signing in through an identity provider share: the office with one, and somebody's browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from starlette.types import ASGIApp

from catalog import access
from dossier.people import Account, Role
from pipeline import identities
from tests.fakes.asker import Reply, ask
from tests.fakes.office import PaperOffice
from tests.servers.identity import CLIENT, SECRET, IdentityServer
from web.house import House
from web.identity.asking import Line
from web.identity.provider import Client, Provider

SITE = "http://127.0.0.1"
_CSRF = re.compile(rb'name="csrf" value="([0-9a-f]{64})"')


def client_of(server: IdentityServer, site: str = SITE, seconds: float = 5.0) -> Client:
    """Return what provider and office know of each other."""
    server.callback, server.after = f"{site}/login/provider/callback", f"{site}/login"
    return Client(server.url, CLIENT, SECRET, site, line=Line(seconds=seconds))


def with_provider(house: House, client: Client, ticks: Callable[[], float] = time.monotonic) -> House:
    """Return the office with the provider; tokens are held against the real time."""
    return replace(house, provider=Provider(client, lambda: datetime.now(UTC), ticks))


@dataclass
class Person:
    """Somebody's browser: keeps cookies, and goes to the provider and back when it is told to."""

    app: ASGIApp
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, target: str) -> Reply:
        """Ask the site for a page."""
        return self._kept(ask(self.app, target, host="127.0.0.1", cookie=self._cookie()))

    def post(self, target: str, form: dict[str, str] | None = None) -> Reply:
        """Send a form of the site."""
        found = _CSRF.search(self.get("/password").body)
        csrf = {"csrf": found[1].decode()} if found else {}
        body = urlencode({**csrf, **(form or {})}).encode()
        kind = "application/x-www-form-urlencoded"
        return self._kept(
            ask(self.app, target, "POST", body, host="127.0.0.1", cookie=self._cookie(), content_type=kind)
        )

    def begin(self, goal: str = "/password") -> str:
        """Begin to sign in; return the address that the provider sends the browser back to."""
        reply = self.get(f"/login/provider?next={goal}")
        assert reply.status == 303, reply.body
        return back_from(reply.headers["location"])

    def sign_in(self, goal: str = "/password") -> Reply:
        """Sign in through the provider."""
        return self.get(self.begin(goal))

    @property
    def signed_in(self) -> bool:
        """Whether the site knows who it is."""
        return self.get("/password").status == 200

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _kept(self, reply: Reply) -> Reply:
        for each in reply.cookies:
            name, _, rest = each.partition("=")
            value = rest.partition(";")[0]
            if value.strip('"'):
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return reply


def back_from(address: str) -> str:
    """Go to the provider, which knows who it is; return the path and query it sends the browser back to."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=5)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = urlsplit(connection.getresponse().headers["location"])
    connection.close()
    return f"{back.path}?{back.query}"


def member(office: PaperOffice, login: str, *roles: Role, name: str = "") -> Account:
    """Return a new account that is entered through the provider alone."""
    own = Account("", login, f"Cán bộ {login}", frozenset(roles or {Role.ARCHIVIST}))
    return identities.create(own, name or login, "", "test", office.services)


def said(office: PaperOffice, after: int = 0) -> list[tuple[str, str, str]]:
    """Return who, what and how of the access log."""
    with office.services.catalogue.read() as tx:
        return [(line.account, line.action, line.detail) for line in access.lines(tx, after)]
