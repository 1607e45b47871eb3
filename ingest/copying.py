"""Copy a delivered file and its digest in one pass, and notice when somebody is still writing it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from dossier.digest import CHUNK
from dossier.errors import Code, Rejected


class Sink(Protocol):
    """Whatever takes bytes: an open file, a holding area writer."""

    def write(self, data: bytes, /) -> object:
        """Take one chunk."""


def copy_hashed(path: Path, sink: Sink) -> tuple[str, int]:
    """Copy a file into a sink.

    Args:
        path: A regular file; a link is not followed.
        sink: Gets the bytes in chunks of one MiB. On an error it has got a part: the caller throws that away.
            Its own errors pass through untouched.

    Returns:
        Lower-case hex SHA-256 and size in bytes of what was copied.

    Raises:
        Rejected: FILE_CHANGED_WHILE_READ when size, time or identity differ before and after;
            FILE_UNREADABLE when it is no regular file or the file system fails.
    """
    source = HashedFile(path)
    for chunk in source.chunks():
        sink.write(chunk)
    return source.sha256, source.size


class HashedFile:
    """A file that is read once; `sha256` and `size` (bytes) are known when `chunks` has come to its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.sha256 = ""
        self.size = 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the file in chunks of one MiB; errors as in `copy_hashed`, the last chunk may be followed by one."""
        digest, size = hashlib.sha256(), 0
        with _opened(self._path) as source:
            before = _identity(source.fileno())
            for chunk in _chunks(source):
                digest.update(chunk)
                size += len(chunk)
                yield chunk
            after = _identity(source.fileno())
        if not before == after == _identity(self._path) or size != before[2]:
            raise Rejected(Code.FILE_CHANGED_WHILE_READ, f"{before[2]} bytes at first, {size} read")
        self.sha256, self.size = digest.hexdigest(), size


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    # O_NONBLOCK: opening a FIFO that took the file's place must not wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError as exc:
        raise Rejected(Code.FILE_CHANGED_WHILE_READ, "file is gone") from exc
    except OSError as exc:
        raise Rejected(Code.FILE_UNREADABLE, f"open failed: {exc.strerror}") from exc
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Rejected(Code.FILE_UNREADABLE, "not a regular file")
    with os.fdopen(descriptor, "rb") as source:
        yield source


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while True:
        try:
            chunk = source.read(CHUNK)
        except OSError as exc:
            raise Rejected(Code.FILE_UNREADABLE, f"read failed: {exc.strerror}") from exc
        if not chunk:
            return
        yield chunk


def _identity(place: int | Path) -> tuple[int, int, int, int]:
    try:
        status = os.fstat(place) if isinstance(place, int) else place.lstat()
    except FileNotFoundError as exc:
        raise Rejected(Code.FILE_CHANGED_WHILE_READ, "file is gone") from exc
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
