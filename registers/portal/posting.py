"""The way over HTTP: each package is a POST with its key, on a connection of its own, within so many seconds.

TLS is verified; without TLS only this very machine is talked to. A time limit is over the whole, so that a server that
sends a byte a minute holds nobody up. There are no redirects: a package goes where the settings say.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from confine.connections import FAULTS, bounded, connection_to, target_of
from dossier.errors import Code, HososoError, Rejected, Unavailable
from registers.portal.answers import MOST_BYTES, understood
from registers.portal.port import Parcel, Reply

_AT_ONCE = 4


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
        try:
            with bounded(self._connection(), self.seconds) as connection:
                connection.request("POST", target_of(self.url), data, headers)
                with connection.getresponse() as response:
                    return understood(response.status, response.read(MOST_BYTES + 1), parcel.key)
        except HososoError as exc:
            return exc
        except FAULTS as exc:
            return Unavailable(Code.PORTAL_UNAVAILABLE, type(exc).__name__)

    def _connection(self) -> http.client.HTTPConnection:
        try:
            return connection_to(self.url, self.authorities, self.seconds)
        except (OSError, ValueError) as exc:
            raise Rejected(Code.SETTINGS_INVALID, type(exc).__name__, subject="portal_url, portal_ca_file") from exc
