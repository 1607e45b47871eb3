"""Questions to the identity provider: one connection each, no redirects, bounded in time and size, answers in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from confine.connections import FAULTS, bounded, connection_to, target_of
from dossier.errors import Code, Rejected, Unavailable

MOST_BYTES = 256 << 10
_FORM = "application/x-www-form-urlencoded"
_OK, _FAILED, _BUSY = 200, 500, 429

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """How the provider is reached.

    Attributes:
        authorities: PEM file of the authorities to believe; None: those of the system.
        seconds: Time for one question with its answer.
    """

    authorities: Path | None = None
    seconds: float = 10.0

    def get(self, url: str) -> Answer:
        """Return what an address shows.

        Raises:
            Unavailable(PROVIDER_UNAVAILABLE): No answer in time, no trusted TLS, or a server that fails.
            Rejected(PROVIDER_REFUSED): The answer is not what a provider says.
        """
        return self._asked("GET", url, None, {})

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Return the answer to a form; errors as `get`."""
        return self._asked("POST", url, urlencode(form).encode(), {"Content-Type": _FORM, **headers})

    def _asked(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        sent = {"Accept": "application/json", "Connection": "close", **headers}
        try:
            with bounded(connection_to(url, self.authorities, self.seconds), self.seconds) as connection:
                connection.request(method, target_of(url), body, sent)
                with connection.getresponse() as response:
                    text = response.read(MOST_BYTES + 1)
                    if response.length and len(text) <= MOST_BYTES:
                        raise Unavailable(Code.PROVIDER_UNAVAILABLE, "answer cut off")
                    return _understood(response.status, text)
        except FAULTS as exc:
            raise Unavailable(Code.PROVIDER_UNAVAILABLE, type(exc).__name__) from None


def _understood(status: int, text: bytes) -> Answer:
    if status >= _FAILED or status == _BUSY:
        raise Unavailable(Code.PROVIDER_UNAVAILABLE, f"status {status}")
    if len(text) > MOST_BYTES:
        raise Rejected(Code.PROVIDER_REFUSED, "answer too long")
    if status != _OK:
        raise Rejected(Code.PROVIDER_REFUSED, f"status {status}")
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Rejected(Code.PROVIDER_REFUSED, "no JSON object")
    return answer
