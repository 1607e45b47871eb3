"""Links under which the one-stop software fetches the signed files: stable, scoped, ending, revocable.

A link names a package and a document of it, and carries a token over both. The token is made from a secret of this
installation, so that it is nowhere stored and a link that is sent again is the same. When links end, and whether they
were revoked, is recorded with the package.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256

PREFIX = "/portal/v1"
SHORTEST_SECRET = 32
_PURPOSE = b"hososo-link 1"


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and knows links.

    Attributes:
        base: Address at which the other side reaches `hososo serve`, without a path of ours.
        secret: At least 32 random bytes, shown nowhere.
        days: How long a link lasts.
    """

    base: str
    secret: bytes = field(repr=False)
    days: float

    def address(self, key: str, document_id: str) -> str:
        """Return the link to a document of a package."""
        return f"{self.base.rstrip('/')}{PREFIX}/{key}/{document_id}/{token_of(self.secret, key, document_id)}"


def token_of(secret: bytes, key: str, document_id: str) -> str:
    """Return the token of a link."""
    message = b"\0".join((_PURPOSE, key.encode(), document_id.encode()))
    return urlsafe_b64encode(hmac.digest(secret, message, sha256)).decode().rstrip("=")


def is_token(secret: bytes, key: str, document_id: str, given: str) -> bool:
    """Return whether a token is that of a link; takes the same time whatever is given."""
    return hmac.compare_digest(token_of(secret, key, document_id).encode(), given.encode("utf-8", "replace"))
