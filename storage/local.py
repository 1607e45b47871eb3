"""The default archive store: a content-addressed tree on a local file system.

Layout below the root: `objects/ab/cd/<sha256>` holds pure bytes, read-only; `locks/ab/cd/<sha256>.json` retention
and holds; `tmp/` puts in progress. Anyone can audit the tree with `sha256sum`.

Write-once here is a convention with tamper evidence: mode 0444 stops mistakes, not the owner of the files and not
root. Where the law or a policy asks for storage that refuses even its administrators, use an object-lock bucket.
"""

from __future__ import annotations

import hashlib
import os
import stat as modes
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from dossier.digest import CHUNK, of_stream
from dossier.errors import Code, Rejected
from dossier.model import ObjectRef
from storage.disk import make_folder, sweep, sync_folder, temporary, translated, write_all
from storage.keys import is_digest, object_key
from storage.locks import LockRecords
from storage.port import Capabilities, Lock, LockMode


def _today() -> date:
    return datetime.now(UTC).date()


class LocalObjectStore:
    """An `ObjectStore` in a folder; any number of threads and processes of one machine may share it.

    A put writes to `tmp/`, syncs, makes the file read-only and gives it its name with `link()`, which unlike a
    rename never replaces. A kill at any point leaves the object whole or absent, and at most a file in `tmp/`.

    Args:
        root: The folder, created when absent; on one file system that knows hard links.
        today: The day that locks are compared with (UTC, so a lock ends hours late in Viet Nam, never early).
    """

    def __init__(self, root: Path, today: Callable[[], date] = _today) -> None:
        self._root = root
        self._scratch = root / "tmp"
        self._today = today
        self._locks = LockRecords(root / "locks", self._scratch)
        self._known: set[Path] = set()
        with translated():
            root.mkdir(parents=True, exist_ok=True)
            for name in ("objects", "locks", "tmp"):
                make_folder(root / name, root)

    def put(self, source: BinaryIO, media_type: str) -> ObjectRef:
        """See `ObjectStore.put`."""
        with temporary(self._scratch) as (descriptor, part):
            sha256, size = _copy(source, descriptor)
            with translated():
                os.fsync(descriptor)
                os.fchmod(descriptor, 0o444)
                self._name(part, sha256, size)
        return ObjectRef(object_key(sha256), sha256, size, media_type)

    def mend(self, sha256: str, source: BinaryIO) -> ObjectRef:
        """See `ObjectStore.mend`. The lock record lies beside the bytes and is not touched."""
        path = self._path(sha256)
        with temporary(self._scratch) as (descriptor, part):
            found, size = _copy(source, descriptor)
            if found != sha256:
                raise Rejected(Code.OBJECT_DAMAGED, "the bytes to mend with have another digest", subject=sha256)
            with translated():
                os.fsync(descriptor)
                os.fchmod(descriptor, 0o444)
                make_folder(path.parent, self._root)
                part.replace(path)
                sync_folder(path.parent)
        return ObjectRef(object_key(sha256), sha256, size, "")

    def open(self, sha256: str) -> BinaryIO:
        """See `ObjectStore.open`."""
        with translated():
            try:
                return self._path(sha256).open("rb")
            except FileNotFoundError:
                raise Rejected(Code.OBJECT_MISSING, "no such object", subject=sha256) from None

    def read(self, sha256: str, start: int = 0, length: int | None = None) -> bytes:
        """See `ObjectStore.read`."""
        if start < 0 or (length is not None and length < 0):
            raise ValueError("start and length count bytes from 0")
        with self.open(sha256) as stream, translated():
            stream.seek(start)
            return stream.read(-1 if length is None else length)

    def stat(self, sha256: str) -> ObjectRef | None:
        """See `ObjectStore.stat`."""
        if not is_digest(sha256):
            return None
        with translated():
            try:
                size = self._path(sha256).stat().st_size
            except FileNotFoundError:
                return None
        return ObjectRef(object_key(sha256), sha256, size, "")

    def list(self) -> Iterator[ObjectRef]:
        """See `ObjectStore.list`."""
        for first in _folders(self._root / "objects"):
            for second in _folders(first):
                yield from _objects(second)

    def verify(self, sha256: str) -> None:
        """See `ObjectStore.verify`. A sector the disk cannot read is STORE_UNAVAILABLE: another read may do."""
        with self.open(sha256) as stream, translated():
            found, _ = of_stream(stream)
        if found != sha256:
            raise Rejected(Code.OBJECT_DAMAGED, "the digest differs", subject=sha256)

    def retain(self, sha256: str, until: date, mode: LockMode) -> Lock:
        """See `ObjectStore.retain`."""
        with self._locks.turn():
            self._require(sha256)
            return self._locks.set(sha256, self._locks.get(sha256).extended(until, mode))

    def hold(self, sha256: str, *, on: bool) -> Lock:
        """See `ObjectStore.hold`."""
        with self._locks.turn():
            self._require(sha256)
            lock = self._locks.get(sha256)
            return self._locks.set(sha256, Lock(lock.until, lock.mode, on))

    def remove(self, sha256: str) -> None:
        """See `ObjectStore.remove`."""
        path = self._path(sha256)
        with self._locks.turn():
            if self._locks.get(sha256).forbids_removal(self._today()):
                raise Rejected(Code.OBJECT_LOCKED, "retained or held", subject=sha256)
            with translated():
                path.unlink(missing_ok=True)
                if path.parent.is_dir():
                    sync_folder(path.parent)
            self._locks.drop(sha256)

    def capabilities(self) -> Capabilities:
        """See `ObjectStore.capabilities`."""
        return Capabilities("local", enforces_locks=False, durable=True)

    def sweep_temporaries(self, older_than: timedelta) -> int:
        """See `ObjectStore.sweep_temporaries`."""
        return sweep(self._scratch, older_than, time.time())

    def _name(self, part: Path, sha256: str, size: int) -> None:
        path = self._path(sha256)
        if path.parent not in self._known:
            make_folder(path.parent, self._root)
            self._known.add(path.parent)
        try:
            os.link(part, path)
        except FileExistsError:
            if path.stat().st_size != size:
                raise Rejected(Code.OBJECT_DAMAGED, "the stored object has another size", subject=sha256) from None
        # Also for an object that was there: its writer may have died before this sync.
        sync_folder(path.parent)

    def _require(self, sha256: str) -> None:
        if self.stat(sha256) is None:
            raise Rejected(Code.OBJECT_MISSING, "no such object", subject=sha256)

    def _path(self, sha256: str) -> Path:
        return self._root / object_key(sha256)


def _copy(source: BinaryIO, descriptor: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        write_all(descriptor, chunk)
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _folders(folder: Path) -> Iterator[Path]:
    with translated(), os.scandir(folder) as entries:
        found = sorted(entry.path for entry in entries if entry.is_dir(follow_symlinks=False))
    yield from (Path(path) for path in found)


def _objects(folder: Path) -> Iterator[ObjectRef]:
    with translated(), os.scandir(folder) as entries:
        found = [ref for entry in entries if (ref := _object(entry)) is not None]
    yield from sorted(found, key=lambda ref: ref.sha256)


def _object(entry: os.DirEntry[str]) -> ObjectRef | None:
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not is_digest(entry.name) or not modes.S_ISREG(status.st_mode):
        return None
    return ObjectRef(object_key(entry.name), entry.name, status.st_size, "")
