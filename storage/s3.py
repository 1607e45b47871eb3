"""The archive store of an office network or a province: a bucket with versioning and object lock.

Keys and bytes are those of the local tree, `objects/ab/cd/<sha256>`, so either can be copied to the other. The lock of
an object is the lock of its version, kept by the server against its own administrators. What a bucket really keeps is
proved by `storage.conformance`, not believed.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import BinaryIO

from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.model import ObjectRef
from storage.disk import translated
from storage.keys import is_digest, object_key
from storage.port import Capabilities, Lock, LockMode
from storage.s3_client import Found, S3Client, VersionLock
from storage.s3_connection import USUAL, Patience, S3Settings
from storage.s3_stream import S3Stream
from storage.spool import Spooled, spooled

MAX_PUT = 5 << 30  # the largest object that S3 takes in one request
_BUFFER = 1 << 16
_ACCEPTED_ROUNDS = 3  # a claim that others overwrite twice in a row is still a race; a third time it is a false server


class S3ObjectStore:
    """An `ObjectStore` in one bucket; any number of threads and processes of any number of machines may share it.

    A put is one request that the server carries out whole or not at all. It is conditional on there being no such
    object; where two puts of the same bytes meet on a server that does not keep the condition, the second becomes
    one more version with the same bytes, which hurts nobody. Nothing of a killed put is left on either side.

    Args:
        settings: The bucket.
        scratch: A local folder for bytes on their way; created when absent.
        patience: How long calls wait.

    Attributes:
        client: The bucket's calls, for the proof that the bucket keeps its locks.
        proved: That proof was made and held.
    """

    def __init__(self, settings: S3Settings, scratch: Path, patience: Patience = USUAL) -> None:
        self.proved = False
        self.client = S3Client(settings, patience)
        self._scratch = scratch
        with translated():
            scratch.mkdir(parents=True, exist_ok=True)

    def put(self, source: BinaryIO, media_type: str) -> ObjectRef:
        """See `ObjectStore.put`. An object over 5 GiB is `Rejected(FILE_TOO_LARGE)`."""
        with spooled(source, self._scratch) as spool:
            sha256, size = spool.sha256, len(spool.body)
            key = object_key(sha256)
            # A question is cheaper than many bytes; few bytes are their own question.
            if size <= _BUFFER or not self._is_there(key, spool):
                self._put_new(key, spool)
        return ObjectRef(key, sha256, size, media_type)

    def mend(self, sha256: str, source: BinaryIO) -> ObjectRef:
        """See `ObjectStore.mend`. A new version with the strictest lock of all versions comes on top."""
        return self._put_on_top(sha256, source, VersionLock())

    def open(self, sha256: str) -> BinaryIO:
        """See `ObjectStore.open`. Reading may raise `Unavailable`."""
        found = self._require(sha256)
        stream = S3Stream(self.client, object_key(sha256), found.version, found.size)
        return io.BufferedReader(stream, _BUFFER)

    def read(self, sha256: str, start: int = 0, length: int | None = None) -> bytes:
        """See `ObjectStore.read`."""
        if start < 0 or (length is not None and length < 0):
            raise ValueError("start and length count bytes from 0")
        if length == 0:
            self._require(sha256)
            return b""
        stop = None if length is None else start + length
        return b"".join(self._read(sha256, start, stop))

    def stat(self, sha256: str) -> ObjectRef | None:
        """See `ObjectStore.stat`."""
        if not is_digest(sha256):
            return None
        key = object_key(sha256)
        found = self.client.find(key)
        if found is None:
            self._check_absence(sha256)
            return None
        return ObjectRef(key, sha256, found.size, "")

    def list(self) -> Iterator[ObjectRef]:
        """See `ObjectStore.list`."""
        for key, size in self.client.keys("objects/"):
            sha256 = key.rpartition("/")[2]
            if is_digest(sha256) and key == object_key(sha256):
                yield ObjectRef(key, sha256, size, "")

    def verify(self, sha256: str) -> None:
        """See `ObjectStore.verify`."""
        digest = hashlib.sha256()
        for piece in self._read(sha256):
            digest.update(piece)
        if digest.hexdigest() != sha256:
            raise Rejected(Code.OBJECT_DAMAGED, "the digest differs", subject=sha256)

    def retain(self, sha256: str, until: date, mode: LockMode) -> Lock:
        """See `ObjectStore.retain`. The server takes no day that is over; such a day is left out."""
        tried: list[Found] = []
        failure = Unavailable(Code.STORE_UNTRUSTED, "a lock was accepted and is not there", subject=sha256)
        while True:
            found = self._require(sha256)
            wanted = _lock(found.lock).extended(until, mode)
            if _end(wanted) <= datetime.now(UTC) or _covers(found.lock, wanted):
                return _lock(found.lock)
            # Once more if the version or its lock is another now: somebody's claim came in between, and the server
            # does not let that one be shortened or softened; the next round also reads back what this one has set.
            # The same lock again may be a claim that was under way longer: servers check first and write later.
            if tried.count(found) >= (_ACCEPTED_ROUNDS if failure.code is Code.STORE_UNTRUSTED else 1):
                raise failure
            tried.append(found)
            try:
                self._set_retention(sha256, found, wanted)
            except Unavailable as exc:
                failure = exc

    def hold(self, sha256: str, *, on: bool) -> Lock:
        """See `ObjectStore.hold`. Lifted from every version: a mended object lies on top of held ones."""
        key, found = object_key(sha256), self._require(sha256)
        for one in [found] if on else self._versions(key):
            if one.lock.held is not on:
                self.client.hold(key, one.version, on=on)
        lock = _lock(self._require(sha256).lock)
        if lock.held is not on:
            raise Unavailable(Code.STORE_UNTRUSTED, "a hold was accepted and is not there", subject=sha256)
        return lock

    def remove(self, sha256: str) -> None:
        """See `ObjectStore.remove`.

        Deletes for good the versions and delete markers that are there when it begins, the current one last: a put
        of the same bytes meanwhile makes a version that stays. No version goes while one of them is locked.
        """
        key = object_key(sha256)
        listed = [one for name, one in self.client.versions(key) if name == key]
        for one in listed:
            found = None if one.marker else self.client.find(key, one.version)
            if found and found.lock.binds(datetime.now(UTC)):
                raise Rejected(Code.OBJECT_LOCKED, "retained or held", subject=sha256)
        for one in sorted(listed, key=lambda one: one.latest):
            self._delete(key, one.version)

    def sweep_temporaries(self, older_than: timedelta) -> int:
        """See `ObjectStore.sweep_temporaries`. A killed put leaves nothing, here or on the server."""
        del older_than
        return 0

    def capabilities(self) -> Capabilities:
        """See `ObjectStore.capabilities`. Locks count as enforced once `storage.conformance` has proved them."""
        return Capabilities("s3", enforces_locks=self.proved, durable=True)

    def _put_new(self, key: str, spool: Spooled) -> None:
        _check_size(spool)
        version = self.client.put(key, spool.body, spool.md5, if_absent=True)
        if version is None and not self._is_there(key, spool):
            raise Unavailable(Code.STORE_UNAVAILABLE, "the object came and went", subject=spool.sha256)

    def _set_retention(self, sha256: str, found: Found, wanted: Lock) -> None:
        """Retain the current version; one under GOVERNANCE gets a verified copy under COMPLIANCE on top of it.

        Servers change the mode itself only for those who may also bypass GOVERNANCE, a permission that the archive's
        account is better without: whoever steals it could empty the archive.
        """
        softer = found.lock.binds_as(LockMode.GOVERNANCE, datetime.now(UTC))
        if not softer or wanted.mode is LockMode.GOVERNANCE:
            self.client.retain(object_key(sha256), found.version, _end(wanted), wanted.mode)
            return
        with self.open(sha256) as stream:
            self._put_on_top(sha256, stream, VersionLock(_end(wanted), wanted.mode, found.lock.held))

    def _put_on_top(self, sha256: str, source: BinaryIO, at_least: VersionLock) -> ObjectRef:
        key = object_key(sha256)
        with spooled(source, self._scratch) as spool:
            if spool.sha256 != sha256:
                raise Rejected(Code.OBJECT_DAMAGED, "the bytes to put have another digest", subject=sha256)
            _check_size(spool)
            lock = _strictest([at_least, *(found.lock for found in self._versions(key))])
            self.client.put(key, spool.body, spool.md5, if_absent=False, lock=lock)
            return ObjectRef(key, sha256, len(spool.body), "")

    def _is_there(self, key: str, spool: Spooled) -> bool:
        found = self.client.find(key)
        if found and found.size != len(spool.body):
            raise Rejected(Code.OBJECT_DAMAGED, "the stored object has another size", subject=spool.sha256)
        return found is not None

    def _require(self, sha256: str) -> Found:
        found = self.client.find(object_key(sha256))
        if found is None:
            self._check_absence(sha256)
            raise Rejected(Code.OBJECT_MISSING, "no such object", subject=sha256)
        return found

    def _read(self, sha256: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        try:
            yield from self.client.read(object_key(sha256), start, stop)
        except Rejected:
            self._check_absence(sha256)
            raise

    def _check_absence(self, sha256: str) -> None:
        """Hold "no such key" against the server's own list; raise Unavailable where they differ or it cannot list.

        SeaweedFS going down answers so for a moment for what it has, where versions are kept; believed, that would
        set papers aside and raise an alarm over a sound archive.
        """
        key = object_key(sha256)
        if any(name == key for name, _ in self.client.keys(key)):
            raise Unavailable(Code.STORE_UNAVAILABLE, "listed, and not found", subject=sha256)

    def _versions(self, key: str) -> Iterator[Found]:
        for name, one in self.client.versions(key):
            found = self.client.find(key, one.version) if name == key and not one.marker else None
            if found:
                yield found

    def _delete(self, key: str, version: str) -> None:
        try:
            self.client.delete(key, version)
        except HososoError as exc:
            found = self.client.find(key, version)
            if found is None:  # another remove was faster
                return
            if found.lock.binds(datetime.now(UTC)):
                raise Rejected(Code.OBJECT_LOCKED, "retained or held", subject=key.rpartition("/")[2]) from exc
            raise


def _check_size(spool: Spooled) -> None:
    if len(spool.body) > MAX_PUT:
        raise Rejected(Code.FILE_TOO_LARGE, "over 5 GiB", subject=spool.sha256)


def _lock(lock: VersionLock) -> Lock:
    """Return the lock by days: the last day is the one that the instant of its end still falls into or closes."""
    last = None if lock.until is None else (lock.until - timedelta(microseconds=1)).date()
    return Lock(last, lock.mode, lock.held)


def _end(lock: Lock) -> datetime:
    """Return the instant at which a retention ends: the midnight (UTC) after its last day."""
    day = (lock.until or date.min) + timedelta(days=1)
    return datetime.combine(day, clock.min, UTC)


def _covers(present: VersionLock, wanted: Lock) -> bool:
    return present.until is not None and present.until >= _end(wanted) and present.mode is wanted.mode


def _strictest(locks: Iterable[VersionLock]) -> VersionLock:
    """Return one lock as strict as all of those that bind today together."""
    now = datetime.now(UTC)
    strictest = VersionLock()
    for lock in locks:
        until, mode = strictest.until, strictest.mode
        if lock.until and lock.until > now:
            until = max(lock.until, until or lock.until)
            mode = LockMode.COMPLIANCE if LockMode.COMPLIANCE in {mode, lock.mode} else mode
        strictest = VersionLock(until, mode, lock.held or strictest.held)
    return strictest
