"""ID tokens (OpenID Connect Core 1.0, 3.1.3.7): nothing that one says is believed before all of it is checked."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from joserfc import jws, jwt
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from dossier.errors import Code, Rejected
from pipeline.identities import LONGEST, Identity
from web.identity.asking import Answer
from web.identity.keys import BAD_INPUT, PublicKey

ALGORITHMS = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
}
"""What may sign, and the kind of key it takes. No `none`, and nothing with a secret in place of a key pair."""
SKEW = 60
_OLDEST = 600
_EMAIL = "email"
_LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"

FindKey = Callable[[str | None, str], PublicKey]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token has to say.

    Attributes:
        issuer: Who made it.
        client_id: For whom.
        nonce: At which sign-in.
        now: Seconds since 1970.
        claim: What calls the person by name.
        second_factor: Values of `amr` or `acr` that stand for a second factor.
        youngest: Seconds since the person has last proven at the provider who they are, at most; 0: any.
    """

    issuer: str
    client_id: str
    nonce: str
    now: int
    claim: str
    second_factor: frozenset[str] = frozenset()
    youngest: int = 0


def identity_of(token: str, expected: Expected, find_key: FindKey) -> Identity:
    """Return whom an ID token vouches for.

    Args:
        token: As the token endpoint gave it.
        expected: What it has to say.
        find_key: Gets the key with a name (`kid`) of a kind; its errors go through.

    Raises:
        Rejected(PROVIDER_REFUSED): It is not to be believed; the detail names the check, nothing out of the token.
    """
    claims = _signed_claims(token, find_key)
    subject = _subject(claims, expected)
    _check_sign_in(claims, expected)
    return Identity(expected.issuer, subject, _name(claims, expected.claim), _has_second_factor(claims, expected))


def ended_subject(token: str, expected: Expected, find_key: FindKey) -> str:
    """Return whose sessions a logout token ends (OpenID Connect Back-Channel Logout 1.0, 2.6).

    Args:
        token: As the provider has posted it.
        expected: What it has to say; nothing of a sign-in counts.
        find_key: Gets the key with a name (`kid`) of a kind; its errors go through.

    Raises:
        Rejected(PROVIDER_REFUSED): It is not to be believed, is an ID token, or names no person but a session alone.
    """
    claims = _signed_claims(token, find_key)
    subject, events = _subject(claims, expected), claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(_LOGGED_OUT), dict) or "nonce" in claims:
        raise Rejected(Code.PROVIDER_REFUSED, "logout token: events")
    return subject


def _signed_claims(token: str, find_key: FindKey) -> Answer:
    try:
        header = jws.extract_compact(token.encode()).headers()
        algorithm, kid = header.get("alg"), header.get("kid")
    except BAD_INPUT:
        raise Rejected(Code.PROVIDER_REFUSED, "ID token: no token") from None
    kind = ALGORITHMS.get(algorithm) if isinstance(algorithm, str) else None
    if kind is None or not isinstance(kid, str | None):
        raise Rejected(Code.PROVIDER_REFUSED, "ID token: alg")
    key = find_key(kid, kind)
    rules = JWSRegistry(algorithms=[str(algorithm)], strict_check_header=False)
    try:
        return jwt.decode(token, key, registry=rules).claims
    except BAD_INPUT:
        raise Rejected(Code.PROVIDER_REFUSED, "ID token: signature") from None


def _subject(claims: Answer, expected: Expected) -> str:
    """Return the person, after what every token of a provider has to say is checked."""
    wanted = JWTClaimsRegistry(
        expected.now,
        SKEW,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        wanted.validate(claims)
    except BAD_INPUT as exc:
        claim = getattr(exc, "claim", "") if getattr(exc, "claim", "") in wanted.options else "claims"
        raise Rejected(Code.PROVIDER_REFUSED, f"ID token: {claim}") from None
    subject: str = claims["sub"]
    if not subject.isascii() or not subject.isprintable() or not 0 < len(subject) <= LONGEST:
        raise Rejected(Code.PROVIDER_REFUSED, "ID token: sub")
    if claims["iat"] < expected.now - _OLDEST - SKEW:
        raise Rejected(Code.PROVIDER_REFUSED, "ID token: iat")
    return subject


def _check_sign_in(claims: Answer, expected: Expected) -> None:
    """Refuse a token that is not for this sign-in of this client."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else expected.client_id) != expected.client_id:
        raise Rejected(Code.PROVIDER_REFUSED, "ID token: azp")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce.isascii() or not hmac.compare_digest(nonce, expected.nonce):
        raise Rejected(Code.PROVIDER_REFUSED, "ID token: nonce")
    _check_age(claims, expected)


def _check_age(claims: Answer, expected: Expected) -> None:
    """Refuse somebody who has proven too long ago who they are, where that was asked for."""
    proven = claims.get("auth_time")
    last = proven if isinstance(proven, int) else 0
    if expected.youngest and last < expected.now - expected.youngest - SKEW:
        raise Rejected(Code.PROVIDER_REFUSED, "ID token: auth_time")


def _name(claims: Answer, claim: str) -> str:
    """Return what the agreed claim calls the person; an address of mail that nobody has checked is no name."""
    name = claims.get(claim)
    if not isinstance(name, str) or (claim == _EMAIL and claims.get("email_verified") is not True):
        return ""
    return name


def _has_second_factor(claims: Answer, expected: Expected) -> bool:
    listed = claims.get("amr")
    said = [*(listed if isinstance(listed, list) else []), claims.get("acr")]
    return any(isinstance(each, str) and each in expected.second_factor for each in said)
