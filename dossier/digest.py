"""SHA-256 over files and values; the one place that decides how a value is put into bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20


def of_bytes(data: bytes) -> str:
    """Return the lower-case hex SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def of_stream(stream: BinaryIO) -> tuple[str, int]:
    """Return hex SHA-256 and length of a stream, read in chunks of one MiB."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def of_file(path: Path) -> tuple[str, int]:
    """Return hex SHA-256 and size of a file."""
    with path.open("rb") as stream:
        return of_stream(stream)


def of_beginning(path: Path, size: int) -> str:
    """Return the hex SHA-256 of the first bytes of a file, of all of it where it is shorter."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while size > 0 and (chunk := stream.read(min(CHUNK, size))):
            digest.update(chunk)
            size -= len(chunk)
    return digest.hexdigest()


def canonical(value: Mapping[str, object]) -> bytes:
    """Return the one JSON form that is hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
