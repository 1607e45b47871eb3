"""A station that asks through the API, without a network."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp

from dossier.digest import of_bytes
from tests.fakes.asker import Reply, ask

_TUS = {"tus_resumable": "1.0.0"}


@dataclass
class ApiClient:
    """A program with a token."""

    app: ASGIApp
    token: str = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Ask; a body is sent as JSON unless it is bytes."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {"content_type": "application/json", "host": "127.0.0.1", **headers}
        if self.token:
            sent["authorization"] = f"Bearer {self.token}"
        return ask(self.app, f"/api/v1{path}", method, data, **sent)

    def get(self, path: str, **headers: str) -> Any:  # noqa: ANN401 - what JSON holds
        """Return what an address gives."""
        reply = self.ask("GET", path, **headers)
        assert reply.status == 200, reply.body
        return json.loads(reply.body)

    def begin(self, key: str, code: str, **more: object) -> Any:  # noqa: ANN401 - what JSON holds
        """Begin a hand-over."""
        wish = {"key": key, "code": code, "component": "to-khai", "not_secret": True, **more}
        reply = self.ask("POST", "/hand-overs", wish)
        assert reply.status == 201, reply.body
        return json.loads(reply.body)

    def create(self, hand_over: str, name: str, data: bytes, digest: str = "") -> Reply:
        """State that a file will come."""
        said = {"filename": name.encode(), "sha256": (digest or of_bytes(data)).encode()}
        metadata = ",".join(f"{key} {b64encode(value).decode()}" for key, value in said.items())
        path = f"/hand-overs/{hand_over}/files"
        return self.ask("POST", path, b"", upload_length=str(len(data)), upload_metadata=metadata, **_TUS)

    def offset(self, location: str) -> int:
        """Return how much the server has."""
        return int(self.ask("HEAD", location.removeprefix("/api/v1"), **_TUS).headers["upload-offset"])

    def send(self, location: str, data: bytes, at: int, **headers: str) -> Reply:
        """Send a piece."""
        sent = {"content_type": "application/offset+octet-stream", "upload_offset": str(at), **_TUS, **headers}
        return self.ask("PATCH", location.removeprefix("/api/v1"), data, **sent)

    def commit(self, hand_over: str, files: dict[str, bytes]) -> Reply:
        """Commit a hand-over."""
        listed = [{"name": name, "sha256": of_bytes(data)} for name, data in files.items()]
        return self.ask("POST", f"/hand-overs/{hand_over}/commit", {"files": listed})
