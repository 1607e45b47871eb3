"""The object store of tests and of dry runs: the whole contract, in memory, gone with the process."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import BinaryIO

from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.model import ObjectRef
from storage.keys import object_key
from storage.port import Capabilities, Lock, LockMode


def _today() -> date:
    return datetime.now(UTC).date()


class MemoryObjectStore:
    """An `ObjectStore` over a dictionary; safe to share between threads."""

    def __init__(self, today: Callable[[], date] = _today) -> None:
        self._today = today
        self._objects: dict[str, bytes] = {}
        self._locks: dict[str, Lock] = {}
        self._turn = threading.Lock()

    def put(self, source: BinaryIO, media_type: str) -> ObjectRef:
        """See `ObjectStore.put`."""
        data = source.read()
        sha256 = of_bytes(data)
        with self._turn:
            present = self._objects.setdefault(sha256, data)
        if len(present) != len(data):
            raise Rejected(Code.OBJECT_DAMAGED, "the stored object has another size", subject=sha256)
        return ObjectRef(object_key(sha256), sha256, len(data), media_type)

    def mend(self, sha256: str, source: BinaryIO) -> ObjectRef:
        """See `ObjectStore.mend`."""
        key, data = object_key(sha256), source.read()
        if of_bytes(data) != sha256:
            raise Rejected(Code.OBJECT_DAMAGED, "the bytes to mend with have another digest", subject=sha256)
        self._objects[sha256] = data
        return ObjectRef(key, sha256, len(data), "")

    def open(self, sha256: str) -> BinaryIO:
        """See `ObjectStore.open`."""
        return io.BytesIO(self._bytes(sha256))

    def read(self, sha256: str, start: int = 0, length: int | None = None) -> bytes:
        """See `ObjectStore.read`."""
        if start < 0 or (length is not None and length < 0):
            raise ValueError("start and length count bytes from 0")
        data = self._bytes(sha256)
        return data[start:] if length is None else data[start : start + length]

    def stat(self, sha256: str) -> ObjectRef | None:
        """See `ObjectStore.stat`."""
        data = self._objects.get(sha256)
        return None if data is None else ObjectRef(object_key(sha256), sha256, len(data), "")

    def list(self) -> Iterator[ObjectRef]:
        """See `ObjectStore.list`."""
        for sha256, data in tuple(self._objects.items()):
            yield ObjectRef(object_key(sha256), sha256, len(data), "")

    def verify(self, sha256: str) -> None:
        """See `ObjectStore.verify`."""
        if of_bytes(self._bytes(sha256)) != sha256:
            raise Rejected(Code.OBJECT_DAMAGED, "the digest differs", subject=sha256)

    def retain(self, sha256: str, until: date, mode: LockMode) -> Lock:
        """See `ObjectStore.retain`."""
        with self._turn:
            return self._set_lock(sha256, self._lock(sha256).extended(until, mode))

    def hold(self, sha256: str, *, on: bool) -> Lock:
        """See `ObjectStore.hold`."""
        with self._turn:
            lock = self._lock(sha256)
            return self._set_lock(sha256, Lock(lock.until, lock.mode, on))

    def remove(self, sha256: str) -> None:
        """See `ObjectStore.remove`."""
        with self._turn:
            if self._lock(sha256).forbids_removal(self._today()):
                raise Rejected(Code.OBJECT_LOCKED, "retained or held", subject=sha256)
            self._objects.pop(sha256, None)
            self._locks.pop(sha256, None)

    def sweep_temporaries(self, older_than: timedelta) -> int:
        """See `ObjectStore.sweep_temporaries`. A put in memory leaves nothing behind."""
        del older_than
        return 0

    def capabilities(self) -> Capabilities:
        """See `ObjectStore.capabilities`."""
        return Capabilities("memory", enforces_locks=False, durable=False)

    def _bytes(self, sha256: str) -> bytes:
        object_key(sha256)
        try:
            return self._objects[sha256]
        except KeyError:
            raise Rejected(Code.OBJECT_MISSING, "no such object", subject=sha256) from None

    def _lock(self, sha256: str) -> Lock:
        object_key(sha256)
        return self._locks.get(sha256, Lock())

    def _set_lock(self, sha256: str, lock: Lock) -> Lock:
        self._bytes(sha256)
        self._locks[sha256] = lock
        return lock
