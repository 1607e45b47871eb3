"""A time-stamp authority over HTTP (RFC 3161 section 3.4)."""

from __future__ import annotations

import time
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from dossier.errors import Code, Unavailable
from signing.timestamp import Query, query, token_of

_MAX_BYTES = 1 << 18
_CHUNK = 1 << 14
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


@dataclass(frozen=True, slots=True)
class HttpTimeStampAuthority:
    """A `TimeStampAuthority` behind a URL.

    Args:
        url: Address, http or https. The token is signed, so http is no weaker than the authority's key.
        timeout: Seconds that connecting and answering may take together.
    """

    url: str
    timeout: float

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise Unavailable(Code.SETTINGS_INVALID, "time-stamp address is neither http nor https", subject="tsa_url")

    def token(self, digest: bytes, algorithm: str) -> bytes:
        """Return the checked DER token; see `TimeStampAuthority.token`."""
        asked = query(digest, algorithm)
        try:
            answer = self._ask(asked)
        except (OSError, HTTPException, ValueError) as exc:
            raise Unavailable(Code.TSA_UNAVAILABLE, type(exc).__name__) from exc
        return token_of(answer, asked)

    def _ask(self, asked: Query) -> bytes:
        deadline = time.monotonic() + self.timeout
        request = urllib.request.Request(self.url, asked.der, {"Content-Type": _QUERY})  # noqa: S310 - scheme checked
        with _opener().open(request, timeout=self.timeout) as answer:
            if answer.status != 200 or answer.headers.get_content_type() != _REPLY:  # noqa: PLR2004 - HTTP OK
                raise HTTPException(f"status {answer.status}")
            return _read(answer, deadline)


def _opener() -> urllib.request.OpenerDirector:
    """Without redirects, because a redirected POST would silently become a GET."""
    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler()):
        opener.add_handler(handler)
    return opener


def _read(answer: Any, deadline: float) -> bytes:  # noqa: ANN401 - whatever kind of response the opener gives
    data = bytearray()
    while chunk := answer.read1(_CHUNK):
        data += chunk
        if len(data) > _MAX_BYTES or time.monotonic() > deadline:
            raise HTTPException("answer too long or too late")
    return bytes(data)
