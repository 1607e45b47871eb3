"""Whatever goes wrong between the archive and a real S3 server: it waits or refuses, and never keeps half a write."""

from __future__ import annotations

import io
import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import minio.time
import pytest

from dossier.digest import of_bytes
from dossier.errors import Code, Rejected, Unavailable
from storage import LockMode, ObjectStore, put_bytes
from storage.keys import object_key
from storage.s3 import S3ObjectStore
from storage.s3_connection import Patience, S3Settings
from tests.servers.proxy import FaultProxy, Reply
from tests.servers.seaweed import READER, Seaweed

pytestmark = pytest.mark.server
HASTY = Patience(connect=1, read=1, retries=0)
PAGE = bytes(range(256)) * 8192  # 2 MiB
DIGEST = of_bytes(PAGE)
GENUINE = "x-amz-request-id: 1\r\netag: 1\r\n"
CALLS: dict[str, Callable[[ObjectStore], object]] = {
    "put": lambda store: put_bytes(store, b"another page", ""),
    "mend": lambda store: store.mend(DIGEST, io.BytesIO(PAGE)),
    "open": lambda store: store.open(DIGEST).read(9),
    "read": lambda store: store.read(DIGEST, 5, 9),
    "stat": lambda store: store.stat(DIGEST),
    "list": lambda store: list(store.list()),
    "verify": lambda store: store.verify(DIGEST),
    "retain": lambda store: store.retain(DIGEST, date(2099, 1, 1), LockMode.GOVERNANCE),
    "hold": lambda store: store.hold(DIGEST, on=True),
    "remove": lambda store: store.remove(DIGEST),
}


@pytest.fixture
def settings(seaweed: Seaweed) -> S3Settings:
    """A bucket of one's own with one page in it."""
    return seaweed.make_bucket(locked=True)


@pytest.fixture
def direct(settings: S3Settings, tmp_path: Path) -> S3ObjectStore:
    """The store with nothing in the way."""
    store = S3ObjectStore(settings, tmp_path / "direct")
    put_bytes(store, PAGE, "image/png")
    return store


@pytest.fixture
def proxy(seaweed: Seaweed) -> Iterator[FaultProxy]:
    """The way to the server."""
    with FaultProxy(seaweed.port) as proxy:
        yield proxy


@pytest.fixture
def store(direct: S3ObjectStore, proxy: FaultProxy, tmp_path: Path) -> S3ObjectStore:
    """The same store over the way that faults are put on."""
    return over(direct.client.settings, proxy, tmp_path)


def over(settings: S3Settings, proxy: FaultProxy, tmp_path: Path, patience: Patience = HASTY) -> S3ObjectStore:
    """Return a store that reaches its server through the proxy."""
    endpoint = f"http://127.0.0.1:{proxy.port}"
    return S3ObjectStore(replace(settings, endpoint=endpoint), tmp_path / "scratch", patience)


def recovered(call: Callable[[ObjectStore], object], store: ObjectStore) -> object:
    """Return what a call gives, tried again for a while as a work item is: on a busy machine a hasty call may fail."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(Unavailable):
            return call(store)
    return call(store)


WRONG = {
    "secret": (lambda settings: replace(settings, secret_key="x" * 32), Code.STORE_REFUSED),
    "account": (lambda settings: replace(settings, access_key="nobody"), Code.STORE_REFUSED),
    "bucket": (lambda settings: replace(settings, bucket="no-such-bucket"), Code.BUCKET_MISSING),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_settings_are_told_by_every_call(direct: S3ObjectStore, tmp_path: Path, wrong: str) -> None:
    """What a person has to set right is named, by every call, and nothing is taken for missing or shown in secret."""
    change, code = WRONG[wrong]
    settings = change(direct.client.settings)
    store = S3ObjectStore(settings, tmp_path, HASTY)
    for call in CALLS.values():
        with pytest.raises(Unavailable) as told:
            call(store)
        assert told.value.code is code
        assert settings.secret_key not in f"{told.value!r} {told.value.__cause__!r} {settings!r} {store.client!r}"
    assert [ref.sha256 for ref in direct.list()] == [DIGEST]


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_wrong_clock_is_told_by_every_call(
    direct: S3ObjectStore, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """A clock that is hours off is called by its name, also where the server's answer has no body."""
    monkeypatch.setattr(minio.time, "utcnow", lambda: datetime.now(UTC) + timedelta(hours=hours))
    for call in CALLS.values():
        with pytest.raises(Unavailable) as told:
            call(direct)
        assert told.value.code is Code.CLOCK_SKEW


def test_an_account_that_may_only_read(direct: S3ObjectStore, tmp_path: Path) -> None:
    """Reading goes on without the right to write; writing is refused and changes nothing."""
    access_key, secret_key = READER
    settings = replace(direct.client.settings, access_key=access_key, secret_key=secret_key)
    reader = S3ObjectStore(settings, tmp_path, HASTY)
    reader.verify(DIGEST)
    for name in ("put", "mend", "retain", "hold", "remove"):
        with pytest.raises(Unavailable) as told:
            CALLS[name](reader)
        assert told.value.code is Code.STORE_REFUSED
    assert [ref.sha256 for ref in direct.list()] == [DIGEST]


@pytest.mark.parametrize("fault", ["cut", "silent", "500", "503", "login page"])
def test_an_unreachable_store_is_told_by_every_call(store: S3ObjectStore, proxy: FaultProxy, fault: str) -> None:
    """Nobody there, nobody answers, or errors: every call says so soon, and works again afterwards."""
    faults: dict[str, Callable[[], None]] = {
        "cut": proxy.cut,
        "silent": proxy.silence,
        "500": lambda: proxy.reply(Reply(500, times=99)),
        "503": lambda: proxy.reply(Reply(503, times=99)),
        "login page": lambda: proxy.reply(Reply(200, times=99, body=b"<html>who are you?</html>")),
    }
    faults[fault]()
    begun = time.monotonic()

    def told(call: Callable[[ObjectStore], object]) -> Code:
        with pytest.raises(Unavailable) as told:
            call(store)
        return told.value.code

    with ThreadPoolExecutor(len(CALLS)) as pool:
        answers = set(pool.map(told, CALLS.values()))
    assert answers == {Code.STORE_UNAVAILABLE}
    assert time.monotonic() - begun < 10
    proxy.forward()
    for call in CALLS.values():
        if call is not CALLS["remove"]:  # retained by now
            recovered(call, store)


def test_a_short_trouble_is_not_told(direct: S3ObjectStore, proxy: FaultProxy, tmp_path: Path) -> None:
    """Two failures in a row are tried away quietly."""
    store = over(direct.client.settings, proxy, tmp_path, Patience(connect=1, read=1, retries=2))
    for name in ("put", "read", "stat", "list", "retain", "hold"):
        proxy.reply(Reply(500), Reply(503))
        CALLS[name](store)
    assert len(proxy.requests) >= 18


@pytest.mark.parametrize("ending", ["truncate", "reset"])
@pytest.mark.parametrize("passed", [0, 100, 20_000, 1_000_000])
def test_an_answer_cut_short_is_never_taken_for_whole(
    store: S3ObjectStore, proxy: FaultProxy, ending: str, passed: int
) -> None:
    """Wherever an answer breaks off: no short bytes, no damage reported where there is none."""
    (proxy.truncate if ending == "truncate" else proxy.reset)(passed)
    for call in (
        lambda: store.read(DIGEST),
        lambda: store.read(DIGEST, 7, 1_500_000),
        lambda: store.open(DIGEST).read(),
        lambda: store.verify(DIGEST),
    ):
        with pytest.raises(Unavailable) as told:
            call()
        assert told.value.code is Code.STORE_UNAVAILABLE
    proxy.forward()
    assert recovered(lambda store: store.read(DIGEST), store) == PAGE


def test_an_answer_to_something_else_is_not_taken(store: S3ObjectStore, proxy: FaultProxy) -> None:
    """A server that answers a range with other bytes is not believed."""
    proxy.reply(Reply(200, request="(?i)range: bytes=5-13", body=b"123456789", headers=GENUINE))
    with pytest.raises(Unavailable) as told:
        store.read(DIGEST, 5, 9)
    assert told.value.detail == "another range than asked for"
    assert store.read(DIGEST, 5, 9) == PAGE[5:14]


def test_an_absence_that_the_list_contradicts_is_not_believed(store: S3ObjectStore, proxy: FaultProxy) -> None:
    """A SeaweedFS that is going down says "no such key" for what it has: nobody must take papers for lost then."""
    body = b"<Error><Code>NoSuchKey</Code><Message>on purpose</Message></Error>"
    proxy.reply(Reply(404, request="^(HEAD|GET) /[^?]*/objects/", times=4, body=body))
    for ask in (store.stat, store.read, store.verify, store.open):
        with pytest.raises(Unavailable) as told:
            ask(DIGEST)
        assert (told.value.code, told.value.detail) == (Code.STORE_UNAVAILABLE, "listed, and not found")
    assert store.read(DIGEST) == PAGE


def test_an_absence_is_not_believed_while_nothing_can_be_listed(store: S3ObjectStore, proxy: FaultProxy) -> None:
    """It takes the whole server to say that something is not there."""
    proxy.reply(Reply(404, request="^HEAD /[^?]*/objects/"), Reply(500, request="^GET /[^/?]*/?[?].*prefix=", times=9))
    with pytest.raises(Unavailable):
        store.stat("0" * 64)
    proxy.forward()
    assert store.stat("0" * 64) is None


def test_a_trickle_ends(direct: S3ObjectStore, proxy: FaultProxy, tmp_path: Path) -> None:
    """A slow answer is waited for; one that trickles on for ever, never silent for long, is given up."""
    store = over(direct.client.settings, proxy, tmp_path)
    proxy.slow(2_000_000)
    assert store.read(DIGEST) == PAGE
    proxy.slow(4_000)
    begun = time.monotonic()
    with pytest.raises(Unavailable) as told:
        store.verify(DIGEST)
    assert told.value.detail == "the answer trickles"
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("end", ["cut", "silent"])
def test_a_put_that_breaks_off_leaves_nothing(
    store: S3ObjectStore, direct: S3ObjectStore, proxy: FaultProxy, end: str
) -> None:
    """Half of the bytes on the server are no object; the next put begins anew."""
    page = os.urandom(2_000_000)
    proxy.slow(2_000_000)
    threading.Timer(0.4, proxy.cut if end == "cut" else proxy.silence).start()
    with pytest.raises(Unavailable) as told:
        put_bytes(store, page, "")
    assert told.value.code is Code.STORE_UNAVAILABLE
    assert direct.stat(of_bytes(page)) is None
    assert list(direct.client.versions(f"objects/{of_bytes(page)[:2]}")) == []
    proxy.forward()
    recovered(lambda store: put_bytes(store, page, ""), store)
    direct.verify(of_bytes(page))


def test_a_lost_answer_is_no_second_object(direct: S3ObjectStore, proxy: FaultProxy, tmp_path: Path) -> None:
    """A put that was carried out although its answer was lost is found by the next try."""
    store = over(direct.client.settings, proxy, tmp_path)
    proxy.reset(0)
    for _ in range(3):
        with pytest.raises(Unavailable):
            store.put(io.BytesIO(b"one page"), "")
    proxy.forward()
    recovered(lambda store: put_bytes(store, b"one page", ""), store)
    key = object_key(of_bytes(b"one page"))
    assert [name for name, _ in direct.client.versions(key)] == [key]


CHILD = """
import sys
from pathlib import Path
from storage.keys import object_key
from storage.s3 import S3ObjectStore
from storage.s3_connection import S3Settings
endpoint, bucket, access, scratch = sys.argv[1:]
store = S3ObjectStore(S3Settings(endpoint, bucket, "us-east-1", access, sys.stdin.readline().strip()), Path(scratch))
print("begins", flush=True)
store.put(open("/dev/stdin", "rb"), "")
"""


def test_a_killed_uploader_leaves_nothing(
    store: S3ObjectStore, direct: S3ObjectStore, proxy: FaultProxy, tmp_path: Path
) -> None:
    """After kill -9 in the middle of a put neither the server nor the scratch folder has any of it."""
    settings, scratch, page = store.client.settings, tmp_path / "child", os.urandom(4_000_000)
    proxy.slow(1_000_000)
    arguments = [settings.endpoint, settings.bucket, settings.access_key, str(scratch)]
    command = [sys.executable, "-c", CHILD, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd()) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{settings.secret_key}\n".encode())
        child.stdin.flush()
        assert child.stdout.readline() == b"begins\n"
        with suppress(BrokenPipeError):
            child.stdin.write(page)
            child.stdin.close()
        time.sleep(0.6)
        assert child.poll() is None
        child.kill()
    assert list(scratch.iterdir()) == []
    assert direct.stat(of_bytes(page)) is None
    assert direct.sweep_temporaries(timedelta(0)) == 0


def test_kill_and_pause_of_the_server(tmp_path: Path) -> None:
    """Of a server killed in the middle of puts, and frozen: what was acknowledged is there, the rest is told."""
    with Seaweed() as server:
        settings = server.make_bucket(locked=True)
        hasty, patient = S3ObjectStore(settings, tmp_path, HASTY), S3ObjectStore(settings, tmp_path)
        pages = [os.urandom(50_000) for _ in range(200)]
        done = itertools.count(1)

        def put(page: bytes) -> bool:
            with suppress(Unavailable):
                put_bytes(hasty, page, "")
                if next(done) == 40:
                    server.kill()
                return True
            return False

        with ThreadPoolExecutor(4) as pool:
            kept = list(pool.map(put, pages))
        assert 40 <= sum(kept) < len(pages)
        server.start()
        present = {ref.sha256 for ref in patient.list()}
        for digest in present:
            patient.verify(digest)
        assert {of_bytes(page) for page, acknowledged in zip(pages, kept, strict=True) if acknowledged} <= present
        server.pause()
        assert not put(b"while frozen")
        server.resume()
        for page in [*pages, b"while frozen"]:
            patient.verify(put_bytes(patient, page, "").sha256)


def test_a_full_server_refuses_whole_objects(tmp_path: Path) -> None:
    """A server without room says so, keeps what it has whole, and shows nothing of what it did not take."""
    with Seaweed(volumes=3, megabytes=1) as server:
        store = S3ObjectStore(server.make_bucket(locked=True), tmp_path, Patience(retries=0))
        kept: list[str] = []
        with pytest.raises(Unavailable) as told:
            kept.extend(put_bytes(store, os.urandom(1 << 20), "").sha256 for _ in range(40))
        assert told.value.code in {Code.STORE_UNAVAILABLE, Code.DISK_FULL}
        present = [ref.sha256 for ref in store.list()]
        assert 0 < len(present) < 40
        for digest in present:
            store.verify(digest)


def test_a_put_beside_a_removal_survives(direct: S3ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A removal takes the versions that were there when it began; what somebody puts meanwhile stays."""
    delete = direct.client.delete

    def delete_late(key: str, version: str) -> None:
        direct.mend(DIGEST, io.BytesIO(PAGE))
        delete(key, version)

    monkeypatch.setattr(direct.client, "delete", delete_late)
    direct.remove(DIGEST)
    direct.verify(DIGEST)
    monkeypatch.undo()
    direct.remove(DIGEST)
    assert list(direct.client.versions("objects/")) == []


def test_a_foreign_delete_marker_is_mended_and_removed(direct: S3ObjectStore) -> None:
    """Somebody's deletion hides an object: it is missing, can be put back under its lock, and goes without trace."""
    direct.hold(DIGEST, on=True)
    direct.client.delete(object_key(DIGEST), "")
    assert direct.stat(DIGEST) is None
    direct.mend(DIGEST, io.BytesIO(PAGE))
    with pytest.raises(Rejected) as told:
        direct.remove(DIGEST)
    assert told.value.code is Code.OBJECT_LOCKED
    direct.hold(DIGEST, on=False)
    direct.remove(DIGEST)
    assert list(direct.client.versions("objects/")) == []


def test_claims_that_meet_are_all_kept(direct: S3ObjectStore) -> None:
    """However retentions of several dossiers interleave, the latest day and the strictest mode are in force."""
    claims = [(date(2040 + year, 1, 1), mode) for year in range(6) for mode in LockMode]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda claim: direct.retain(DIGEST, *claim), claims))
    lock = direct.retain(DIGEST, date(2030, 1, 1), LockMode.GOVERNANCE)
    assert (lock.until, lock.mode) == (date(2045, 1, 1), LockMode.COMPLIANCE)


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_claim_that_another_overwrote_is_set_again(
    direct: S3ObjectStore, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    """A server checks first and writes later: the older of two claims may win. Said again, until it is a lie."""
    retain, said = direct.client.retain, []

    def retain_lost(key: str, version: str, until: datetime, mode: LockMode) -> None:
        said.append(until)
        if len(said) > lost:
            retain(key, version, until, mode)

    monkeypatch.setattr(direct.client, "retain", retain_lost)
    if lost < 3:
        assert direct.retain(DIGEST, date(2045, 1, 1), LockMode.GOVERNANCE).until == date(2045, 1, 1)
        return
    with pytest.raises(Unavailable) as told:
        direct.retain(DIGEST, date(2045, 1, 1), LockMode.GOVERNANCE)
    assert told.value.code is Code.STORE_UNTRUSTED
    assert len(said) == 3
