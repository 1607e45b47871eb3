"""One sign-in that is under way, as the browser that began it keeps it in a cookie.

State, nonce and code verifier follow from one random key that only this browser has: an answer that somebody else has
begun, or for which somebody else has stolen the code, fits none of them. The server keeps nothing that could fill up.
The cookie is not signed: whoever could make one can as well begin a sign-in and be given one.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256

_COOKIE = re.compile(r"(?P<key>[A-Za-z0-9_-]{43})~(?P<goal>/[A-Za-z0-9._/-]{0,500})")
SECONDS = 600
"""How long the browser keeps it: time to sign in at the provider."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in that is under way. `goal`: the page that was asked for."""

    goal: str
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def cookie(self) -> str:
        """What the browser keeps."""
        return f"{self.key}~{self.goal}"

    @property
    def state(self) -> str:
        """What the provider gives back with its answer."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What the ID token has to contain."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What proves that whoever brings the code has asked for it (PKCE, RFC 7636)."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """What the provider is told of `verifier` beforehand: its digest (S256)."""
        return _text(sha256(self.verifier.encode()).digest())

    def is_answered_by(self, state: str) -> bool:
        """Return whether an answer is to this sign-in."""
        return state.isascii() and hmac.compare_digest(state, self.state)

    def _derived(self, name: str) -> str:
        return _text(hmac.new(self.key.encode(), f"hososo {name}".encode(), sha256).digest())


def flow_of(cookie: str) -> Flow | None:
    """Return the sign-in that a cookie is of, None where it is of none."""
    found = _COOKIE.fullmatch(cookie)
    return Flow(found["goal"], found["key"]) if found else None


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
