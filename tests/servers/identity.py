"""An identity provider (OpenID Connect) of our own: real HTTP, real signatures, and every lie that one can tell.

It holds the client to its part too: registered addresses, state, S256, the client's secret, each code once.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "hososo", "s3cret: 100% & + of a client"
_SLOW = 30.0


class Lie(StrEnum):
    """What is wrong with the ID token that it gives."""

    NONE = ""
    NONCE = "nonce"
    NO_NONCE = "no nonce"
    AUDIENCE = "aud"
    AUDIENCES = "several audiences, no azp"
    AZP = "azp"
    ISSUER = "iss"
    EXPIRED = "exp"
    NO_EXPIRY = "no exp"
    FUTURE = "iat"
    OLD = "iat long ago"
    NO_SUBJECT = "no sub"
    LONG_SUBJECT = "sub too long"
    ALG_NONE = "alg none"
    HS256 = "HS256 with the public key"
    SECRET_HS256 = "HS256 with the secret of the client"  # noqa: S105 - a lie
    OTHER_KEY = "key of another"
    UNKNOWN_KEY = "kid of nobody"
    DAMAGED = "signature damaged"
    RUBBISH = "no token"
    MISSING = "no ID token"
    NUMBERS = "numbers where words belong"


class Mood(StrEnum):
    """How an address of it answers."""

    WELL = "well"
    SLOW = "slow"
    DRIP = "drip"
    FAIL = "500"
    HUGE = "huge"
    PAGE = "a page"
    DEEP = "nested without end"
    MOVED = "moved"
    REFUSE = "400"
    CUT = "cut off"


@dataclass
class IdentityServer:
    """What it knows, and how it behaves now.

    Attributes:
        url: Its address, which is the issuer.
        people: Claims by subject.
        who: The subject that signs in; empty: a page asks who it is.
        lie: What is wrong with tokens.
        moods: How addresses answer, by the last part of their path.
        says: What discovery says in place of the truth.
        callback: The registered redirect URI; empty: any.
        after: The registered post-logout redirect URI.
        algorithm: What tokens are signed with.
        asked: Paths that were asked for, in order.
        findings: What it saw of the client that must not be.
        patience: Ends what is slow.
    """

    url: str = ""
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    who: str = ""
    lie: Lie = Lie.NONE
    moods: dict[str, Mood] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)
    callback: str = ""
    after: str = ""
    algorithm: str = "ES256"
    asked: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    patience: threading.Event = field(default_factory=threading.Event)
    kid: str = "1"
    keys: dict[str, ECKey | RSAKey] = field(default_factory=lambda: {"1": new_key("ES256")})
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def rotate(self, algorithm: str = "ES256") -> None:
        """Sign with a new key from now on; the old one is gone."""
        self.kid, self.algorithm = str(int(self.kid) + 1), algorithm
        self.keys = {self.kid: new_key(algorithm)}

    def discovery(self) -> dict[str, Any]:
        """Return what it says of itself."""
        said = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/leave",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return {name: value for name, value in {**said, **self.says}.items() if value is not None}

    def authorize(self, asked: dict[str, str], subject: str) -> str:
        """Return where the browser is sent back to, with a code."""
        wanted = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256"}
        self._hold({name: asked.get(name) for name in wanted} == wanted, "authorize: parameters")
        self._hold(self.callback in ("", asked.get("redirect_uri")), "authorize: redirect_uri")
        self._hold(min(len(asked.get(name, "")) for name in ("state", "nonce", "code_challenge")) >= 43, "too short")
        code = secrets.token_urlsafe(16)
        self._codes[code] = {**asked, "subject": subject}
        back = {"code": code, "state": asked.get("state", ""), "iss": self.url}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return the answer of the token endpoint."""
        known = self._codes.pop(form.get("code", ""), None)
        if known is None or form.get("grant_type") != "authorization_code":
            return 400, {"error": "invalid_grant"}
        digest = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if digest != known["code_challenge"] or form.get("redirect_uri") != known["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        given = (form.get("client_id", ""), form.get("client_secret", ""))
        if authorization:
            name, _, secret = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            given = unquote_plus(name), unquote_plus(secret)
        if given != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        answer = {"access_token": "unused", "token_type": "Bearer", "id_token": self.id_token(known)}
        return 200, {name: value for name, value in answer.items() if value is not None}

    def id_token(self, known: dict[str, str]) -> str | None:
        """Return an ID token, with what is wrong with it now."""
        if self.lie in (Lie.MISSING, Lie.RUBBISH):
            return None if self.lie is Lie.MISSING else "no.token.at-all"
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": known["subject"],
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "auth_time": now,
            "nonce": known["nonce"],
            **self.people.get(known["subject"], {}),
            **_LIES.get(self.lie, lambda _now: {})(now),
        }
        return self._signed({name: value for name, value in claims.items() if value is not None})

    def logout_token(self, subject: str | None, **claims: object) -> str:
        """Return a token that says that somebody is signed out here."""
        now = int(time.time())
        said = {"iss": self.url, "sub": subject, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "1"}
        said |= {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}, **claims}
        return self._signed({name: value for name, value in said.items() if value is not None})

    def _signed(self, claims: dict[str, Any]) -> str:
        key, header = self.keys[self.kid], {"alg": self.algorithm, "kid": self.kid}
        if self.lie is Lie.ALG_NONE:
            return ".".join((_packed({"alg": "none", "kid": self.kid}), _packed(claims), ""))
        if self.lie in (Lie.HS256, Lie.SECRET_HS256):
            public = key.as_pem(private=False) if self.lie is Lie.HS256 else SECRET.encode()
            return _signed_with_secret({**header, "alg": "HS256"}, claims, public)
        if self.lie is Lie.OTHER_KEY:
            key = new_key(self.algorithm)
        if self.lie is Lie.UNKNOWN_KEY:
            header["kid"] = "nobody"
        token = jwt.encode(header, claims, key, algorithms=[self.algorithm])
        if self.lie is Lie.DAMAGED:
            head, payload, signature = token.split(".")
            return f"{head}.{payload}.{signature[:-4]}{'AAAA' if signature[-4:] != 'AAAA' else 'BBBB'}"
        return token

    def _hold(self, fits: bool, what: str) -> None:  # noqa: FBT001 - a check and what it is of
        if not fits:
            self.findings.append(what)


_LIES: dict[Lie, Callable[[int], dict[str, Any]]] = {
    Lie.NONCE: lambda _now: {"nonce": "x" * 43},
    Lie.NO_NONCE: lambda _now: {"nonce": None},
    Lie.AUDIENCE: lambda _now: {"aud": "another"},
    Lie.AUDIENCES: lambda _now: {"aud": [CLIENT, "another"]},
    Lie.AZP: lambda _now: {"azp": "another"},
    Lie.ISSUER: lambda _now: {"iss": "https://elsewhere.example"},
    Lie.EXPIRED: lambda now: {"exp": now - 61},
    Lie.NO_EXPIRY: lambda _now: {"exp": None},
    Lie.FUTURE: lambda now: {"iat": now + 120},
    Lie.OLD: lambda now: {"iat": now - 3600},
    Lie.NO_SUBJECT: lambda _now: {"sub": None},
    Lie.LONG_SUBJECT: lambda _now: {"sub": "x" * 256},
    Lie.NUMBERS: lambda _now: {"sub": 1, "aud": 2, "nonce": 3, "exp": "soon"},
}


@cache
def _rsa(_turn: int) -> RSAKey:
    return RSAKey.generate_key(2048, private=True)


def new_key(algorithm: str) -> ECKey | RSAKey:
    """Return a key that signs with an algorithm; RSA keys take their time, so there are two of them."""
    if algorithm.startswith("ES"):
        return ECKey.generate_key({"ES256": "P-256", "ES384": "P-384"}[algorithm], private=True)
    return _rsa(secrets.randbelow(2))


def _packed(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _signed_with_secret(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    """Return a token with a MAC, made by hand: the library refuses to do that with a public key."""
    signed = f"{_packed(header)}.{_packed(claims)}"
    return f"{signed}.{urlsafe_b64encode(hmac.new(secret, signed.encode(), sha256).digest()).rstrip(b'=').decode()}"


class _Handler(BaseHTTPRequestHandler):
    """Answers for the server's IdentityServer."""

    protocol_version = "HTTP/1.1"

    @property
    def _own(self) -> IdentityServer:
        return cast("_Listening", self.server).own

    def do_GET(self) -> None:
        """Answer the browser, and questions about the provider."""
        own, parts = self._own, urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        name = parts.path.rpartition("/")[2]
        own.asked.append(parts.path)
        if name in own.moods and self._moody(own.moods[name]):
            return
        if parts.path == "/.well-known/openid-configuration":
            self._say(200, own.discovery())
        elif parts.path == "/keys":
            self._say(200, {"keys": [{**key.as_dict(private=False), "kid": kid} for kid, key in own.keys.items()]})
        elif parts.path == "/authorize":
            subject = asked.pop("as", own.who)
            if subject:
                self._send(302, b"", location=own.authorize(asked, subject))
            else:
                self._page("Ai đăng nhập?", "".join(_choice(self.path, each) for each in own.people))
        elif parts.path == "/leave":
            back = asked.get("post_logout_redirect_uri", "")
            own._hold(asked.get("client_id") == CLIENT and back == own.after, "leave")
            self._page("Thoát?", f'<a href="{escape(back)}">Thoát</a>')
        else:
            self._say(404, {})

    def do_POST(self) -> None:
        """Answer the client."""
        own = self._own
        own.asked.append(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        if not self._moody(own.moods.get(self.path.rpartition("/")[2], Mood.WELL)):
            self._say(*own.token(dict(parse_qsl(body)), self.headers.get("authorization", "")))

    def _moody(self, mood: Mood) -> bool:
        """Answer as a mood is; False where it is no obstacle."""
        if mood is Mood.SLOW:
            self._own.patience.wait(_SLOW)
        elif mood is Mood.DRIP:
            self._drip()
        elif mood is Mood.CUT:
            self.close_connection = True
        elif mood is not Mood.WELL:
            status = {Mood.FAIL: 500, Mood.REFUSE: 400, Mood.MOVED: 302}.get(mood, 200)
            self._send(status, _BODIES.get(mood, b"{}"), location=f"{self._own.url}/elsewhere")
        return mood is not Mood.WELL

    def _drip(self) -> None:
        over = cast("_Listening", self.server).over
        self.send_response(200)
        self.send_header("content-length", "100000")
        self.end_headers()
        while not over.wait(0.05):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    def _page(self, title: str, inner: str) -> None:
        head = f'<meta charset="utf-8"><title>{title}</title><link rel="icon" href="data:,">'
        page = f'<!doctype html><html lang="vi">{head}<h1>{title}</h1>{inner}'
        self._send(200, page.encode(), kind="text/html; charset=utf-8")

    def _say(self, status: int, value: dict[str, Any]) -> None:
        self._send(status, json.dumps(value).encode())

    def _send(self, status: int, body: bytes, *, kind: str = "application/json", location: str = "") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        if location:
            self.send_header("location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
        """Say nothing."""


_BODIES = {
    Mood.HUGE: b"{" + b" " * (1 << 20) + b"}",
    Mood.PAGE: b"<!doctype html><title>Please sign in</title>",
    Mood.DEEP: b"[" * 100_000,
}


def _choice(path: str, subject: str) -> str:
    return f'<p><a href="{escape(path)}&amp;as={escape(subject)}">{escape(subject)}</a></p>'


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    own: IdentityServer

    def __init__(self, own: IdentityServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.own, self.over = own, threading.Event()
        own.url = f"http://localhost:{self.server_address[1]}"  # another site than 127.0.0.1, as browsers see it

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that cut the line: that is what they are to do."""


@contextmanager
def identity_server() -> Iterator[IdentityServer]:
    """Give a provider that answers on this machine."""
    own = IdentityServer()
    with _Listening(own) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield own
        finally:
            server.over.set()
            own.patience.set()
            server.shutdown()
            thread.join()
