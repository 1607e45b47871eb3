"""`hososo serve` as a process: what it says, what it does not, and how it ends."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from dossier.errors import Code, HososoError
from hososo.console import Exit
from tests.e2e.program import Program, wait_until
from tests.servers.process import answers, free_port
from web.server import listen_at, parted, serve


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return the program with a home and an address of its own."""
    return Program.initialised(tmp_path_factory.mktemp("web") / "home", listen=f"127.0.0.1:{free_port()}")


@pytest.fixture
def port(program: Program) -> int:
    """Return the port that it serves on."""
    return parted(program.settings["listen"])[1]


@pytest.fixture
def serving(program: Program, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Give the process once it answers."""
    process = program.start("serve")
    wait_until(lambda: answers(port))
    yield process
    process.kill()
    process.wait()


def _get(port: int, path: str) -> tuple[str | None, bytes]:
    """Return the banner and the body."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.getheader("server"), response.read()


def test_one_machine_is_ready_without_servers(program: Program, port: int, serving: subprocess.Popen[bytes]) -> None:
    """SQLite and a folder are parts like any others; no broker, no entry for one; no banner tells what serves."""
    assert serving.poll() is None
    banner, body = _get(port, "/readyz")
    assert banner is None
    assert json.loads(body) == {
        "ready": True,
        "parts": {name: {"state": "ok"} for name in ("catalogue", "clock", "store")},
    }
    assert b"hososo_up 1" in _get(port, "/metrics")[1]
    assert program.json("serve", "--ask")["alive"] is True


def test_pages_are_served_once_the_catalogue_is_there(program: Program, port: int, tmp_path: Path) -> None:
    """While it is away the answer says so, and needs no restart to become another one."""
    away, home = tmp_path / "away.db", program.home / "catalogue.db"
    home.rename(away)
    process = program.start("serve")
    try:
        wait_until(lambda: answers(port))
        assert b"[CATALOGUE_VERSION]" in _get(port, "/login")[1]
        away.rename(home)
        assert b'name="password"' in _get(port, "/login")[1]
    finally:
        process.kill()
        process.wait()


def test_it_ends_in_order_with_an_open_connection(port: int, serving: subprocess.Popen[bytes]) -> None:
    """A client that keeps its connection does not keep the process; to be told to stop is no failure."""
    with socket.create_connection(("127.0.0.1", port)) as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in idle.recv(4096)
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(20) == 0


def test_an_address_that_is_taken_is_told(program: Program, serving: subprocess.Popen[bytes]) -> None:
    """The second one ends at once and leaves the first alone."""
    assert program.json("serve", code=Exit.WAITING)["error"] == "ADDRESS_IN_USE"
    assert serving.poll() is None


def test_asking_where_nobody_serves(program: Program) -> None:
    """It says so, and ends as not ready."""
    assert program.json("serve", "--ask", code=Exit.NOT_READY)["alive"] is False


def test_heads_that_are_too_large_are_refused(port: int, serving: subprocess.Popen[bytes]) -> None:
    """Nobody fills our memory with a header."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000)
        assert client.recv(4096).startswith(b"HTTP/1.1 400")
    assert serving.poll() is None


@pytest.mark.parametrize("address", ["", "8080", ":8080", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "::1"])
def test_what_is_no_address_is_told_by_name_of_the_setting(address: str) -> None:
    """Host and port, or nothing."""
    with pytest.raises(HososoError) as told:
        listen_at(address)
    assert (told.value.code, told.value.subject) == (Code.SETTINGS_INVALID, "listen")


def test_addresses_of_both_families() -> None:
    """IPv6 stands in brackets; port 0 is a free one."""
    assert parted("[::1]:8080") == ("::1", 8080)
    with listen_at("127.0.0.1:0") as listening:
        assert listening.getsockname()[1] > 0


def test_the_folder_of_another_installation(tmp_path: Path) -> None:
    """Before `hososo init` nothing is served."""
    assert (
        Program(tmp_path / "none", {"listen": "127.0.0.1:0"}).json("serve", code=Exit.NOT_READY)["error"]
        == "HOME_MISSING"
    )


def test_a_signal_before_the_server_minds_signals_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told to stop while it starts, it stops: here in this process, with the signal sent at the last moment before."""
    run = uvicorn.Server.run

    def late(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
        signal.raise_signal(signal.SIGTERM)
        run(server, sockets=sockets)

    monkeypatch.setattr(uvicorn.Server, "run", late)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with listen_at("127.0.0.1:0") as listening:
            serve(PlainTextResponse("never asked"), listening)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
