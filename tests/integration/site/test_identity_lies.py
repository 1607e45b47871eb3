"""An identity provider that lies, fails, hangs or talks without end: nobody gets in by it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from dossier.errors import Code, HososoError, Rejected, Unavailable
from tests.integration.site.identities import client_of
from tests.servers.identity import IdentityServer, Lie, Mood, identity_server
from web.identity.flow import Flow
from web.identity.provider import Provider

_HASTY, _PATIENT = 0.25, 5.0
_HANGS = (Mood.SLOW, Mood.DRIP)


@pytest.fixture
def server() -> Iterator[IdentityServer]:
    """Start a provider."""
    with identity_server() as opened:
        yield opened


@pytest.mark.parametrize("lie", [each for each in Lie if each is not Lie.NONE])
def test_a_token_that_is_not_to_be_believed(lie: Lie, server: IdentityServer) -> None:
    """Every check refuses alone, and says which it was without a word out of the token."""
    server.lie = lie
    provider = Provider(client_of(server), _now)
    with pytest.raises(Rejected) as caught:
        _whole(provider, server)
    assert (caught.value.code, caught.value.detail) == (Code.PROVIDER_REFUSED, _detail(lie))
    server.lie = Lie.NONE
    assert _whole(provider, server) == "somebody"


def _detail(lie: Lie) -> str:
    said_so = {
        Lie.NO_NONCE: "ID token: nonce",
        Lie.AUDIENCES: "ID token: azp",
        Lie.NO_EXPIRY: "ID token: exp",
        Lie.OLD: "ID token: iat",
        Lie.NO_SUBJECT: "ID token: sub",
        Lie.NUMBERS: "ID token: sub",
        Lie.MISSING: "no ID token",
        Lie.LONG_SUBJECT: "ID token: sub",
        Lie.ALG_NONE: "ID token: alg",
        Lie.HS256: "ID token: alg",
        Lie.SECRET_HS256: "ID token: alg",
        Lie.OTHER_KEY: "ID token: signature",
        Lie.UNKNOWN_KEY: "key of the ID token",
        Lie.DAMAGED: "ID token: signature",
        Lie.RUBBISH: "ID token: no token",
    }
    return said_so.get(lie, f"ID token: {lie.value}")


@pytest.mark.parametrize("where", ["openid-configuration", "token", "keys"])
@pytest.mark.parametrize("mood", [each for each in Mood if each is not Mood.WELL])
def test_a_provider_that_does_not_answer_as_agreed(where: str, mood: Mood, server: IdentityServer) -> None:
    """Whatever it does, the end comes in time, with the code that says whose fault it is; later all is well."""
    server.who, server.moods[where] = "somebody", mood
    haste = _HASTY if mood in _HANGS else _PATIENT
    seconds = [0.0]
    provider = Provider(client_of(server, seconds=haste), _now, lambda: seconds[0])
    begun = time.monotonic()
    with pytest.raises(HososoError) as caught:
        _whole(provider, server)
    assert time.monotonic() - begun < 6 * haste
    away = mood in (*_HANGS, Mood.FAIL, Mood.CUT)
    assert caught.value.code is (Code.PROVIDER_UNAVAILABLE if away else Code.PROVIDER_REFUSED)
    server.moods.clear()
    seconds[0] = 6.0
    assert _whole(provider, server) == "somebody"


def _whole(provider: Provider, server: IdentityServer) -> str:
    """Sign in, without a site; return the subject."""
    flow = Flow("/")
    provider.authorization(flow)
    asked = {"client_id": "hososo", "redirect_uri": provider.client.callback, "response_type": "code"}
    asked |= {"code_challenge_method": "S256", "state": flow.state, "nonce": flow.nonce}
    back = server.authorize({**asked, "code_challenge": flow.challenge}, "somebody")
    code = back.partition("code=")[2].partition("&")[0]
    token = provider.exchanged({"code": code, "state": flow.state, "iss": server.url}, flow)
    return provider.identity(token, flow).subject


def _now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize(
    "says",
    [
        {"issuer": "https://elsewhere.example"},
        {"issuer": None},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://user:word@elsewhere.example/"},
        {"authorization_endpoint": "https://elsewhere.example/\r\nx: y"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"jwks_uri": ["https://elsewhere.example"]},
        {"end_session_endpoint": "http://elsewhere.example/leave"},
        {"response_types_supported": ["id_token"]},
        {"code_challenge_methods_supported": ["plain"]},
        {"token_endpoint": "https://[elsewhere/"},
        {"token_endpoint": "https://elsewhere.example:99999/"},
    ],
    ids=str,
)
def test_what_a_provider_says_of_itself_is_checked(says: dict[str, Any], server: IdentityServer) -> None:
    """Another issuer, addresses without TLS or of another kind, no codes, no proof of who asked for them."""
    server.says = says
    with pytest.raises(Rejected) as caught:
        Provider(client_of(server), _now).authorization(Flow("/"))
    assert caught.value.code is Code.PROVIDER_REFUSED


@pytest.mark.parametrize(
    "key",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "2"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "2"},
        {"kty": "RSA", "use": "enc", "kid": "2"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "2"},
        {"kty": "EC", "crv": 1, "x": [], "y": {}},
        {"kty": ["RSA"]},
        "no key",
    ],
    ids=str,
)
def test_a_key_that_is_none_spoils_no_other(key: object, server: IdentityServer) -> None:
    """Secrets, small keys, keys to encrypt with, points that lie on no curve: left out, and the others count."""

    class Odd:
        """A key as the set shows it."""

        def as_dict(self, *, private: bool) -> object:
            """Return it."""
            del private
            return key if isinstance(key, dict) else {"0": key}

    provider = Provider(client_of(server), _now)
    server.keys = {**server.keys, "2": Odd()}  # type: ignore[dict-item]
    assert provider.examine() == 1
    assert _whole(provider, server) == "somebody"


def test_a_dead_provider_is_told_at_once(server: IdentityServer) -> None:
    """It is asked once in five seconds, not for everybody who tries."""
    server.moods["openid-configuration"] = Mood.FAIL
    provider = Provider(client_of(server), _now)
    for _ in range(3):
        with pytest.raises(Unavailable):
            provider.authorization(Flow("/"))
    assert len(server.asked) == 1
