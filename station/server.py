"""The server as a station asks it: the API of docs/station-protocol.md, over HTTP that may fail at any byte.

The standard library alone. TLS is verified; without TLS only this very machine is talked to. Answers are bounded in
size and time. No answer, or one that is not of the API, means: ask again later.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dossier.errors import Code, HososoError, Rejected, Unavailable

Answer = dict[str, Any]
_SECONDS = 30.0
_MOST_ANSWER = 16 << 20
_OWN = ("127.0.0.1", "::1", "localhost")
_TUS = {"Tus-Resumable": "1.0.0"}
_AGAIN = (408, 423, 425, 429)
_PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, if it is of the API."""

    status: int
    headers: Mapping[str, str]
    body: Answer


@dataclass(frozen=True, slots=True)
class Server:
    """A server of the office.

    Every call raises `Unavailable` with STATION_SERVER_UNAVAILABLE when there is no answer or none of the API, or with
    the server's code when it cannot now; `Rejected` with the server's code when it will not, STATION_REFUSED when the
    token is not, or no longer, good.

    Attributes:
        url: `https://host[:port]`; `http://` for this machine only.
        token: As a header, shown nowhere.
        authorities: PEM file of the authorities to believe; None: those of the system.
    """

    url: str
    token: str = field(repr=False)
    authorities: Path | None = None

    def begin(self, wish: Answer) -> Answer:
        """Begin a hand-over; the same wish again gives the same one."""
        return self._json("POST", f"{_PREFIX}/hand-overs", wish)

    def look(self, hand_over: str) -> Answer:
        """Return how far a hand-over is."""
        return self._json("GET", f"{_PREFIX}/hand-overs/{_plain(hand_over)}", None)

    def commit(self, hand_over: str, files: Sequence[tuple[str, str]]) -> Answer:
        """Say that all files of a hand-over are there, by name and digest."""
        body = {"files": [{"name": name, "sha256": sha256} for name, sha256 in files]}
        return self._json("POST", f"{_PREFIX}/hand-overs/{_plain(hand_over)}/commit", body)

    def abandon(self, hand_over: str) -> None:
        """Take a hand-over back."""
        self._ask("DELETE", f"{_PREFIX}/hand-overs/{_plain(hand_over)}", b"", {})

    def looks(self, group: str, name: str, data: bytes) -> Answer:
        """Have a file looked at that is not handed over; the server keeps nothing of it.

        `group` and `name` are letters and digits that stand for the dossier and the file.
        """
        headers = {"Content-Type": "application/octet-stream", "Look-Group": group, "Look-Name": name}
        reply = self._ask("POST", f"{_PREFIX}/looks", data, headers)
        if not isinstance(reply.body.get("pages"), list):
            raise _away("not of the API")
        return reply.body

    def create(self, hand_over: str, name: str, sha256: str, size: int) -> tuple[str, int]:
        """State that a file will come; return where it goes, and how much of it is there."""
        said = {"filename": name.encode(), "sha256": sha256.encode()}
        metadata = ",".join(f"{key} {b64encode(value).decode()}" for key, value in said.items())
        headers = {**_TUS, "Upload-Length": str(size), "Upload-Metadata": metadata}
        reply = self._ask("POST", f"{_PREFIX}/hand-overs/{_plain(hand_over)}/files", b"", headers)
        return _place(reply), _offset(reply)

    def offset(self, place: str) -> int:
        """Return how much of a file is there."""
        return _offset(self._ask("HEAD", place, b"", _TUS))

    def send(self, place: str, at: int, piece: bytes) -> int:
        """Send the next piece of a file; return how much is there then."""
        headers = {
            **_TUS,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(at),
            "Upload-Checksum": f"sha256 {b64encode(hashlib.sha256(piece).digest()).decode()}",
        }
        return _offset(self._ask("PATCH", place, piece, headers))

    def _json(self, method: str, path: str, body: Answer | None) -> Answer:
        data = b"" if body is None else json.dumps(body).encode()
        reply = self._ask(method, path, data, {"Content-Type": "application/json"})
        if not isinstance(reply.body.get("id"), str):
            raise _away("not of the API")
        return reply.body

    def _ask(self, method: str, path: str, data: bytes, headers: Mapping[str, str]) -> Reply:
        parts = urlsplit(self.url)
        sent = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **headers}
        try:
            connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
            try:
                connection.request(method, parts.path.rstrip("/") + path, data, sent)
                with connection.getresponse() as response:
                    status, text, told = response.status, response.read(_MOST_ANSWER + 1), dict(response.headers)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError) as exc:
            raise _away(type(exc).__name__) from None
        return _understood(Reply(status, {name.lower(): value for name, value in told.items()}, _parsed(text)))

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "https":
            context = ssl.create_default_context(cafile=str(self.authorities) if self.authorities else None)
            return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
        if scheme == "http" and host in _OWN:
            return http.client.HTTPConnection(host, port, timeout=_SECONDS)
        raise Rejected(Code.SETTINGS_INVALID, "https:// is wanted", subject="server")


def _understood(reply: Reply) -> Reply:
    if 200 <= reply.status < 300:  # noqa: PLR2004 - what HTTP calls success
        return reply
    said = reply.body.get("code")
    code = Code(said) if isinstance(said, str) and said in Code.__members__ else None
    if reply.status == 401 and (code in (None, Code.STATION_REFUSED)):  # noqa: PLR2004
        raise Rejected(Code.STATION_REFUSED, "status 401")
    if code is None and "code" not in reply.body and not _without_body(reply):
        raise _away(f"status {reply.status}, not of the API")
    if reply.status >= 500 or reply.status in _AGAIN:  # noqa: PLR2004
        raise Unavailable(code or Code.STATION_SERVER_UNAVAILABLE, f"status {reply.status}")
    raise _refusal(reply, code)


def _refusal(reply: Reply, code: Code | None) -> HososoError:
    if code is None:
        found = {404: Code.PAGE_UNKNOWN, 409: Code.HAND_OVER_CONFLICT, 460: Code.UPLOAD_DIGEST}
        code = found.get(reply.status, Code.REQUEST_INVALID)
    return Rejected(code, f"status {reply.status}", subject=str(reply.body.get("subject", ""))[:200])


def _without_body(reply: Reply) -> bool:
    """Return whether an answer has no body by its nature: that to HEAD."""
    return "tus-resumable" in reply.headers or reply.headers.get("content-type", "") == "application/problem+json"


def _parsed(text: bytes) -> Answer:
    try:
        found = json.loads(text) if len(text) <= _MOST_ANSWER else None
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


def _offset(reply: Reply) -> int:
    text = reply.headers.get("upload-offset", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):  # noqa: PLR2004
        raise _away("no offset")
    return int(text)


def _place(reply: Reply) -> str:
    place = reply.headers.get("location", "")
    if not place.startswith(f"{_PREFIX}/hand-overs/") or not place.isascii() or not place.isprintable() or " " in place:
        raise _away("no place")
    return place


def _plain(name: str) -> str:
    if not name.isascii() or not name.isalnum():
        raise _away("an odd id")
    return name


def _away(detail: str) -> Unavailable:
    return Unavailable(Code.STATION_SERVER_UNAVAILABLE, detail)
