"""Asking a server over HTTP within bounds: only http and https, so many bytes, so many seconds, so many redirects."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urljoin

_CHUNK = 1 << 14
_SCHEMES = ("http://", "https://")
_MOVED = (301, 302, 303, 307, 308)
_OK = 200
FAULTS = (OSError, HTTPException, ValueError)
"""What `fetch` may raise: the server or the network is at fault."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        url: Address.
        body: Sent with POST; None asks with GET.
        headers: Header fields that are sent.
        answers: Media types that are taken; empty takes any.
        seconds: Time for the whole.
        most_bytes: Longest answer.
        redirects: How often it may be sent elsewhere; a POST never, because it would silently become a GET.
    """

    url: str
    body: bytes | None
    headers: dict[str, str] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    seconds: float = 20.0
    most_bytes: int = 1 << 18
    redirects: int = 0


def is_http(url: str) -> bool:
    """Return whether an address is one that may be asked at all."""
    return url.lower().startswith(_SCHEMES)


def fetch(question: Question) -> bytes:
    """Return the body of the answer.

    Raises:
        OSError: No connection, or it broke.
        HTTPException: Another status or media type, too long, too late, or sent elsewhere too often.
        ValueError: The address is not one.
    """
    deadline, url = time.monotonic() + question.seconds, question.url
    for _ in range(question.redirects + 1):
        if not is_http(url):
            raise HTTPException("neither http nor https")
        request = urllib.request.Request(url, question.body, question.headers)  # noqa: S310 - scheme checked
        with _opener().open(request, timeout=max(0.1, deadline - time.monotonic())) as answer:
            if answer.status not in _MOVED or question.body is not None:
                return _body(answer, question, deadline)
            url = urljoin(url, answer.headers.get("Location", ""))
    raise HTTPException("sent elsewhere too often")


def _opener() -> urllib.request.OpenerDirector:
    """Without redirects of its own, and without schemes beside http and https."""
    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler()):
        opener.add_handler(handler)
    return opener


def _body(answer: Any, question: Question, deadline: float) -> bytes:  # noqa: ANN401 - whatever the opener gives
    kind = answer.headers.get_content_type()
    if answer.status != _OK or (question.answers and kind not in question.answers):
        raise HTTPException(f"status {answer.status}")
    data = bytearray()
    while chunk := answer.read1(_CHUNK):
        data += chunk
        if len(data) > question.most_bytes or time.monotonic() > deadline:
            raise HTTPException("answer too long or too late")
    return bytes(data)
