"""The site of an installation: opened when somebody first asks, for a server may start before its catalogue."""

from __future__ import annotations

import ipaddress
import threading
from contextlib import ExitStack
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dossier.errors import HososoError
from dossier.wording import advice
from hososo.confirming import two_person_rule
from hososo.identity import identity_provider
from hososo.settings import Profile, Settings
from hososo.site_chores import kept_under_seal
from hososo.wiring import services
from pipeline.first_looks import FirstLooks
from pipeline.single_looks import SingleLooks
from web.api.application import api
from web.api.handing import PREFIX
from web.app import beside
from web.house import House
from web.server import parted
from web.site import site


class OpenedSite:
    """The pages as an application; while catalogue or store are away it answers 503, and tries again when asked again.

    Args:
        settings: Of the installation.
        language: `vi` or `en`.

    Raises:
        HososoError: As `identity_provider`: settings that nobody could sign in with are told at once.
    """

    def __init__(self, settings: Settings, language: str) -> None:
        self._settings, self._language = settings, language
        self._provider = identity_provider(settings)
        self._lock = threading.Lock()
        self._opened: ASGIApp | None = None
        self._stack = ExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        app: ASGIApp
        try:
            app = await run_in_threadpool(self._open) if self._opened is None else self._opened
        except HososoError as exc:
            told = advice(exc, self._language)
            app = PlainTextResponse(f"[{told.code}] {told.cause} {told.cure}\n", status_code=503)
        await app(scope, receive, send)

    def close(self) -> None:
        """End what was opened."""
        self._stack.close()

    def _open(self) -> ASGIApp:
        with self._lock:
            if self._opened is None:
                settings = self._settings
                opened = self._stack.enter_context(services(settings))
                looks = FirstLooks(opened.spool, opened.catalogue, opened.limits)
                self._stack.callback(looks.close)
                single = SingleLooks(opened.limits)
                self._stack.callback(single.close)
                opened = replace(opened, first_looks=looks, single_looks=single)
                house = House(
                    opened,
                    settings.agency,
                    self._language,
                    demo=settings.profile is Profile.DEMO,
                    secure=_is_behind_tls(settings) or not is_loopback(settings.listen),
                    address=settings.site_address.rstrip("/"),
                    provider=self._provider,
                    two_person=two_person_rule(settings),
                    sample_share=settings.sample_percent / 100,
                )
                self._stack.enter_context(kept_under_seal(opened))
                self._stack.callback(house.copier.close)
                self._stack.callback(house.pictures.close)
                self._opened = beside(site(house), PREFIX, api(house))
            return self._opened


def _is_behind_tls(settings: Settings) -> bool:
    """Return whether browsers come over TLS: to us, or to a server before us that keeps the site's address."""
    return bool(settings.tls_certificate) or settings.site_address.startswith("https://")


def is_loopback(address: str) -> bool:
    """Return whether only this very machine can ask there."""
    host, _port = parted(address)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
