"""A signing service that hososo calls: what it answers is checked, and whatever it does wrong makes a document wait."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dossier.errors import Code, Unavailable
from signing.cms import signed_data
from signing.peer import Peer
from signing.remote import RemoteSigner
from signing.verdict import TrustPolicy, Verdict
from signing.verify import Known, verify_pdf
from tests.integration.signing import documents

if TYPE_CHECKING:
    from signing.development_pki import DevelopmentPki
    from tests.integration.signing.conftest import Sign

Answer = Callable[[dict[str, Any]], tuple[int, bytes]]


class Service(HTTPServer):
    """Answers as it is told to; keeps what was asked."""

    answer: Answer

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, bytes]] = []


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Service

    def do_POST(self) -> None:
        """Answer."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((self.path, self.headers["authorization"], body))
        status, data = self.server.answer(json.loads(body))
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # too long an answer is not read to its end
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    """Serve from a thread."""
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def signer(service: Service, pki: DevelopmentPki) -> RemoteSigner:
    """Return a signer over the service."""
    peer = Peer(f"http://127.0.0.1:{service.server_port}/hsm", "token")
    return RemoteSigner(pki.signer.certificate, pki.signer.chain, service=peer)


def results(pki: DevelopmentPki, **others: object) -> Answer:
    """Return a service that signs; fields of its result may be others."""

    def answer(asked: dict[str, Any]) -> tuple[int, bytes]:
        """Sign."""
        (wanted,) = asked["requests"]
        cms = signed_data(bytes.fromhex(wanted["digest"]), wanted["algorithm"], pki.signer)
        result = {"request": wanted["request"], "cms": base64.b64encode(cms).decode()} | others
        return 200, json.dumps({"version": 1, "results": [result]}).encode()

    return answer


def test_a_document_is_sealed_by_a_service(
    service: Service, signer: RemoteSigner, pki: DevelopmentPki, sign: Sign, tmp_path: Path
) -> None:
    """One request with the digest alone, one valid document."""
    service.answer = results(pki)
    documents.classic(tmp_path / "in.pdf")
    sign(tmp_path / "in.pdf", tmp_path / "out.pdf", signer=signer)
    trust = TrustPolicy.of(pki.anchors)
    assert verify_pdf(tmp_path / "out.pdf", trust, Known(1)).verdict is Verdict.VALID
    ((path, token, body),) = service.asked
    assert (path, token) == ("/hsm/signing/v1/signatures", "Bearer token")
    assert len(body) < 300


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda _: (500, b"{}"), Code.SIGNING_DESK_UNAVAILABLE),
        (lambda _: (401, b'{"version": 1, "error": "SIGNING_DESK_REFUSED"}'), Code.SIGNING_DESK_REFUSED),
        (lambda _: (200, b"<html>"), Code.SIGNING_DESK_REFUSED),
        (lambda _: (200, b'{"version": 2, "results": []}'), Code.SIGNING_DESK_REFUSED),
        (lambda _: (200, b'{"version": 1, "results": []}'), Code.SIGNING_DESK_REFUSED),
        (lambda _: (200, b"[" * 100_000), Code.SIGNING_DESK_REFUSED),
        (lambda _: (200, b" " * (5 << 20)), Code.SIGNING_DESK_REFUSED),
        ({"failed": "PIN_LOCKED"}, Code.PIN_LOCKED),
        ({"failed": "?"}, Code.SIGNING_DESK_REFUSED),
        ({"request": "2"}, Code.SIGNING_DESK_REFUSED),
        ({"cms": "MAA="}, Code.SIGNATURE_MALFORMED),
        ({"cms": "%"}, Code.SIGNING_DESK_REFUSED),
    ],
)
def test_whatever_it_does_wrong_makes_a_document_wait(
    service: Service, signer: RemoteSigner, pki: DevelopmentPki, answer: Answer | dict[str, object], code: Code
) -> None:
    """Never the document's fault: it is tried again, under a code that tells what to look at."""
    service.answer = results(pki, **answer) if isinstance(answer, dict) else answer
    with pytest.raises(Unavailable) as caught:
        signer.signed_data(bytes(32), "sha256")
    assert caught.value.code is code


def test_an_old_signature_is_not_taken_for_a_new_one(
    service: Service, signer: RemoteSigner, pki: DevelopmentPki
) -> None:
    """A service that answers about something else has signed something else."""
    cms = base64.b64encode(signed_data(b"\x01" * 32, "sha256", pki.signer)).decode()
    service.answer = results(pki, cms=cms)
    with pytest.raises(Unavailable) as caught:
        signer.signed_data(bytes(32), "sha256")
    assert caught.value.code is Code.SIGNING_INPUT_CHANGED
