"""A place for the holding area in an S3 bucket, which workers on several hosts share (decision 0011).

The bucket must forget: no versioning, no object lock. It is asked before each new batch, and refused otherwise.
"""

from __future__ import annotations

import base64
import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dossier.errors import Code, Unavailable
from storage.s3_client import S3Client
from storage.spool import spooled

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class BucketPlace:
    """A bucket as `ingest.places.Place`: a file is the object `<batch>/<name>`, with a dot for the slash in a name.

    Args:
        client: Of a bucket of its own, which nobody else uses and no backup copies.
        scratch: Folder of this host for what is on its way to the server; as large as the largest delivered file.

    Errors are those of `storage.s3_errors.translated`; beside them HOLDING_UNFIT, see `require_forgetful`.
    """

    def __init__(self, client: S3Client, scratch: Path) -> None:
        self._client = client
        self._scratch = scratch

    def require_forgetful(self) -> None:
        """Ask the bucket whether what is deleted is gone.

        Raises:
            Unavailable(HOLDING_UNFIT): Versioning is or was on, or object lock is: the bucket would keep what a stop
                destroys.
        """
        facts = self._client.facts()
        if facts.versioning or facts.locking:
            kind = "object lock" if facts.locking else f"versioning {facts.versioning}"
            raise Unavailable(Code.HOLDING_UNFIT, kind, subject=self._client.settings.bucket)

    def put_new(self, batch: str, name: str, data: bytes) -> bool:
        """See `Place`. The server decides who is first (`If-None-Match: *`), whatever host the others are on."""
        self.require_forgetful()
        return self._client.put(_key(batch, name), data, _md5(data), if_absent=True) is not None

    def put(self, batch: str, name: str, pieces: Iterable[bytes]) -> None:
        """See `Place`. One request carries all: a killed put leaves nothing on the server."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        with spooled(_stream(pieces), self._scratch) as spool:
            self._client.put(_key(batch, name), spool.body, spool.md5, if_absent=False)

    @contextmanager
    def open(self, batch: str, name: str) -> Iterator[BinaryIO]:
        """See `Place`."""
        with closing(self._client.read(_key(batch, name))) as pieces:
            first = next(pieces, b"")  # asks the server now: a file that is not there is told here
            yield _stream(chain([first], pieces))

    def exists(self, batch: str, name: str) -> bool:
        """See `Place`."""
        return self._client.find(_key(batch, name)) is not None

    def names(self, batch: str) -> list[str]:
        """See `Place`."""
        return [key.partition("/")[2].replace(".", "/") for key, _ in self._client.keys(f"{batch}/")]

    def delete(self, batch: str, name: str) -> None:
        """See `Place`."""
        self._client.delete(_key(batch, name), "")

    def shred(self, batch: str, name: str) -> None:
        """See `Place`. The server gives neither old bytes from now on; its disk keeps both until it cleans up."""
        found = self._client.find(_key(batch, name))
        if found is not None:
            noise = secrets.token_bytes(found.size)
            self._client.put(_key(batch, name), noise, _md5(noise), if_absent=False)
            self.delete(batch, name)

    def batches(self) -> list[str]:
        """See `Place`."""
        return list(self._client.folders())

    def remove(self, batch: str) -> None:
        """See `Place`. What some servers keep of a folder (SeaweedFS, until it is deleted itself) goes too."""
        for name in self.names(batch):
            self.delete(batch, name)
        self._client.delete(f"{batch}/", "")


class _Pieces(io.RawIOBase):
    """Bytes that come in pieces of any size, as a stream."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill as much of a buffer as the present piece can."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        target = memoryview(buffer).cast("B")
        size = min(len(target), len(self._left))
        target[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def _stream(pieces: Iterable[bytes]) -> BinaryIO:
    return io.BufferedReader(_Pieces(pieces), 1 << 20)


def _key(batch: str, name: str) -> str:
    return f"{batch}/{name.replace('/', '.')}"


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
