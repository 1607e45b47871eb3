"""The HTTP client of a time-stamp authority: one good answer, and all the ways in which there is none."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dossier.errors import Code, Unavailable
from signing.timestamp import query, time_of
from signing.tsa_http import HttpTimeStampAuthority
from signing.verdict import TrustPolicy, Verdict
from signing.verify import Known
from tests.fakes.tsa_server import tsa_server
from tests.integration.signing import documents

if TYPE_CHECKING:
    from collections.abc import Callable

    from signing.development_pki import DevelopmentPki
    from signing.verify import Verifier
    from tests.integration.signing.conftest import Sign

DIGEST = bytes(32)


def unavailable(url: str, seconds: float = 5) -> bool:
    """Return whether the authority counts as unavailable."""
    with pytest.raises(Unavailable) as caught:
        HttpTimeStampAuthority(url, seconds).token(DIGEST, "sha256")
    return caught.value.code is Code.TSA_UNAVAILABLE


def test_a_document_is_sealed_through_http(
    tmp_path: Path, sign: Sign, pki: DevelopmentPki, verifier: Verifier, trust: TrustPolicy
) -> None:
    """One request, and the stamp is trusted."""
    documents.classic(tmp_path / "in.pdf")
    requests: list[bytes] = []

    def answer(request: bytes) -> bytes:
        requests.append(request)
        return pki.tsa.respond(request)

    with tsa_server(answer) as url:
        sign(tmp_path / "in.pdf", tmp_path / "out.pdf", tsa=HttpTimeStampAuthority(url, 5))
    result = verifier.verify(tmp_path / "out.pdf", trust, Known(1))
    assert (result.verdict, result.signatures[0].level, len(requests)) == (Verdict.VALID, "B-T", 1)


def test_the_token_is_fresh(pki: DevelopmentPki) -> None:
    """Two requests differ by their nonce, and the token tells the time."""
    with tsa_server(pki.tsa.respond) as url:
        token = HttpTimeStampAuthority(url, 5).token(DIGEST, "sha256")
    assert abs(time_of(token).timestamp() - time.time()) < 5


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: b"",
        lambda _: b"<html>busy</html>",
        lambda _: b"\x30" * 4096,
        lambda _: bytes(1 << 19),
        lambda request: request,
    ],
    ids=["empty", "html", "garbage", "huge", "echo"],
)
def test_a_useless_answer_is_no_answer(answer: Callable[[bytes], bytes]) -> None:
    """Nothing of it gets into a signature."""
    with tsa_server(answer) as url:
        assert unavailable(url)


def test_an_answer_to_another_request_is_no_answer(pki: DevelopmentPki) -> None:
    """A replayed token has another nonce."""
    with tsa_server(lambda _: pki.tsa.respond(query(DIGEST, "sha256").der)) as url:
        assert unavailable(url)


@pytest.mark.parametrize(("status", "media_type"), [(500, None), (302, None), (204, None), (200, "text/html")])
def test_another_status_or_type_is_no_answer(status: int, media_type: str | None, pki: DevelopmentPki) -> None:
    """Even with a good token in the body; redirects are not followed."""
    others = {"media_type": media_type} if media_type else {}
    with tsa_server(pki.tsa.respond, status=status, **others) as url:
        assert unavailable(url)


def test_a_late_answer_is_no_answer(pki: DevelopmentPki) -> None:
    """The caller waits about as long as it said."""
    with tsa_server(pki.tsa.respond, delay=10) as url:
        start = time.monotonic()
        assert unavailable(url, 0.3)
        assert time.monotonic() - start < 3


def test_nobody_there_is_no_answer() -> None:
    """A closed port."""
    with tsa_server(lambda request: request) as url:
        pass
    assert unavailable(url, 1)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "tsa.example"])
def test_only_web_addresses_are_taken(url: str) -> None:
    """A setting that is wrong is named as such."""
    with pytest.raises(Unavailable) as caught:
        HttpTimeStampAuthority(url, 1)
    assert caught.value.code is Code.SETTINGS_INVALID
