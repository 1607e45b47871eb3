"""A server that is killed while a station hands papers over: what was acknowledged is there, nothing is there twice."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dossier.digest import of_bytes
from tests.fakes.office import jpeg

CODE = "H99.27.14-260309-0001"
_FILES = {f"to-{number}.jpg": jpeg(20 + 40 * number) for number in range(4)}


class Server:
    """`hososo serve` as a process of its own, that can be killed and started again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.address = ""
        self.process: subprocess.Popen[str] | None = None

    def call(self, *words: str) -> str:
        """Run a command of the program."""
        done = subprocess.run(self._words(*words), env=self._environment(), capture_output=True, text=True, check=True)
        return done.stdout

    def start(self) -> None:
        """Start it, and wait until it says where it listens."""
        environment = {**self._environment(), "HOSOSO_LISTEN": "127.0.0.1:0"}
        self.process = subprocess.Popen(
            self._words("--json", "serve"), env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        said = "".join(iter(self.process.stdout.readline, "}\n")) + "}"
        self.address = json.loads(said)["listen"]

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        assert self.process is not None
        assert self.process.stdout is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def ask(self, token: str, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        """Ask the API."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"authorization": f"Bearer {token}", **named})
        reply = connection.getresponse()
        reply.said = reply.read()  # type: ignore[attr-defined]
        connection.close()
        return reply

    def cut(self, token: str, path: str, offset: int, data: bytes, whole: int) -> None:
        """Begin to send a piece, and kill the server in the middle of it."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        connection.putrequest("PATCH", path)
        for name, value in {
            "authorization": f"Bearer {token}",
            "tus-resumable": "1.0.0",
            "content-type": "application/offset+octet-stream",
            "upload-offset": str(offset),
            "content-length": str(whole),
        }.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(data)
        time.sleep(0.1)
        self.kill()
        connection.close()

    def _words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "hososo.main", "--home", str(self.home), *words]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """Give an installation with its server."""
    server = Server(home)
    server.call("init")
    server.start()
    try:
        yield server
    finally:
        server.kill()


def _said(reply: http.client.HTTPResponse) -> Any:  # noqa: ANN401 - what JSON holds
    return json.loads(reply.said)  # type: ignore[attr-defined]


def _token(server: Server, folder: Path) -> str:
    password = folder / "password"
    password.write_text("một mật khẩu dài", encoding="utf-8")
    words = ("account", "add", "tram.1", "--name", "Trạm", "--role", "receiver", "--password-file", str(password))
    server.call(*words)
    return str(json.loads(server.call("--json", "account", "token", "add", "tram.1", "--station", "Quầy 1"))["token"])


def _begun(server: Server, token: str) -> str:
    wish = {"key": "lan-1", "code": CODE, "component": "to-khai", "not_secret": True}
    reply = server.ask(token, "POST", "/api/v1/hand-overs", json.dumps(wish).encode(), content_type="application/json")
    assert reply.status == 201
    return str(_said(reply)["id"])


def _created(server: Server, token: str, own: str, name: str, data: bytes) -> str:
    said = {"filename": name.encode(), "sha256": of_bytes(data).encode()}
    metadata = ",".join(f"{key} {b64encode(value).decode()}" for key, value in said.items())
    headers = {"tus_resumable": "1.0.0", "upload_length": str(len(data)), "upload_metadata": metadata}
    reply = server.ask(token, "POST", f"/api/v1/hand-overs/{own}/files", **headers)
    assert reply.status == 201
    return str(reply.headers["location"])


def _sent(server: Server, token: str, place: str, data: bytes) -> None:
    """Send what the server does not have yet."""
    at = int(server.ask(token, "HEAD", place, tus_resumable="1.0.0").headers["upload-offset"])
    headers = {"tus_resumable": "1.0.0", "content_type": "application/offset+octet-stream", "upload_offset": str(at)}
    assert server.ask(token, "PATCH", place, data[at:], **headers).status == 204


def _committed(server: Server, token: str, own: str) -> Any:  # noqa: ANN401 - what JSON holds
    listed = [{"name": name, "sha256": of_bytes(data)} for name, data in _FILES.items()]
    body = json.dumps({"files": listed}).encode()
    path = f"/api/v1/hand-overs/{own}/commit"
    reply = server.ask(token, "POST", path, body, content_type="application/json")
    assert reply.status == 202
    return _said(reply)


def test_a_server_is_killed_again_and_again(tmp_path: Path) -> None:
    """After each kill the station goes on with the same words; at the end the dossier has each file once."""
    with serving(tmp_path / "home") as server:
        token = _token(server, tmp_path)
        own = _begun(server, token)
        for number, (name, data) in enumerate(_FILES.items()):
            place = _created(server, token, own, name, data)
            if number == 1:
                server.cut(token, place, 0, data[:700], len(data))
                server.start()
                assert _begun(server, token) == own
                assert _created(server, token, own, name, data) == place
            _sent(server, token, place, data)
        assert _committed(server, token, own)["state"] == "placed"
        server.kill()
        server.start()
        assert _committed(server, token, own)["state"] == "placed"
    kept = [path for path in (tmp_path / "home" / "spool" / "dossiers" / CODE).rglob("*") if path.is_file()]
    assert {path.name: of_bytes(path.read_bytes()) for path in kept} == {
        name: of_bytes(data) for name, data in _FILES.items()
    }
    assert not list((tmp_path / "home" / "spool" / "parts").glob("*"))
