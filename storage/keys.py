"""Names of objects: the digest is the name, fanned out over two levels so that no folder grows past a few thousand."""

from __future__ import annotations

import re

from dossier.errors import Code, Rejected

_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    """Return whether a text is a lower-case hex SHA-256, the only thing that names an object."""
    return _DIGEST.fullmatch(text) is not None


def fanned(sha256: str) -> str:
    """Return `ab/cd/<sha256>`.

    Raises:
        Rejected: OBJECT_MISSING; the text is no digest, so nothing is ever looked up or built from it (`../x`).
    """
    if not is_digest(sha256):
        raise Rejected(Code.OBJECT_MISSING, "the name asked for is not a SHA-256")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def object_key(sha256: str) -> str:
    """Return the key of an object, `objects/ab/cd/<sha256>`; the same in every store."""
    return f"objects/{fanned(sha256)}"
