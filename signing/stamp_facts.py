"""What a time-stamp token says of itself: when, by whom, and how strong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from signing.embedded import Signed
from signing.timestamp import time_of


@dataclass(frozen=True, slots=True)
class StampFacts:
    """A token's time, its authority's certificate, and the certificates that came with it."""

    stamped_at: datetime
    certificate: x509.Certificate
    pool: list[x509.Certificate]


def of_token(token: bytes) -> StampFacts:
    """Return what a token says that was checked before."""
    content = cms.ContentInfo.load(token)["content"]
    certificate, pool = next(Signed(0, is_stamp=True, content=content).leaves())
    return StampFacts(time_of(token), certificate, pool)


def key_of(facts: StampFacts) -> str:
    """Return kind and strength of the authority's key, e.g. `rsa-3072` or `ec-256`."""
    key = facts.certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"rsa-{key.key_size}"
    return f"ec-{key.key_size}" if isinstance(key, ec.EllipticCurvePublicKey) else type(key).__name__
