"""Which PKCS#11 mechanism makes a signature, and what the token is given for it.

Tokens differ: some hash for themselves, some want the hash, and RSA without PSS then wants it wrapped in a DigestInfo.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from asn1crypto import algos
from pkcs11 import MGF, Mechanism

from signing import der
from signing.port import Scheme


@dataclass(frozen=True, slots=True)
class Chosen:
    """A mechanism, its parameter, and what makes the token's input out of the data."""

    mechanism: Mechanism
    parameter: Any
    prepared: Callable[[bytes], bytes]


def mechanism_of(scheme: Scheme, digest: str, offered: Collection[Mechanism]) -> Chosen:
    """Return how a token that offers these mechanisms signs; hashing on the token goes first."""
    if scheme is Scheme.ECDSA:  # raw ECDSA is the one that every token has
        return Chosen(Mechanism.ECDSA, None, lambda data: hashlib.new(digest, data).digest())
    name = digest.upper()
    if scheme is Scheme.RSA_PSS:
        parameter = (Mechanism[name], MGF[name], hashlib.new(digest).digest_size)
        hashing = Mechanism[f"{name}_RSA_PKCS_PSS"]
        if hashing in offered:
            return Chosen(hashing, parameter, bytes)
        return Chosen(Mechanism.RSA_PKCS_PSS, parameter, lambda data: hashlib.new(digest, data).digest())
    hashing = Mechanism[f"{name}_RSA_PKCS"]
    if hashing in offered:
        return Chosen(hashing, None, bytes)
    return Chosen(Mechanism.RSA_PKCS, None, lambda data: _digest_info(digest, data))


def _digest_info(digest: str, data: bytes) -> bytes:
    algorithm = algos.DigestAlgorithm({"algorithm": digest}).dump()
    value = hashlib.new(digest, data).digest()
    return der.sequence(algorithm, b"\x04" + bytes([len(value)]) + value)
