"""The office's identity provider: where it sends people to sign in, whom it vouches for, where they sign out."""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote_plus, urlencode

from dossier.errors import Code, HososoError, Rejected, Unavailable
from pipeline.identities import Identity
from web.identity.asking import Line
from web.identity.discovery import Endpoints, understood
from web.identity.flow import Flow
from web.identity.keys import Keys
from web.identity.tokens import Expected, ended_subject, identity_of

CALLBACK = "/login/provider/callback"
"""Where the provider sends people back to; it is registered there."""
ENDED = "/login/provider/ended"
"""Where the provider posts that somebody is signed out there, if it is told to; server to server."""
AFTER = "/login"
"""Where it sends them when they have signed out; this is registered there too."""
_KEPT, _DEAD = 3600.0, 5.0
_AT_ONCE, _PATIENCE = 4, 1.0
_SCOPES = {"sub": "openid", "email": "openid email"}
_WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider and this installation know of each other.

    Attributes:
        issuer: Address of the provider, as it names itself.
        client_id: What it calls this installation.
        secret: By which it knows this installation; empty: a public client, which PKCE alone protects.
        site: Address of this installation, without a slash at the end.
        label: What people call the provider; empty: the general word.
        claim: Which claim names a person before the first time.
        second_factor: Values of `amr` or `acr` that stand for a second factor here.
        youngest: Seconds since the person has last proven at the provider who they are, at most; 0: any.
        line: How it is reached.
    """

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    site: str
    label: str = ""
    claim: str = "preferred_username"
    second_factor: frozenset[str] = frozenset()
    youngest: int = 0
    line: Line = field(default_factory=Line)

    @property
    def callback(self) -> str:
        """The redirect URI that is registered with the provider."""
        return self.site + CALLBACK

    @property
    def ended(self) -> str:
        """The back-channel logout URI that may be registered with the provider."""
        return self.site + ENDED

    @property
    def after(self) -> str:
        """The post-logout redirect URI that is registered with the provider."""
        return self.site + AFTER


class Provider:
    """One identity provider; safe to use from many threads, of which a few at a time wait for it.

    Args:
        client: What both know of each other.
        now: The time that tokens are held against.
        ticks: Seconds that only grow.
    """

    def __init__(
        self, client: Client, now: Callable[[], datetime], ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self.client = client
        self._now, self._ticks = now, ticks
        self._keys = Keys(lambda: client.line.get(self._endpoints().keys), ticks)
        self._turn, self._lock = threading.BoundedSemaphore(_AT_ONCE), threading.Lock()
        self._known: tuple[Endpoints, float] | None = None
        self._failed: tuple[HososoError, float] | None = None

    def authorization(self, flow: Flow) -> str:
        """Return the address to send a browser to.

        Raises:
            Unavailable(PROVIDER_UNAVAILABLE): The provider does not say where; LOGIN_BUSY: too many wait for it.
            Rejected(PROVIDER_REFUSED): What it says of itself is not to be believed.
        """
        with self._waiting():
            endpoint = self._endpoints().authorization
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.callback,
            "scope": _SCOPES.get(self.client.claim, "openid profile"),
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": flow.challenge,
            "code_challenge_method": "S256",
        }
        return _with(endpoint, asked | ({"max_age": str(self.client.youngest)} if self.client.youngest else {}))

    def exchanged(self, answer: Mapping[str, str], flow: Flow) -> str:
        """Return the ID token for the code that a browser has brought; nothing in it is checked yet.

        Raises:
            Rejected(SIGN_IN_OVER): It is no answer to this sign-in, or the person has broken it off.
            Rejected(PROVIDER_REFUSED): The provider does not take the code, or its answer has no token.
            Unavailable: As `authorization`.
        """
        if not flow.is_answered_by(answer.get("state", "")):
            raise Rejected(Code.SIGN_IN_OVER, "state")
        if "error" in answer or not answer.get("code"):
            raise Rejected(Code.SIGN_IN_OVER, "no code")
        with self._waiting():
            endpoints = self._endpoints()
            # Another provider's answer, mixed in by somebody between (RFC 9207).
            if answer.get("iss", "" if endpoints.names_itself else self.client.issuer) != self.client.issuer:
                raise Rejected(Code.PROVIDER_REFUSED, "iss")
            form, headers = self._proof(basic=endpoints.basic)
            form |= {"grant_type": "authorization_code", "code": answer["code"]}
            form |= {"redirect_uri": self.client.callback, "code_verifier": flow.verifier}
            said = self.client.line.post(endpoints.token, form, headers)
        token = said.get("id_token")
        if not isinstance(token, str) or not token.isascii():
            raise Rejected(Code.PROVIDER_REFUSED, "no ID token")
        return token

    def identity(self, token: str, flow: Flow) -> Identity:
        """Return whom an ID token vouches for, after every check.

        Raises:
            Rejected(PROVIDER_REFUSED): It is not to be believed; the detail names the check.
            Unavailable: As `authorization`.
        """
        with self._waiting():
            return identity_of(token, self._expected(flow.nonce), self._keys.find)

    def ended(self, token: str) -> str:
        """Return the subject whose sessions a logout token ends, after every check; errors as `identity`."""
        with self._waiting():
            return ended_subject(token, self._expected(""), self._keys.find)

    def signing_out(self) -> str:
        """Return where a browser signs out of the provider too; empty where there is no such address, or no answer."""
        try:
            with self._waiting():
                endpoint = self._endpoints().end_session
        except HososoError:
            return ""
        # No `id_token_hint`: the provider asks the person instead; no token with a name is kept, or in an address.
        asked = {"client_id": self.client.client_id, "post_logout_redirect_uri": self.client.after}
        return _with(endpoint, asked) if endpoint else ""

    def examine(self) -> int:
        """Ask the provider what it says of itself, and for its keys; return how many of them can be used.

        Raises:
            HososoError: As `authorization`; PROVIDER_REFUSED too where there is no such key.
        """
        found = self._keys.count()
        if not found:
            raise Rejected(Code.PROVIDER_REFUSED, "no keys")
        return found

    def _expected(self, nonce: str) -> Expected:
        client, now = self.client, int(self._now().timestamp())
        return Expected(
            client.issuer, client.client_id, nonce, now, client.claim, client.second_factor, client.youngest
        )

    def _proof(self, *, basic: bool) -> tuple[dict[str, str], dict[str, str]]:
        """Return what of a form and of headers tells the provider who asks."""
        client = self.client
        if not client.secret:
            return {"client_id": client.client_id}, {}
        if not basic:
            return {"client_id": client.client_id, "client_secret": client.secret}, {}
        pair = f"{quote_plus(client.client_id)}:{quote_plus(client.secret)}"
        return {}, {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}

    def _endpoints(self) -> Endpoints:
        """Return what the provider says of itself, at most an hour old; a dead one is left alone for a while."""
        with self._lock:
            now = self._ticks()
            if self._known is not None and now - self._known[1] < _KEPT:
                return self._known[0]
            if self._failed is not None and now - self._failed[1] < _DEAD:
                raise type(self._failed[0])(self._failed[0].code, self._failed[0].detail)
            try:
                said = self.client.line.get(self.client.issuer.rstrip("/") + _WELL_KNOWN)
                self._known = (understood(said, self.client.issuer), self._ticks())
            except HososoError as exc:
                self._failed = (exc, self._ticks())
                raise
            return self._known[0]

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Let a few threads wait for the provider, so that a slow one takes none from everybody else."""
        if not self._turn.acquire(timeout=_PATIENCE):
            raise Unavailable(Code.LOGIN_BUSY)
        try:
            yield
        finally:
            self._turn.release()


def _with(endpoint: str, asked: Mapping[str, str]) -> str:
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"
