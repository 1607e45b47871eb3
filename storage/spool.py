"""Bytes on their way to a server: kept in a file without a name until their digest is known."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO

from dossier.digest import CHUNK
from storage.disk import translated, write_all


@dataclass(frozen=True, slots=True)
class Spooled:
    """The whole of a source: SHA-256 in hex, MD5 in base64 as HTTP wants it, and the bytes, mapped unless empty."""

    sha256: str
    md5: str
    body: bytes | mmap


@contextmanager
def spooled(source: BinaryIO, folder: Path) -> Iterator[Spooled]:
    """Copy a source, from where it stands to its end, to a file in `folder` and yield it mapped.

    The file has no name (or loses it at once where the file system knows no files without one), so the system frees
    it when this process dies: nothing is left to sweep.

    Raises:
        Unavailable: DISK_FULL, or STORE_UNAVAILABLE when the folder cannot be written.
    """
    sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    with translated():
        spool = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed below
    with spool:
        while chunk := source.read(CHUNK):
            write_all(spool.fileno(), chunk)
            sha256.update(chunk)
            md5.update(chunk)
            size += len(chunk)
        checked = base64.b64encode(md5.digest()).decode()
        if not size:
            yield Spooled(sha256.hexdigest(), checked, b"")
            return
        with translated():
            body = mmap(spool.fileno(), size, access=ACCESS_READ)
        with body:
            yield Spooled(sha256.hexdigest(), checked, body)
