"""Every archive store keeps the promises of `storage/port.py`. `object_stores.py` names the stores."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from storage import Lock, LockMode, ObjectStore, put_bytes
from storage.memory import MemoryObjectStore
from tests.contract.object_stores import KINDS, STORES, TODAY

ABSENT = of_bytes(b"never stored")


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """A new, empty store of each kind."""
    return STORES[request.param](request, tmp_path)


def test_put_names_the_bytes_by_digest(store: ObjectStore) -> None:
    """The answer of a put names the bytes, and they come back as they went in."""
    data = bytes(range(256)) * 9000
    ref = store.put(io.BytesIO(data), "image/jpeg")
    digest = of_bytes(data)
    assert ref.sha256 == digest
    assert ref.key == f"objects/{digest[:2]}/{digest[2:4]}/{digest}"
    assert (ref.size, ref.media_type) == (len(data), "image/jpeg")
    with store.open(digest) as stream:
        assert stream.read() == data


def test_same_bytes_twice_are_one_object(store: ObjectStore) -> None:
    """A repeated put is the same object, whatever media type it comes with."""
    first = put_bytes(store, b"one page", "image/jpeg")
    second = put_bytes(store, b"one page", "application/octet-stream")
    assert first.key == second.key
    assert [ref.sha256 for ref in store.list()] == [first.sha256]


def test_put_starts_where_the_source_stands(store: ObjectStore) -> None:
    """A source is taken from its present position to its end."""
    source = io.BytesIO(b"headbody")
    source.seek(4)
    assert store.put(source, "").sha256 == of_bytes(b"body")


def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    """No bytes are bytes too."""
    ref = put_bytes(store, b"", "text/plain")
    assert store.read(ref.sha256) == b""
    store.verify(ref.sha256)


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        (0, None, b"0123456789"),
        (3, None, b"3456789"),
        (3, 4, b"3456"),
        (8, 9, b"89"),
        (10, 1, b""),
        (99, 1, b""),
        (2, 0, b""),
    ],
)
def test_ranges(store: ObjectStore, start: int, length: int | None, expected: bytes) -> None:
    """A range is cut at the end of the object and empty beyond it."""
    ref = put_bytes(store, b"0123456789", "")
    assert store.read(ref.sha256, start, length) == expected


@pytest.mark.parametrize(("start", "length"), [(-1, None), (0, -1)])
def test_negative_ranges_are_a_bug_of_the_caller(store: ObjectStore, start: int, length: int | None) -> None:
    """A range never counts from the end."""
    ref = put_bytes(store, b"0123456789", "")
    with pytest.raises(ValueError, match="count bytes"):
        store.read(ref.sha256, start, length)


@pytest.mark.parametrize("name", [ABSENT, "", "../../etc/passwd", ABSENT.upper(), ABSENT + "\n", "ab"])
@pytest.mark.parametrize("method", ["open", "read", "verify", "retain", "hold"])
def test_what_is_not_there_is_missing(store: ObjectStore, name: str, method: str) -> None:
    """A name without object, or one that is no digest, is told as OBJECT_MISSING by every method that needs it."""
    calls: dict[str, Callable[[], object]] = {
        "open": lambda: store.open(name),
        "read": lambda: store.read(name),
        "verify": lambda: store.verify(name),
        "retain": lambda: store.retain(name, TODAY, LockMode.GOVERNANCE),
        "hold": lambda: store.hold(name, on=True),
    }
    with pytest.raises(Rejected) as told:
        calls[method]()
    assert told.value.code is Code.OBJECT_MISSING
    assert store.stat(name) is None


def test_stat_and_list_tell_size(store: ObjectStore) -> None:
    """Looking up and listing name the same objects; the media type is the catalogue's."""
    wanted = {put_bytes(store, bytes([n]) * n, "image/png").sha256: n for n in range(5)}
    assert {ref.sha256: ref.size for ref in store.list()} == wanted
    for digest, size in wanted.items():
        ref = store.stat(digest)
        assert ref is not None
        assert (ref.size, ref.media_type) == (size, "")


def test_removal(store: ObjectStore) -> None:
    """A removed object is gone, may be removed again, and may be put again."""
    ref = put_bytes(store, b"holding area", "")
    store.remove(ref.sha256)
    store.remove(ref.sha256)
    assert store.stat(ref.sha256) is None
    assert list(store.list()) == []
    assert put_bytes(store, b"holding area", "").key == ref.key


@pytest.mark.parametrize(("days", "locked"), [(-1, False), (0, True), (3650, True)])
@pytest.mark.parametrize("mode", list(LockMode))
def test_retention_refuses_removal_to_the_last_day(
    store: ObjectStore, days: int, mode: LockMode, *, locked: bool
) -> None:
    """An object stays up to and including its last day of retention, and may go the day after."""
    ref = put_bytes(store, b"kept", "")
    store.retain(ref.sha256, TODAY + timedelta(days=days), mode)
    if locked:
        with pytest.raises(Rejected) as told:
            store.remove(ref.sha256)
        assert told.value.code is Code.OBJECT_LOCKED
    else:
        store.remove(ref.sha256)
    assert (store.stat(ref.sha256) is not None) is locked


def test_retention_is_never_shortened_nor_softened(store: ObjectStore) -> None:
    """Of several claims the latest day and the strictest mode are in force, in whatever order they come."""
    ref = put_bytes(store, b"kept", "")
    far, near = date(2096, 1, 1), date(2036, 1, 1)
    store.retain(ref.sha256, far, LockMode.GOVERNANCE)
    store.retain(ref.sha256, near, LockMode.COMPLIANCE)
    lock = store.retain(ref.sha256, near, LockMode.GOVERNANCE)
    assert (lock.until, lock.mode) == (far, LockMode.COMPLIANCE)


def test_a_hold_outlives_the_retention(store: ObjectStore) -> None:
    """A hold forbids removal without any end, whether or not there is a retention, and is lifted by a person."""
    ref = put_bytes(store, b"disputed", "")
    store.retain(ref.sha256, TODAY - timedelta(days=1), LockMode.GOVERNANCE)
    assert store.hold(ref.sha256, on=True).held is True
    with pytest.raises(Rejected) as told:
        store.remove(ref.sha256)
    assert told.value.code is Code.OBJECT_LOCKED
    assert store.hold(ref.sha256, on=False).held is False
    store.remove(ref.sha256)


@pytest.mark.parametrize("mode", list(LockMode))
def test_a_hold_leaves_the_retention_as_it_is(store: ObjectStore, mode: LockMode) -> None:
    """Holding and lifting the hold change neither day nor mode; a day that is over is told or forgotten."""
    ref = put_bytes(store, b"disputed", "")
    lapsed = store.retain(ref.sha256, TODAY - timedelta(days=1), mode)
    assert lapsed.until in {None, TODAY - timedelta(days=1)}
    store.retain(ref.sha256, TODAY + timedelta(days=9), mode)
    for on in (True, True, False, False):
        lock = store.hold(ref.sha256, on=on)
        assert lock == Lock(TODAY + timedelta(days=9), mode, on)
    with pytest.raises(Rejected) as told:
        store.remove(ref.sha256)
    assert told.value.code is Code.OBJECT_LOCKED


def test_a_put_does_not_loosen_a_lock(store: ObjectStore) -> None:
    """Putting the same bytes again leaves the lock in force."""
    ref = put_bytes(store, b"kept", "")
    store.hold(ref.sha256, on=True)
    put_bytes(store, b"kept", "")
    with pytest.raises(Rejected):
        store.remove(ref.sha256)


def test_a_source_that_fails_leaves_nothing(store: ObjectStore) -> None:
    """What the caller's source raises comes through unchanged, and no object appears."""

    class Unplugged(io.RawIOBase):
        """A scanner's share that goes away while it is read."""

        def readable(self) -> bool:
            """Allow reading."""
            return True

        def readinto(self, _: object) -> int:
            """Fail like a share that was cut off."""
            raise ConnectionResetError("share gone")

    with pytest.raises(ConnectionResetError):
        store.put(io.BufferedReader(Unplugged()), "")
    assert list(store.list()) == []


def test_many_threads_put_the_same_bytes(store: ObjectStore) -> None:
    """Racing puts of the same bytes all succeed and leave one whole object."""
    data = b"same page" * 50_000
    with ThreadPoolExecutor(8) as pool:
        refs = list(pool.map(lambda _: put_bytes(store, data, ""), range(24)))
    assert len(set(refs)) == 1
    assert len(list(store.list())) == 1
    store.verify(refs[0].sha256)


def test_a_sweep_leaves_living_puts_alone(store: ObjectStore) -> None:
    """A sweep of everything, however young, in the middle of a put takes nothing from it."""

    class Swept(io.BytesIO):
        """A source beside which somebody sweeps."""

        def read(self, size: int | None = -1, /) -> bytes:
            """Sweep, then read."""
            assert store.sweep_temporaries(timedelta(seconds=-60)) == 0
            return super().read(size)

    ref = store.put(Swept(b"page" * 500_000), "")
    store.verify(ref.sha256)
    store.verify(store.mend(ref.sha256, Swept(b"page" * 500_000)).sha256)


@given(st.lists(st.binary(max_size=64), max_size=8))
def test_what_is_put_is_what_is_listed_and_read(contents: list[bytes]) -> None:
    """For any contents: one object per distinct content, each read back and verified."""
    store = MemoryObjectStore()
    refs = [put_bytes(store, data, "") for data in contents]
    assert {ref.sha256 for ref in store.list()} == {of_bytes(data) for data in contents}
    for ref, data in zip(refs, contents, strict=True):
        store.verify(ref.sha256)
        assert store.read(ref.sha256) == data
