"""Copying objects from one store to another: nothing arrives under a name that is not the digest of its bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from enum import StrEnum
from hashlib import sha256
from typing import Any, BinaryIO, cast

from dossier.errors import Code, HososoError, Rejected, Unavailable
from pipeline.records import ask
from storage.disk import translated
from storage.port import ObjectStore

_UNREADABLE_IN_A_ROW = 20


class Copied(StrEnum):
    """What became of one object that was to be copied."""

    NOW = "now"
    BEFORE = "before"  # it was there


def copy_all(
    rows: Iterable[tuple[str, int]], source: ObjectStore, target: ObjectStore, *, check: bool
) -> Iterator[tuple[str, Copied | Code]]:
    """Copy objects (digest and size) and yield for each what became of it, or why it could not be copied.

    Args:
        rows: Which.
        source: Where from.
        target: Where to. What it has in the right size is left, and read once more when `check` is on.
        check: See above.

    Raises:
        Unavailable: DISK_FULL; STORE_UNAVAILABLE and the like when nothing can be copied any more.
    """
    refused = 0
    for (digest, _), outcome in ask(rows, lambda row: _copy(*row, source, target, check=check)):
        if isinstance(outcome, HososoError):
            refused = refused + 1 if isinstance(outcome, Unavailable) else 0
            if refused == _UNREADABLE_IN_A_ROW:
                raise outcome
            yield digest, outcome.code
        else:
            refused = 0
            yield digest, outcome


def _copy(digest: str, size: int, source: ObjectStore, target: ObjectStore, *, check: bool) -> Copied | HososoError:
    try:
        there = target.stat(digest)
        if there is not None and there.size == size and (not check or _is_sound(digest, target)):
            return Copied.BEFORE
        if there is not None:  # cut short or damaged since it was copied
            target.remove(digest)
        with source.open(digest) as stream:
            target.put(cast("BinaryIO", _Checked(stream, digest)), "")
    except Unavailable as exc:
        if exc.code is Code.DISK_FULL:
            raise
        return exc
    except Rejected as exc:
        return exc
    return Copied.NOW


def _is_sound(digest: str, store: ObjectStore) -> bool:
    try:
        store.verify(digest)
    except Rejected:
        return False
    return True


class _Checked(io.RawIOBase):
    """A stream that raises at its end unless its bytes have the digest that they should."""

    def __init__(self, stream: BinaryIO, digest: str) -> None:
        self._stream = stream
        self._wanted = digest
        self._digest = sha256()

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - any writable buffer
        """Fill a buffer; at the end of the stream, judge it.

        Raises:
            Rejected(OBJECT_DAMAGED): The digest is another one: nothing may be stored.
            Unavailable(STORE_UNAVAILABLE): The disk does not give the bytes.
        """
        with translated():
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._digest.update(data)
        if not data and self._digest.hexdigest() != self._wanted:
            raise Rejected(Code.OBJECT_DAMAGED, "the digest differs", subject=self._wanted)
        return len(data)
