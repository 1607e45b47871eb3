"""The other side of the signing desk, over HTTP: what an agent asks a server (docs/signing-protocol.md).

The standard library alone: an agent is installed on clerks' PCs. TLS is verified; without TLS only this very machine is
talked to. Answers are bounded in size and time.
"""

from __future__ import annotations

import base64
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
class Wanted:
    """One document to sign: its digest, and what a person is shown of it."""

    request: str
    digest: bytes
    algorithm: str
    kind: str
    short: str


@dataclass(frozen=True, slots=True)
class Batch:
    """One session and its documents."""

    session: str
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class DeskClient:
    """Asks one server.

    Args:
        url: `https://host[:port][/path]`; `http://` for this machine only.
        token: Access token, sent as a header, shown nowhere.
        authorities: PEM file of the authorities to believe; None: those of the system.
    """

    url: str
    token: str = field(repr=False)
    authorities: Path | None = None

    def waiting(self) -> int:
        """Return how many documents wait.

        Raises:
            Unavailable(SIGNING_DESK_UNAVAILABLE): No answer, no trusted TLS, or a server that is busy.
            Rejected(SIGNING_DESK_REFUSED): The server does not let us in, or speaks another version.
        """
        return _number(self._ask("GET", "waiting", None), "waiting")

    def begin(self, certificate: str, most: int) -> Batch:
        """Open a session for a certificate, named by its SHA-256; errors as `waiting`, and CERTIFICATE_NOT_ALLOWED."""
        answer = self._ask("POST", "sessions", {"certificate": certificate, "most": most})
        try:
            wanted = tuple(
                Wanted(
                    request=str(each["request"]),
                    digest=bytes.fromhex(each["digest"]),
                    algorithm=str(each["algorithm"]),
                    kind=str(each["kind"]),
                    short=str(each["short"]),
                )
                for each in answer["requests"]
            )
            session = str(answer["session"])
        except (LookupError, TypeError, ValueError):
            raise Rejected(Code.SIGNING_DESK_REFUSED, "answer not understood") from None
        if not session.replace("-", "").replace("_", "").isalnum():
            raise Rejected(Code.SIGNING_DESK_REFUSED, "name of the session")
        return Batch(session, wanted)

    def give(self, session: str, request: str, cms: bytes) -> None:
        """Bring a signature; errors as `waiting`, and those with which the server refuses it."""
        body = {"request": request, "cms": base64.b64encode(cms).decode()}
        self._ask("POST", f"sessions/{session}/results", body)

    def fail(self, session: str, request: str, code: Code) -> None:
        """Tell that a document was not signed."""
        self._ask("POST", f"sessions/{session}/results", {"request": request, "failed": code.value})

    def end(self, session: str) -> None:
        """Close a session."""
        self._ask("POST", f"sessions/{session}/end", {})

    def _ask(self, method: str, path: str, body: Message | None) -> Message:
        parts = urlsplit(self.url)
        connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
        data = None if body is None else json.dumps({"version": VERSION, **body}).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            connection.request(method, f"{parts.path.rstrip('/')}/signing/v1/{path}", data, headers)
            response = connection.getresponse()
            status, text = response.status, response.read(_MOST_ANSWER + 1)
        except (OSError, http.client.HTTPException, ValueError) as exc:
            raise Unavailable(Code.SIGNING_DESK_UNAVAILABLE, type(exc).__name__) from None
        finally:
            connection.close()
        return _understood(status, text)

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "https":
            context = ssl.create_default_context(cafile=str(self.authorities) if self.authorities else None)
            return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
        if scheme == "http" and host in _OWN:
            return http.client.HTTPConnection(host, port, timeout=_SECONDS)
        raise Rejected(Code.SETTINGS_INVALID, "https:// is wanted", subject="--server")


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


def _number(answer: Message, name: str) -> int:
    value = answer.get(name)
    if not isinstance(value, int):
        raise Rejected(Code.SIGNING_DESK_REFUSED, "answer not understood")
    return value
