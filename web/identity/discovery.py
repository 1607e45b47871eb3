"""What a provider says of itself (OpenID Connect Discovery 1.0), and whether that may be believed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from confine.connections import OWN
from dossier.errors import Code, Rejected
from web.identity.asking import Answer

_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider is asked for what.

    Attributes:
        authorization: Where the browser is sent to sign in.
        token: Where a code is exchanged for an ID token.
        keys: Where the keys are that sign ID tokens.
        end_session: Where the browser is sent to sign out; empty: nowhere.
        names_itself: The provider puts its issuer beside every code that it gives (RFC 9207).
        basic: The client shows its secret in a header; else in the form.
    """

    authorization: str
    token: str
    keys: str
    end_session: str = ""
    names_itself: bool = False
    basic: bool = True


def is_safe(url: str, *, own: bool) -> bool:
    """Return whether an address of a provider may be used: TLS, or this very machine where `own` is."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= _LONGEST
    bare = parts.username is None and not parts.fragment and port != 0
    return plain and bare and bool(host) and (parts.scheme == "https" or (own and is_own(url)))


def is_own(url: str) -> bool:
    """Return whether an address is one of this machine, without TLS."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in OWN


def understood(said: Answer, issuer: str) -> Endpoints:
    """Return where a provider is asked.

    Args:
        said: The discovery document.
        issuer: Who it must be of.

    Raises:
        Rejected(PROVIDER_REFUSED): It is of somebody else, lacks an address, has one without TLS, or the provider
            cannot do what is asked of it here: codes, with proof of who asked for them (PKCE, S256).
    """
    if said.get("issuer") != issuer:
        raise Rejected(Code.PROVIDER_REFUSED, "discovery: issuer")
    for name, wanted in (("response_types_supported", "code"), ("code_challenge_methods_supported", "S256")):
        if wanted not in _listed(said, name, [wanted]):
            raise Rejected(Code.PROVIDER_REFUSED, f"discovery: {name}")
    ways = _listed(said, "token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Endpoints(
        _address(said, "authorization_endpoint", issuer),
        _address(said, "token_endpoint", issuer),
        _address(said, "jwks_uri", issuer),
        _address(said, "end_session_endpoint", issuer) if "end_session_endpoint" in said else "",
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        basic="client_secret_basic" in ways,
    )


def _listed(said: Answer, name: str, otherwise: list[str]) -> list[object]:
    value = said.get(name, otherwise)
    return value if isinstance(value, list) else []


def _address(said: Answer, name: str, issuer: str) -> str:
    url = said.get(name)
    if not isinstance(url, str) or not is_safe(url, own=is_own(issuer)):
        raise Rejected(Code.PROVIDER_REFUSED, f"discovery: {name}")
    return url
