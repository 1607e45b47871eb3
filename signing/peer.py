"""Questions in the signing protocol over HTTP (docs/signing-protocol.md), whoever asks.

The standard library alone: an agent is installed on clerks' PCs. TLS is verified; without TLS only this very machine is
talked to. Answers are bounded in size and time.
"""

from __future__ import annotations

import http.client
import json
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dossier.errors import Code, HososoError, Rejected, Unavailable

VERSION = 1
_SECONDS = 60.0
_MOST_ANSWER = 4 << 20
_OWN = ("127.0.0.1", "::1", "localhost")
_OK, _WAIT = 300, (429, 500, 502, 503, 504)

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is asked.

    Attributes:
        url: `https://host[:port][/path]`; `http://` for this machine only.
        token: Access token, sent as a header, shown nowhere.
        authorities: PEM file of the authorities to believe; None: those of the system.
    """

    url: str
    token: str = field(repr=False)
    authorities: Path | None = None

    def ask(self, method: str, path: str, body: Message | None) -> Message:
        """Return the answer to one question.

        Raises:
            Unavailable(SIGNING_DESK_UNAVAILABLE): No answer, no trusted TLS, or a server that is busy.
            Rejected(SIGNING_DESK_REFUSED): The server does not let us in, or speaks another version.
            Rejected: With the code that the server gave.
            Rejected(SETTINGS_INVALID): The address is none that may be talked to.
        """
        parts = urlsplit(self.url)
        data = None if body is None else json.dumps({"version": VERSION, **body}).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
            try:
                connection.request(method, f"{parts.path.rstrip('/')}/signing/v1/{path}", data, headers)
                with connection.getresponse() as response:
                    status, text = response.status, response.read(_MOST_ANSWER + 1)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError) as exc:
            raise Unavailable(Code.SIGNING_DESK_UNAVAILABLE, type(exc).__name__) from None
        return _understood(status, text)

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "https":
            context = ssl.create_default_context(cafile=str(self.authorities) if self.authorities else None)
            return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
        if scheme == "http" and host in _OWN:
            return http.client.HTTPConnection(host, port, timeout=_SECONDS)
        raise Rejected(Code.SETTINGS_INVALID, "https:// is wanted", subject="signing server")


def _understood(status: int, text: bytes) -> Message:
    try:
        answer = json.loads(text) if len(text) <= _MOST_ANSWER else None
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict) and answer.get("version") == VERSION and status < _OK:
        return answer
    if status in _WAIT:
        raise Unavailable(Code.SIGNING_DESK_UNAVAILABLE, f"status {status}")
    raise _refusal(answer, status)


def _refusal(answer: object, status: int) -> HososoError:
    try:
        code = Code(answer["error"]) if isinstance(answer, dict) else Code.SIGNING_DESK_REFUSED
    except (LookupError, ValueError):
        code = Code.SIGNING_DESK_REFUSED
    return Rejected(code, f"status {status}")
