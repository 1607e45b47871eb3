"""The way over HTTP: each package is a POST with its key, on a connection of its own, within so many seconds.

TLS is verified; without TLS only this very machine is talked to. A time limit is over the whole, so that a server that
sends a byte a minute holds nobody up. There are no redirects: a package goes where the settings say.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dossier.errors import Code, HososoError, Rejected, Unavailable
from registers.portal.answers import MOST_BYTES, understood
from registers.portal.port import Parcel, Reply

_OWN = ("127.0.0.1", "::1", "localhost")
_AT_ONCE = 4
_CUT_AGAIN = 0.1


@dataclass(frozen=True, slots=True)
class PostWay:
    """Posts packages to an address.

    Attributes:
        url: `https://…`; `http://` for this machine only.
        token: Sent as `Authorization: Bearer`, shown nowhere; empty: none is sent.
        authorities: PEM file of the authorities to believe; None: those of the system.
        seconds: Time for one package, from connecting to the end of the answer.
    """

    url: str
    token: str = field(repr=False)
    authorities: Path | None = None
    seconds: float = 30.0
    name: str = "http"
    asks: bool = True
    carries_files: bool = False

    def send(self, parcels: Sequence[Parcel]) -> list[Reply]:
        """Post packages, a few at once."""
        self.check()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self._posted, parcels))

    def check(self) -> None:
        """Raise Rejected(SETTINGS_INVALID) unless the address may be talked to and its authorities can be read."""
        self._connection()

    def _posted(self, parcel: Parcel) -> Reply:
        data = json.dumps(parcel.message, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
        headers |= {"Idempotency-Key": parcel.key}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        parts = urlsplit(self.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with _bounded(self._connection(), self.seconds) as connection:
                connection.request("POST", target, data, headers)
                with connection.getresponse() as response:
                    return understood(response.status, response.read(MOST_BYTES + 1), parcel.key)
        except HososoError as exc:
            return exc
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as exc:
            # AttributeError: the connection was cut while the standard library was about to use its socket.
            return Unavailable(Code.PORTAL_UNAVAILABLE, type(exc).__name__)

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        try:
            host, port = parts.hostname or "", parts.port
            if parts.scheme == "https" and host:
                context = ssl.create_default_context(cafile=str(self.authorities) if self.authorities else None)
                return http.client.HTTPSConnection(host, port, timeout=self.seconds, context=context)
        except (OSError, ValueError) as exc:
            raise Rejected(Code.SETTINGS_INVALID, type(exc).__name__, subject="portal_url, portal_ca_file") from exc
        if parts.scheme == "http" and host in _OWN:
            return http.client.HTTPConnection(host, port, timeout=self.seconds)
        raise Rejected(Code.SETTINGS_INVALID, "https:// is wanted", subject="portal_url")


@contextmanager
def _bounded(connection: http.client.HTTPConnection, seconds: float) -> Iterator[http.client.HTTPConnection]:
    """Give a connection that is cut when the time is over, whatever is being waited for."""
    ended, sockets = threading.Event(), list[socket.socket]()

    def cut() -> None:
        if ended.wait(seconds):
            return
        while not ended.wait(_CUT_AGAIN):  # while TLS is being agreed upon, the socket changes hands
            for each in (*sockets, connection.sock):
                if each is not None:
                    with suppress(OSError):
                        socket.socket.shutdown(each, socket.SHUT_RDWR)  # whoever waits for it is told so

    threading.Thread(target=cut, name="portal-cutter", daemon=True).start()
    try:
        connection.connect()
        sockets.append(connection.sock)  # the connection forgets it before the answer is read
        yield connection
    finally:
        ended.set()
        connection.close()
