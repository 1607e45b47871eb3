"""The keys that a provider signs with: kept for an hour, fetched anew when a token names one that is not known."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from dossier.errors import Code, Rejected
from web.identity.asking import Answer

PublicKey = RSAKey | ECKey
BAD_INPUT = (JoseError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What joserfc raises over keys and tokens that are none."""
_KEPT = 3600.0
_PATIENCE = 30.0
_MOST = 64
_SMALLEST_RSA = 2048


@dataclass
class Keys:
    """The keys of one provider.

    Attributes:
        fetch: Gets the key set; its errors go to whoever asks.
        clock: Seconds that only grow.
    """

    fetch: Callable[[], Answer]
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: list[PublicKey] = field(default_factory=list)
    _at: float = float("-inf")

    def find(self, kid: str | None, kind: str) -> PublicKey:
        """Return the key that a token names.

        Args:
            kid: The key's name; None is enough where there is one key of the kind alone.
            kind: `RSA` or `EC`.

        Raises:
            Rejected(PROVIDER_REFUSED): There is no such key.
            HososoError: As `fetch`.
        """
        with self._lock:
            if self.clock() - self._at >= _KEPT:
                self._renew()
            found = self._matching(kid, kind)
            # A token of nobody may name any key: what is not known is looked for again at most twice a minute.
            if len(found) != 1 and self.clock() - self._at >= _PATIENCE:
                self._renew()
                found = self._matching(kid, kind)
        if len(found) != 1:
            raise Rejected(Code.PROVIDER_REFUSED, "key of the ID token")
        return found[0]

    def count(self) -> int:
        """Fetch the keys and return how many of them can be used."""
        with self._lock:
            self._renew()
            return len(self._known)

    def _renew(self) -> None:
        self._known = _usable(self.fetch())
        self._at = self.clock()

    def _matching(self, kid: str | None, kind: str) -> list[PublicKey]:
        return [key for key in self._known if key.key_type == kind and kid in (None, key.kid)]


def _usable(said: Answer) -> list[PublicKey]:
    """Return the public keys that sign; others, and what is no key, are left out, never the whole set for them."""
    listed = said.get("keys")
    if not isinstance(listed, list):
        raise Rejected(Code.PROVIDER_REFUSED, "no keys")
    return [key for each in listed[:_MOST] if (key := _usable_key(each)) is not None]


def _usable_key(said: object) -> PublicKey | None:
    if not isinstance(said, dict) or said.get("kty") not in ("RSA", "EC") or said.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(said)
        weak = isinstance(key, RSAKey) and key.public_key.key_size < _SMALLEST_RSA
    except BAD_INPUT:
        return None
    return key if isinstance(key, RSAKey | ECKey) and not weak else None
