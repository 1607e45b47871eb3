"""The dozen calls of one S3 bucket that the archive needs; with another SDK only this module and the next change."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from mmap import mmap
from typing import cast

from minio.datatypes import Object
from minio.deleteobjects import DeleteObject
from minio.error import S3Error
from minio.retention import Retention
from minio.time import from_iso8601utc, to_iso8601utc
from urllib3 import BaseHTTPResponse

from dossier.errors import Code, Rejected, Unavailable
from storage.port import LockMode
from storage.s3_connection import CHUNK, USUAL, Connection, Headers, Patience, S3Settings
from storage.s3_errors import answer_code, translated

_PRESENT = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
_NO_LOCKING = frozenset({"ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration"})
_PARTIAL = 206
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_SLOWEST = 16 << 10  # bytes a second


@dataclass(frozen=True, slots=True)
class VersionLock:
    """The lock of one version: retained until an instant (None: not), how hard, and held or not."""

    until: datetime | None = None
    mode: LockMode = LockMode.GOVERNANCE
    held: bool = False

    def binds(self, now: datetime) -> bool:
        """Return whether the version may not be deleted now."""
        return self.held or (self.until is not None and self.until > now)

    def binds_as(self, mode: LockMode, now: datetime) -> bool:
        """Return whether a retention of this mode is in force now."""
        return self.mode is mode and self.until is not None and self.until > now


@dataclass(frozen=True, slots=True)
class Found:
    """One version of an object as the server tells it."""

    version: str
    size: int
    lock: VersionLock


@dataclass(frozen=True, slots=True)
class Listed:
    """One version or delete marker in the listing of a key; `stored` is when, by the server's clock."""

    version: str
    latest: bool
    marker: bool
    stored: datetime | None


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """What a bucket says about itself; `doctor` shows it.

    Attributes:
        versioning: `Enabled`, `Suspended`, or empty: never switched on.
        locking: Object lock is on.
        default_retention: What is locked without being asked, for example `COMPLIANCE 30 Days`; empty: nothing.
    """

    versioning: str
    locking: bool
    default_retention: str


class S3Client:
    """The calls of S3 that the archive needs, with errors, time limits and retries settled.

    Raises:
        Rejected: OBJECT_MISSING, with the last part of the key as subject.
        Unavailable: See `storage.s3_errors.translated`. Reads and writes that came to nothing were tried
            `patience.retries` times more.
    """

    def __init__(self, settings: S3Settings, patience: Patience = USUAL) -> None:
        self.settings = settings
        self.patience = patience
        self._bucket = settings.bucket
        self._owner = 0
        self._connected: Connection | None = None

    def find(self, key: str, version: str = "") -> Found | None:
        """Return the current version of a key, or the one asked for; None when there is none."""
        try:
            with translated():
                found = self._sdk.stat_object(self._bucket, key, version_id=version or None)
                _require_s3(found.metadata or {}, _subject(key))
                return Found(found.version_id or "", found.size or 0, _lock_of(found))
        except Rejected:
            self.facts()  # an answer without a body cannot say that it is the bucket that is missing
            return None
        except Unavailable as exc:
            if exc.code is Code.STORE_REFUSED:
                self.facts()  # nor that it is the clock that is wrong
            raise

    def read(self, key: str, start: int = 0, stop: int | None = None, version: str = "") -> Generator[bytes]:
        """Yield the bytes from `start` up to before `stop` in pieces; none when `start` lies beyond the end.

        Raises:
            Unavailable: STORE_UNAVAILABLE also when the answer is shorter than announced, is not the range asked
                for, or trickles: below 16 KiB a second once the time of silence is used up.
        """
        subject = _subject(key)
        wanted = (start, stop) if start or stop is not None else None
        last = "" if stop is None else stop - 1
        with translated(subject):
            try:
                response = self._sdk.get(self._bucket, key, f"bytes={start}-{last}" if wanted else "", version)
            except S3Error as exc:
                if answer_code(exc) == "InvalidRange":
                    return
                raise
        try:
            yield from self._drained(response, wanted, subject)
        finally:
            response.close()
            response.release_conn()

    def put(
        self, key: str, body: bytes | mmap, md5: str, *, if_absent: bool, lock: VersionLock | None = None
    ) -> str | None:
        """Store an object in one request; return its version, or None when `if_absent` and there is one already.

        Args:
            key: Name of the object.
            body: All of it; at most 5 GiB.
            md5: Its MD5 in base64, which the server compares with what came.
            if_absent: Leave an object that is there as it is.
            lock: Put on the new version in the same step, so that it is never there unlocked.
        """
        headers = _lock_headers(lock)
        headers |= {"Content-MD5": md5, "Content-Type": "application/octet-stream"}
        if if_absent:
            headers["If-None-Match"] = "*"
        with translated(_subject(key)):
            try:
                answer = self._sdk.put(self._bucket, key, body, headers)
            except S3Error as exc:
                if if_absent and answer_code(exc) in _PRESENT:
                    return None
                raise
        _require_s3(answer, _subject(key))
        return answer.get("x-amz-version-id", "")

    def keys(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield key and size of every current object below a prefix; pages of a thousand are held in memory."""
        found = self._listing(prefix, versions=False)
        while (one := _next(found)) is not None:
            yield one.object_name or "", one.size or 0

    def folders(self) -> Iterator[str]:
        """Yield what keys begin with, up to their first `/`, each once; pages of a thousand are held in memory."""
        found = cast("Iterator[Object]", self._sdk.list_objects(self._bucket, recursive=False))
        while (one := _next(found)) is not None:
            if one.is_dir:
                yield (one.object_name or "").rstrip("/")

    def versions(self, prefix: str) -> Iterator[tuple[str, Listed]]:
        """Yield every version and delete marker of every key that begins with a prefix, with its key."""
        found = self._listing(prefix, versions=True)
        while (one := _next(found)) is not None:
            latest = (one.is_latest or "").lower() == "true"
            yield one.object_name or "", Listed(one.version_id or "", latest, one.is_delete_marker, one.last_modified)

    def delete(self, key: str, version: str) -> None:
        """Delete one version for good, never past a lock; an empty version deletes as the bucket's kind says."""
        with translated(_subject(key)):
            self._sdk.remove_object(self._bucket, key, version or None)

    def delete_in_bulk(self, key: str, version: str) -> bool:
        """Ask for one version's deletion by the call for many; return whether the server did it."""
        with translated(_subject(key)):
            return not list(self._sdk.remove_objects(self._bucket, [DeleteObject(key, version)]))

    def retain(self, key: str, version: str, until: datetime, mode: LockMode) -> None:
        """Set the retention of a version; the server refuses what would shorten or soften it."""
        with translated(_subject(key)):
            self._sdk.set_object_retention(self._bucket, key, Retention(mode.value.upper(), until), version or None)

    def hold(self, key: str, version: str, *, on: bool) -> None:
        """Put a version on hold or lift the hold."""
        with translated(_subject(key)):
            change = self._sdk.enable_object_legal_hold if on else self._sdk.disable_object_legal_hold
            change(self._bucket, key, version or None)

    def facts(self) -> BucketFacts:
        """Return what the bucket says about itself; also the way to ask why a request was refused."""
        with translated():
            versioning = self._sdk.get_bucket_versioning(self._bucket).status
            status = "" if versioning in {None, "Off"} else str(versioning)
            try:
                config = self._sdk.get_object_lock_config(self._bucket)
            except S3Error as exc:
                if answer_code(exc) not in _NO_LOCKING:
                    raise
                return BucketFacts(status, locking=False, default_retention="")
        default = f"{config.mode} {config.duration} {config.duration_unit}" if config.mode else ""
        return BucketFacts(status, locking=True, default_retention=default)

    @property
    def _sdk(self) -> Connection:
        # A connection that two processes talk over after a fork gives one the answers of the other.
        if self._connected is None or self._owner != os.getpid():
            self._connected, self._owner = Connection(self.settings, self.patience), os.getpid()
        return self._connected

    def _listing(self, prefix: str, *, versions: bool) -> Iterator[Object]:
        found = self._sdk.list_objects(self._bucket, prefix=prefix, recursive=True, include_version=versions)
        return cast("Iterator[Object]", found)

    def _drained(
        self, response: BaseHTTPResponse, wanted: tuple[int, int | None] | None, subject: str
    ) -> Iterator[bytes]:
        expected, got = _announced(response, wanted, subject), 0
        begun = time.monotonic()
        while got < expected:
            with translated(subject):
                piece = response.read1(min(CHUNK, expected - got))  # one receive: `read` would wait for all of it
            if not piece:
                raise Unavailable(Code.STORE_UNAVAILABLE, "the answer was cut short", subject=subject)
            got += len(piece)
            if time.monotonic() - begun > self.patience.read + got / _SLOWEST:
                raise Unavailable(Code.STORE_UNAVAILABLE, "the answer trickles", subject=subject)
            yield piece


def _announced(response: BaseHTTPResponse, wanted: tuple[int, int | None] | None, subject: str) -> int:
    """Return how many bytes must come, from the headers of the answer, which must be the answer to what was asked."""
    _require_s3(response.headers, subject)
    length = response.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise Unavailable(Code.STORE_UNAVAILABLE, "an answer without length", subject=subject)
    if wanted is not None:
        start, stop = wanted
        given = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        first, last, total = map(int, given.groups()) if given else (-1, -1, -1)
        end = total if stop is None else min(stop, total)
        if response.status != _PARTIAL or (first, last + 1, int(length)) != (start, end, end - start):
            raise Unavailable(Code.STORE_UNAVAILABLE, "another range than asked for", subject=subject)
    return int(length)


def _require_s3(headers: Mapping[str, str], subject: str) -> None:
    """Tell an answer of the store from that of something on the way that also says 200, such as a login page."""
    if not headers.get("x-amz-request-id") or not headers.get("etag"):
        raise Unavailable(Code.STORE_UNAVAILABLE, "an answer that is not of an S3 server", subject=subject)


def _next(found: Iterator[Object]) -> Object | None:
    with translated():
        return next(found, None)


def _subject(key: str) -> str:
    return key.rpartition("/")[2]


def _lock_of(found: Object) -> VersionLock:
    headers = found.metadata or {}
    mode = headers.get("x-amz-object-lock-mode", "").lower()
    until = from_iso8601utc(headers.get("x-amz-object-lock-retain-until-date"))
    held = headers.get("x-amz-object-lock-legal-hold", "") == "ON"
    return VersionLock(until, LockMode(mode) if mode else LockMode.GOVERNANCE, held)


def _lock_headers(lock: VersionLock | None) -> Headers:
    headers: Headers = {}
    if lock and lock.until and lock.until > datetime.now(UTC):
        headers["x-amz-object-lock-mode"] = lock.mode.value.upper()
        headers["x-amz-object-lock-retain-until-date"] = to_iso8601utc(lock.until) or ""
    if lock and lock.held:
        headers["x-amz-object-lock-legal-hold"] = "ON"
    return headers
