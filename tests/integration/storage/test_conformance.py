"""A bucket is trusted only after it has proved that it keeps locks, and a holding area only if it forgets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from minio.commonconfig import ENABLED, GOVERNANCE
from minio.objectlockconfig import DAYS, ObjectLockConfig
from minio.versioningconfig import VersioningConfig

from dossier.errors import Code, Rejected, Unavailable
from storage import put_bytes
from storage.conformance import prove_holding, prove_locks, remove_probes
from storage.s3 import S3ObjectStore
from storage.s3_client import BucketFacts, S3Client, VersionLock
from storage.s3_connection import Patience, S3Settings
from tests.servers.proxy import FaultProxy, Reply
from tests.servers.s3 import S3Server

pytestmark = pytest.mark.server
NO_BYTES = "1B2M2Y8AsgTpgAmY7PhCfg=="  # MD5
HASTY = Patience(connect=2, read=2, retries=0)
NOTHING = "x-amz-request-id: 1\r\netag: 1\r\nx-amz-version-id: 1\r\n"
DELETED = b'<?xml version="1.0"?><DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></DeleteResult>'


@pytest.fixture
def locked(s3_server: S3Server) -> S3Settings:
    """A bucket with versioning and object lock."""
    return s3_server.make_bucket(locked=True)


@pytest.fixture
def proxy(s3_server: S3Server) -> Iterator[FaultProxy]:
    """A server that can be made to lie."""
    with FaultProxy(s3_server.port) as proxy:
        yield proxy


def refused(settings: S3Settings, tmp_path: Path) -> str:
    """Return for what a bucket is refused; it is not trusted then."""
    store = S3ObjectStore(settings, tmp_path, HASTY)
    with pytest.raises(Rejected) as told:
        prove_locks(store)
    assert told.value.code is Code.STORE_UNTRUSTED
    assert store.capabilities().enforces_locks is False
    return told.value.detail


def test_a_real_server_is_trusted(locked: S3Settings, tmp_path: Path) -> None:
    """A server with object lock keeps every promise; the archive's own objects are not touched by the proof."""
    store = S3ObjectStore(locked, tmp_path)
    ref = put_bytes(store, b"there before", "")
    assert store.capabilities().enforces_locks is False
    assert prove_locks(store) == BucketFacts("Enabled", locking=True, default_retention="")
    assert store.capabilities().enforces_locks is True
    assert [found.sha256 for found in store.list()] == [ref.sha256]


def test_probes_go_when_their_lock_has_run_out(locked: S3Settings, tmp_path: Path) -> None:
    """A later proof removes what earlier ones left, as soon as the server lets it."""
    store = S3ObjectStore(locked, tmp_path)
    prove_locks(store, timedelta(seconds=4))
    left = len(list(store.client.versions("probe/")))
    assert left > 0
    deadline = time.monotonic() + 20
    while list(store.client.versions("probe/")) and time.monotonic() < deadline:
        remove_probes(store.client, timedelta())
        time.sleep(0.5)
    assert list(store.client.versions("probe/")) == []


def test_a_proof_leaves_alone_what_is_young(locked: S3Settings, tmp_path: Path) -> None:
    """What another host put there a moment ago, not locked yet, is its own; only what is old goes."""
    client = S3ObjectStore(locked, tmp_path).client
    for name in ("first", "second"):
        client.put(f"probe/{name}", b"", NO_BYTES, if_absent=True)
        time.sleep(1.1)  # the listing tells whole seconds on some servers
    assert remove_probes(client) == 0
    assert remove_probes(client, timedelta(seconds=1)) == 1
    assert [key for key, _ in client.versions("probe/")] == ["probe/second"]


def test_hosts_prove_the_same_bucket_at_once(locked: S3Settings, tmp_path: Path) -> None:
    """After a power cut every host starts at the same moment: none of them disturbs another's proof."""

    def prove(number: int) -> BucketFacts:
        return prove_locks(S3ObjectStore(locked, tmp_path / str(number)))

    with ThreadPoolExecutor(4) as hosts:
        assert len(list(hosts.map(prove, range(12)))) == 12


def test_a_lost_answer_is_no_lie(locked: S3Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A put whose answer was lost on the way is said again, and the server then finds the object there already."""
    put = S3Client.put

    def said_again(
        client: S3Client, key: str, body: bytes, md5: str, *, if_absent: bool, lock: VersionLock | None = None
    ) -> str | None:
        if if_absent:
            put(client, key, body, md5, if_absent=True, lock=lock)
        return put(client, key, body, md5, if_absent=if_absent, lock=lock)

    monkeypatch.setattr(S3Client, "put", said_again)
    store = S3ObjectStore(locked, tmp_path)
    prove_locks(store)
    assert store.capabilities().enforces_locks is True


def test_a_bucket_without_lock_is_refused(s3_server: S3Server, tmp_path: Path) -> None:
    """Neither a plain bucket nor one with versions alone is write-once."""
    settings = s3_server.make_bucket(locked=False)
    assert refused(settings, tmp_path) == "object lock is off"
    s3_server.sdk().set_bucket_versioning(settings.bucket, VersioningConfig(ENABLED))
    assert refused(settings, tmp_path) == "object lock is off"


def test_a_bucket_with_default_retention_is_refused(s3_server: S3Server, locked: S3Settings, tmp_path: Path) -> None:
    """A lock that comes unasked would keep what is not archived, for example a page stopped as secret."""
    s3_server.sdk().set_object_lock_config(locked.bucket, ObjectLockConfig(GOVERNANCE, 1, DAYS))
    assert "default retention" in refused(locked, tmp_path)


LIES = {
    "versioning is off": Reply(200, r"GET .*versioning", 9, b"<VersioningConfiguration/>", NOTHING),
    "a lock is not told as it was set": Reply(200, r"PUT .*retention", 9, b"", NOTHING),
    "a version locked in GOVERNANCE could be deleted": Reply(204, r"DELETE .*versionId", 9, b"", NOTHING),
    "a version locked in GOVERNANCE could be deleted in bulk": Reply(200, r"POST .*delete", 9, DELETED, NOTHING),
    "a put that must not replace has replaced": Reply(200, r"(?is)PUT .*if-none-match", 9, b"", NOTHING),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_server_is_found_out(locked: S3Settings, tmp_path: Path, proxy: FaultProxy, lie: str) -> None:
    """A server that says yes to everything is refused, and for the right reason."""
    proxy.reply(replace(LIES[lie]))
    settings = replace(locked, endpoint=f"http://127.0.0.1:{proxy.port}")
    assert refused(settings, tmp_path) == lie


@pytest.mark.parametrize(
    ("mode", "done", "skipped"),
    [("GOVERNANCE", "shortened", 1), ("COMPLIANCE", "shortened", 3), ("COMPLIANCE", "softened", 4)],
)
def test_a_server_that_lets_locks_loose_is_found_out(
    locked: S3Settings, tmp_path: Path, proxy: FaultProxy, *, mode: str, done: str, skipped: int
) -> None:
    """A server that sets the first lock in earnest and then accepts a weaker one is refused."""
    proxy.let_pass(skipped, r"PUT .*retention")
    proxy.reply(Reply(200, r"PUT .*retention", 9, b"", NOTHING))
    settings = replace(locked, endpoint=f"http://127.0.0.1:{proxy.port}")
    assert refused(settings, tmp_path) == f"a version locked in {mode} could be {done}"


def test_a_server_that_is_away_proves_nothing(locked: S3Settings, tmp_path: Path, proxy: FaultProxy) -> None:
    """Trouble on the way is neither proof nor refusal: the proof is made again later."""
    store = S3ObjectStore(replace(locked, endpoint=f"http://127.0.0.1:{proxy.port}"), tmp_path, HASTY)
    # Deletions first: once there are probes, a proof begins by trying to remove them, come what may.
    for request in (r"DELETE .*versionId", r"POST .*delete", r"PUT .*retention", r"GET .*versioning"):
        proxy.reply(Reply(503, request, times=1))
        with pytest.raises(Unavailable) as told:
            prove_locks(store)
        assert told.value.code is Code.STORE_UNAVAILABLE
        assert store.capabilities().enforces_locks is False
    proxy.forward()
    prove_locks(store)


def test_a_holding_area_must_forget(s3_server: S3Server, locked: S3Settings) -> None:
    """A plain bucket may hold what is not cleared yet; one with versions, now or once, or with locks may not."""
    plain = s3_server.make_bucket(locked=False)
    assert prove_holding(S3Client(plain)) == BucketFacts("", locking=False, default_retention="")
    assert list(S3Client(plain).versions("probe/")) == []
    for status in (ENABLED, "Suspended"):
        s3_server.sdk().set_bucket_versioning(plain.bucket, VersioningConfig(status))
        with pytest.raises(Unavailable) as told:
            prove_holding(S3Client(plain))
        assert told.value.code is Code.HOLDING_UNFIT
    with pytest.raises(Unavailable, match="object lock is on"):
        prove_holding(S3Client(locked))


def test_a_holding_area_that_keeps_is_found_out(s3_server: S3Server, proxy: FaultProxy) -> None:
    """A server that says deleted and keeps the object is refused."""
    plain = replace(s3_server.make_bucket(locked=False), endpoint=f"http://127.0.0.1:{proxy.port}")
    proxy.reply(Reply(204, "DELETE ", 9, b"", NOTHING))
    with pytest.raises(Unavailable, match="a deleted object is still there"):
        prove_holding(S3Client(plain, HASTY))
