"""Which keys may sign: dated rules, so that what was strong enough once can be refused later without new code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from dossier.errors import Code, Unavailable
from signing.port import Scheme


@dataclass(frozen=True, slots=True)
class KeyRule:
    """What keys and digests may sign from a day on.

    Attributes:
        valid_from: First day.
        basis: Where the figures come from.
        rsa_bits: Shortest and longest RSA modulus.
        curves: Elliptic curves by the names of SEC 2.
        digests: Digest algorithms by hashlib's names.
        rsa_scheme: How RSA keys sign where no setting says otherwise.
    """

    valid_from: date
    basis: str
    rsa_bits: tuple[int, int]
    curves: tuple[str, ...]
    digests: tuple[str, ...]
    rsa_scheme: Scheme

    def scheme_of(self, certificate: x509.Certificate, rsa_scheme: Scheme | None = None) -> Scheme:
        """Return how the certificate's key signs.

        Args:
            certificate: The signer's.
            rsa_scheme: Asked for by the installation in place of the rule's; for RSA keys only.

        Raises:
            Unavailable(KEY_TOO_WEAK): The rule does not let such a key sign.
        """
        key = certificate.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            shortest, longest = self.rsa_bits
            if shortest <= key.key_size <= longest:
                return rsa_scheme or self.rsa_scheme
            raise Unavailable(Code.KEY_TOO_WEAK, f"RSA with {key.key_size} bits")
        if isinstance(key, ec.EllipticCurvePublicKey):
            if key.curve.name in self.curves:
                return Scheme.ECDSA
            raise Unavailable(Code.KEY_TOO_WEAK, f"elliptic curve {key.curve.name}")
        raise Unavailable(Code.KEY_TOO_WEAK, f"key of the type {type(key).__name__}")

    def check_digest(self, algorithm: str) -> None:
        """Raise Unavailable(KEY_TOO_WEAK) for a digest that the rule does not know."""
        if algorithm not in self.digests:
            raise Unavailable(Code.KEY_TOO_WEAK, f"digest {algorithm}")


def in_force(at: datetime | None = None) -> KeyRule:
    """Return the newest rule in force at a moment, by default now.

    Raises:
        LookupError: No rule is that old.
    """
    day = (at or datetime.now(UTC)).date()
    valid = [rule for rule in _rules() if rule.valid_from <= day]
    if not valid:
        raise LookupError(f"no rule for signing keys at {day}")
    return max(valid, key=lambda rule: rule.valid_from)


@cache
def _rules() -> tuple[KeyRule, ...]:
    text = resources.files("signing").joinpath("key_rules.toml").read_text(encoding="utf-8")
    return tuple(
        KeyRule(
            valid_from=entry["valid_from"],
            basis=entry["basis"],
            rsa_bits=(entry["rsa_bits"][0], entry["rsa_bits"][1]),
            curves=tuple(entry["curves"]),
            digests=tuple(entry["digests"]),
            rsa_scheme=Scheme(entry["rsa_scheme"]),
        )
        for entry in tomllib.loads(text)["rule"]
    )
