"""An object of an S3 server as a seekable file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from storage.s3_client import S3Client

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SMALLEST, _LARGEST = 1 << 18, 1 << 22


class S3Stream(io.RawIOBase):
    """One version of an object, read in windows that grow while the reading goes straight on.

    Holds at most one window of 4 MiB. Every window is whole or an error is raised; a version never changes, so
    windows of one stream belong together.

    Args:
        client: The bucket.
        key: Name of the object.
        version: Its version.
        size: How long that version is.
    """

    def __init__(self, client: S3Client, key: str, version: str, size: int) -> None:
        self._client, self._key, self._version, self._size = client, key, version, size
        self._at = self._begin = 0
        self._window = b""
        self._width = _SMALLEST

    def readable(self) -> bool:
        """Allow reading."""
        return True

    def seekable(self) -> bool:
        """Allow seeking."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Set and return the position; beyond the end nothing is read.

        Raises:
            ValueError: The position would be before the first byte.
        """
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("a position counts bytes from 0")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read up to the end of the window; fetch the next one when the position has left it."""
        target = memoryview(buffer).cast("B")
        if self._at >= self._size:
            return 0
        if not self._begin <= self._at < self._begin + len(self._window):
            self._fetch()
        offset = self._at - self._begin
        piece = self._window[offset : offset + len(target)]
        target[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def readall(self) -> bytes:
        """Return everything from the position to the end, in one request."""
        if self._at >= self._size:
            return b""
        data = b"".join(self._client.read(self._key, self._at, None, self._version))
        self._at += len(data)
        return data

    def _fetch(self) -> None:
        straight_on = self._at == self._begin + len(self._window) and self._window
        self._width = min(self._width * 2, _LARGEST) if straight_on else _SMALLEST
        stop = min(self._at + self._width, self._size)
        self._window = b"".join(self._client.read(self._key, self._at, stop, self._version))
        self._begin = self._at
