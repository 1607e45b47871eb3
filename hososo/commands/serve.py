"""`hososo serve`: the web pages, and what an operator's tools ask, until told to stop."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import click
from starlette.types import ASGIApp

from dossier.errors import Code, Rejected
from hososo.console import Console, Exit
from hososo.home import Home
from hososo.logs import log_as
from hososo.readiness import parts
from hososo.secrets import read_secret
from hososo.settings import Settings
from hososo.site import OpenedSite
from hososo.wiring import open_catalogue, services
from pipeline.measures import Measures, measure
from registers.portal.links import PREFIX as LINKS_PREFIX
from web.app import before, beside, operations
from web.downloads import downloads
from web.metrics import render
from web.readiness import Readiness
from web.server import Tls, listen_at, parted, serve
from web.signing_desk import PREFIX, signing_desk

_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what a server listens on, a client cannot ask
_SECONDS = 5.0
_SHORTEST_TOKEN = 16


@click.command("serve")
@click.option("--ask", is_flag=True)
@click.pass_obj
def command(console: Console, *, ask: bool) -> int:
    """Serve, or ask the one that does."""
    settings = console.settings
    if ask:
        alive = _answers(settings.listen)
        console.say("serve.alive" if alive else "serve.silent", address=settings.listen)
        console.result("serve", {"listen": settings.listen, "alive": alive})
        return Exit.OK if alive else Exit.NOT_READY
    home = Home(settings.home)
    home.check()
    log_as(settings)
    with listen_at(settings.listen) as listening:
        host, port = listening.getsockname()[:2]
        console.say("serve.serving", address=f"{host}:{port}")
        console.result("serve", {"listen": f"{host}:{port}", "alive": True})
        with _application(settings, console.language) as application:
            serve(application, listening, tls=_tls(settings))
    return Exit.OK


@contextmanager
def _application(settings: Settings, language: str) -> Iterator[ASGIApp]:
    """Give what is served: the site, the operators' pages, the signing desk where agents have a token, linked files."""
    told = operations(Readiness(parts(settings)), lambda: _figures(settings))
    token = _signing_token(settings)
    with closing(OpenedSite(settings, language)) as pages:
        served = before(told, pages)
        if token is None and not (settings.portal_way and settings.portal_links):
            yield served
            return
        with services(settings) as opened:
            if token is not None:
                served = beside(served, PREFIX, signing_desk(opened, token))
            if opened.portal is not None and opened.portal.links is not None:
                served = beside(served, LINKS_PREFIX, downloads(opened))
            yield served


def _tls(settings: Settings) -> Tls | None:
    if settings.tls_certificate is None or settings.tls_key is None:
        if settings.tls_certificate is not settings.tls_key:
            raise Rejected(Code.SETTINGS_INVALID, "belong together", subject="tls_certificate, tls_key")
        return None
    return Tls(settings.tls_certificate, settings.tls_key)


def _signing_token(settings: Settings) -> bytes | None:
    if settings.signing_token_file is None:
        return None
    token = read_secret(settings.signing_token_file, "signing_token_file", settings.profile)
    if len(token) < _SHORTEST_TOKEN:
        raise Rejected(Code.SETTINGS_INVALID, "a token has at least 16 bytes", subject="signing_token_file")
    return token


def _figures(settings: Settings) -> bytes:
    """Return the metrics; a catalogue that is away now may be there at the next asking."""

    def now() -> Measures:
        """Open, measure, close: a scraper comes every so many seconds, and a restored catalogue is another file."""
        catalogue = open_catalogue(settings)
        try:
            return measure(catalogue, datetime.now(UTC))
        finally:
            catalogue.close()

    return render(now, (settings.fixity_days + settings.fixity_grace_days) * 86_400)


def _answers(address: str) -> bool:
    host, port = parted(address)
    connection = http.client.HTTPConnection(_ANY_ADDRESS.get(host, host), port, timeout=_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
