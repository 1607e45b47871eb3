"""`hososo serve` and `hososo doctor` with an identity provider: the program as an office runs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hososo.console import Exit
from tests.e2e.program import Program, wait_until
from tests.servers.identity import CLIENT, SECRET, Mood, identity_server
from tests.servers.process import answers, free_port


def _asked(address: str, cookie: str = "") -> HTTPResponse:
    parts = urlsplit(address)
    with closing(HTTPConnection(parts.netloc, timeout=30)) as connection:
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Cookie": cookie})
        response = connection.getresponse()
        response.read()
        return response


def _cookie(response: HTTPResponse, name: str) -> str:
    found = response.headers.get_all("set-cookie") or []
    return next(each for each in found if each.startswith(name)).partition(";")[0]


@contextmanager
def _serving(program: Program, port: int) -> Iterator[None]:
    process = program.start("serve")
    try:
        wait_until(lambda: answers(port))
        yield
    finally:
        process.kill()
        process.wait()


def _looked_at(program: Program, code: int) -> tuple[str, str]:
    """Return what the doctor says of the provider."""
    told = program.json("doctor", code=code)
    return next((each["state"], each["detail"]) for each in told["checks"] if each["name"] == "identity")


@pytest.mark.long
def test_an_office_with_a_provider(tmp_path: Path) -> None:
    """An account from the command line, the doctor's look at the provider, a sign-in; no secret in any log."""
    port, secret = free_port(), tmp_path / "secret"
    secret.write_text(SECRET, encoding="ascii")
    secret.chmod(0o600)
    site = f"http://127.0.0.1:{port}"
    with identity_server() as server:
        server.callback, server.after = f"{site}/login/provider/callback", f"{site}/login"
        server.people, server.who = {"an": {"preferred_username": "an@xa.example"}}, "an"
        named = {"oidc_issuer": server.url, "oidc_client_id": CLIENT, "oidc_client_secret_file": str(secret)}
        program = Program.initialised(tmp_path / "home", listen=f"127.0.0.1:{port}", site_address=site, **named)
        words = ("an.nv", "--name", "An", "--role", "archivist", "--provider-name", "an@xa.example")
        assert program.json("account", "add", *words)["must_change"] is False
        with _serving(program, port):
            begun = _asked(f"{site}/login/provider?next=/search")
            back = _asked(begun.headers["location"]).headers["location"]
            entered = _asked(back, _cookie(begun, "hososo-sign-in"))
            assert (entered.status, entered.headers["location"]) == (303, "/search")
            assert _asked(f"{site}/search", _cookie(entered, "hososo-session")).status == 200
        log = (tmp_path / "home/log/hososo.log").read_text(encoding="utf-8")
        assert SECRET not in log
        assert "an@xa.example" not in log
        state, detail = _looked_at(program, Exit.OK)
        assert (state, f"{site}/login/provider/callback" in detail) == ("ok", True)
        server.moods["openid-configuration"] = Mood.FAIL
        state, detail = _looked_at(program, Exit.NOT_READY)
        assert (state, "PROVIDER_UNAVAILABLE" in detail) == ("missing", True)
    assert server.findings == []
