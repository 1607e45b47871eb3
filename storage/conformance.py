"""Proofs on throw-away objects that a bucket keeps what the archive builds on, before it is trusted.

Object lock is the part of S3 that servers get wrong: some accept a lock and delete the object all the same. So
nothing is believed that can be tried out. Probe objects lie below `probe/`, never beside the archive's; once their
short lock has run out, the next proof removes them.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from dossier.errors import Code, HososoError, Rejected, Unavailable
from storage.port import LockMode
from storage.s3 import S3ObjectStore
from storage.s3_client import BucketFacts, S3Client, VersionLock

_PREFIX = "probe/"
_LOCKED_FOR = timedelta(minutes=20)  # longer than clocks may differ before a server refuses every request
_LESS = timedelta(seconds=1)
# What servers call a refusal beside AccessDenied; a status or a network error is none.
_REFUSALS = {"InvalidRequest", "InvalidRetentionPeriod", "ObjectLocked", "MethodNotAllowed", "InvalidArgument"}
_FIRST, _SECOND = b"a locked version", b"written over it"


def prove_locks(store: S3ObjectStore, locked_for: timedelta = _LOCKED_FOR) -> BucketFacts:
    """Prove that the bucket of a store keeps locked versions, and return what the bucket says about itself.

    On success the store's `capabilities()` tell that locks are enforced. Takes about forty requests.

    Args:
        store: The store; it need not be empty.
        locked_for: How long the probe objects stay; less than what the clocks differ proves nothing.

    Raises:
        Rejected: STORE_UNTRUSTED, with what failed.
        Unavailable: The bucket cannot be reached, is missing or refuses the account: nothing is proved.
    """
    client = store.client
    facts = client.facts()
    _require(facts.locking, "object lock is off")
    _require(facts.versioning == "Enabled", "versioning is off")
    _require(not facts.default_retention, "a default retention would lock what is not archived yet")
    _prove_checks(client)
    remove_probes(client)
    for mode in LockMode:
        _Probe(client, mode, datetime.now(UTC) + locked_for).prove()
    store.proved = True
    return facts


def prove_holding(client: S3Client) -> BucketFacts:
    """Prove that a bucket forgets what is deleted, so that nothing marked secret survives there.

    Raises:
        Unavailable(HOLDING_UNFIT): It has versioning or object lock, or a deleted object can still be found.
        Unavailable: The bucket cannot be reached, is missing or refuses the account: nothing is proved.
    """
    facts = client.facts()
    _require_forgetful(not facts.locking, "object lock is on")
    _require_forgetful(not facts.versioning, "versioning is on")
    key = _new_key()
    for body in (_FIRST, _SECOND):
        client.put(key, body, _md5(body), if_absent=False)
    client.delete(key, "")
    _require_forgetful(client.find(key) is None, "a deleted object is still there")
    _require_forgetful(not list(client.versions(key)), "a deleted object left a version behind")
    return facts


def remove_probes(client: S3Client, age: timedelta = _LOCKED_FOR) -> int:
    """Remove what earlier proofs left, where its lock has run out; return how many versions.

    Another host may be proving the same bucket: its objects are not locked at every moment, and a server that seems
    to lose one would be refused for it. So only what is older than the newest probe by `age` goes, by the server's
    own clock.
    """
    found = list(client.versions(_PREFIX))
    newest = max((one.stored for _, one in found if one.stored), default=None)
    removed = 0
    for key, one in found:
        if newest is None or one.stored is None or newest - one.stored < age:
            continue
        with suppress(HososoError):  # locked still, or another proof was faster: the next one comes by again
            client.delete(key, one.version)
            removed += 1
    return removed


class _Probe:
    """One throw-away object under one kind of lock, and the attempts to get it out from under it."""

    def __init__(self, client: S3Client, mode: LockMode, until: datetime) -> None:
        self._client, self._mode = client, mode
        self._key = _new_key()
        self._until = until.replace(microsecond=0)
        version = client.put(self._key, _FIRST, _md5(_FIRST), if_absent=True)
        if version is None:  # the answer to the first put was lost and it was said again: nobody else knows the key
            found = client.find(self._key)
            version = found.version if found else ""
        _require(bool(version), "a put tells no version")
        self._version = version

    def prove(self) -> None:
        """Lock the object and try everything that a lock must withstand."""
        client, key, version = self._client, self._key, self._version
        client.retain(key, version, self._until, self._mode)
        self._require_locked("a lock is not told as it was set")
        self._refused("shortened", lambda: client.retain(key, version, self._until - _LESS, self._mode))
        if self._mode is LockMode.COMPLIANCE:
            softer = self._until + _LESS
            self._refused("softened", lambda: client.retain(key, version, softer, LockMode.GOVERNANCE))
        self._refused("deleted", lambda: client.delete(key, version))
        _require(not client.delete_in_bulk(key, version), self._could_be("deleted in bulk"))
        self._require_whole("gone after refused deletions")
        client.put(key, _SECOND, _md5(_SECOND), if_absent=False)
        self._require_whole("gone after another version was written over it")
        client.delete(key, "")
        self._require_whole("gone after a deletion that names no version")
        self._require_locked("a lock changed by what was refused")
        self._prove_hold()

    def _prove_hold(self) -> None:
        """A lock that is put on in the same step as the object, and a hold, which has no end."""
        lock = VersionLock(self._until, self._mode, held=True)
        held = self._client.put(self._key, _FIRST, _md5(_FIRST), if_absent=False, lock=lock) or ""
        found = self._client.find(self._key, held)
        _require(found is not None and found.lock == lock, "a lock set together with the object is not told")
        self._refused("deleted while held", lambda: self._client.delete(self._key, held))
        self._client.hold(self._key, held, on=False)

    def _refused(self, done: str, attempt: Callable[[], None]) -> None:
        try:
            attempt()
        except Unavailable as exc:
            if exc.code is Code.STORE_REFUSED or exc.detail in _REFUSALS:
                return
            raise
        raise Rejected(Code.STORE_UNTRUSTED, self._could_be(done))

    def _could_be(self, done: str) -> str:
        return f"a version locked in {self._mode.value.upper()} could be {done}"

    def _require_locked(self, otherwise: str) -> None:
        found = self._client.find(self._key, self._version)
        _require(found is not None and found.lock == VersionLock(self._until, self._mode), otherwise)

    def _require_whole(self, otherwise: str) -> None:
        with suppress(Rejected):
            if b"".join(self._client.read(self._key, version=self._version)) == _FIRST:
                return
        raise Rejected(Code.STORE_UNTRUSTED, f"a version locked in {self._mode.value.upper()} is {otherwise}")


def _prove_checks(client: S3Client) -> None:
    """Bytes that are not those announced must be refused, and a conditional put must keep its condition."""
    key = _new_key()
    with suppress(Unavailable):
        client.put(key, _FIRST, _md5(_SECOND), if_absent=False)
        raise Rejected(Code.STORE_UNTRUSTED, "bytes with a wrong checksum were stored")
    _require(client.find(key) is None, "bytes with a wrong checksum are there")
    client.put(key, _FIRST, _md5(_FIRST), if_absent=True)
    again = client.put(key, _SECOND, _md5(_SECOND), if_absent=True)
    _require(again is None, "a put that must not replace has replaced")


def _require(kept: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not kept:
        raise Rejected(Code.STORE_UNTRUSTED, otherwise)


def _require_forgetful(forgets: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not forgets:
        raise Unavailable(Code.HOLDING_UNFIT, otherwise)


def _new_key() -> str:
    return f"{_PREFIX}{uuid.uuid4().hex}"


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
