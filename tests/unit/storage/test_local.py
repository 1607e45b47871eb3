"""What the local store promises beyond the contract: layout, modes, full disks, damage, left-overs."""

from __future__ import annotations

import errno
import io
import os
import stat
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from dossier.errors import Code, Rejected, Unavailable
from storage import Lock, LockMode, put_bytes
from storage.local import LocalObjectStore

TODAY = date(2026, 10, 8)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a store."""
    return tmp_path / "archive"


@pytest.fixture
def store(root: Path) -> LocalObjectStore:
    """A new store whose day stands still."""
    return LocalObjectStore(root, today=lambda: TODAY)


def files(root: Path) -> set[str]:
    """Return the files below a folder."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_the_tree_holds_pure_read_only_bytes(store: LocalObjectStore, root: Path) -> None:
    """Anyone can audit the tree with sha256sum: the file is the bytes, its name their digest, nobody may write."""
    ref = put_bytes(store, b"scan", "image/png")
    assert files(root) == {ref.key}
    path = root / ref.key
    assert path.read_bytes() == b"scan"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert path.stat().st_nlink == 1


def test_a_store_is_opened_again(store: LocalObjectStore, root: Path) -> None:
    """Objects and locks are found by the next process."""
    ref = put_bytes(store, b"scan", "")
    store.retain(ref.sha256, date(2096, 1, 1), LockMode.COMPLIANCE)
    again = LocalObjectStore(root, today=lambda: TODAY)
    assert again.read(ref.sha256) == b"scan"
    with pytest.raises(Rejected):
        again.remove(ref.sha256)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, Code.DISK_FULL),
        (errno.EDQUOT, Code.DISK_FULL),
        (errno.EIO, Code.STORE_UNAVAILABLE),
        (errno.EROFS, Code.STORE_UNAVAILABLE),
    ],
)
@pytest.mark.parametrize("call", ["write", "fsync", "link", "open"])
def test_a_disk_that_refuses_leaves_nothing(
    store: LocalObjectStore, root: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, code: Code
) -> None:
    """Whichever step meets a full or failing disk: the error is ours, no object and no left-over is there."""

    def refuse(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(os, call, refuse)
        with pytest.raises(Unavailable) as told:
            put_bytes(store, b"scan", "")
    assert told.value.code is code
    assert files(root) == set()
    put_bytes(store, b"scan", "")


def test_short_writes_are_continued(store: LocalObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes a few bytes at a time gets them all."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data)[:3]))
    ref = put_bytes(store, b"0123456789", "")
    store.verify(ref.sha256)


def test_an_interrupted_put_leaves_nothing(store: LocalObjectStore, root: Path) -> None:
    """Ctrl-C while the source is read takes the temporary file away too."""

    class Interrupted(io.BytesIO):
        """A source during which the clerk presses Ctrl-C."""

        def read(self, size: int | None = -1) -> bytes:
            """Give the first bytes, then be interrupted."""
            if self.tell():
                raise KeyboardInterrupt
            return super().read(min(4, size or 4))

    with pytest.raises(KeyboardInterrupt):
        store.put(Interrupted(b"0123456789"), "")
    assert files(root) == set()


def _overwrite(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def test_damage_is_found(store: LocalObjectStore, root: Path) -> None:
    """One changed byte fails the check, as does a missing end."""
    for damaged in (b"scaN", b"sca"):
        ref = put_bytes(store, b"scan", "")
        _overwrite(root / ref.key, damaged)
        with pytest.raises(Rejected) as told:
            store.verify(ref.sha256)
        assert told.value.code is Code.OBJECT_DAMAGED
        assert told.value.subject == ref.sha256
        store.remove(ref.sha256)


def test_a_put_over_a_truncated_object_is_told(store: LocalObjectStore, root: Path) -> None:
    """A second put does not pretend that the bytes are safe when the object there lost its end."""
    ref = put_bytes(store, b"scan", "")
    _overwrite(root / ref.key, b"sca")
    with pytest.raises(Rejected) as told:
        put_bytes(store, b"scan", "")
    assert told.value.code is Code.OBJECT_DAMAGED
    assert files(root) == {ref.key}


@pytest.mark.parametrize("record", ["", "{", "[]", "{}", '{"held":1,"mode":"governance","until":""}', "null"])
def test_a_damaged_lock_record_is_a_lock(store: LocalObjectStore, root: Path, record: str) -> None:
    """A lock that cannot be understood is not taken for no lock."""
    ref = put_bytes(store, b"kept", "")
    store.hold(ref.sha256, on=True)
    (path,) = (root / "locks").rglob("*.json")
    path.write_text(record)
    with pytest.raises(Rejected) as told:
        store.remove(ref.sha256)
    assert told.value.code is Code.OBJECT_LOCKED
    assert store.stat(ref.sha256) is not None


def test_removal_takes_the_lock_record_along(store: LocalObjectStore, root: Path) -> None:
    """Nothing of a removed object stays, so that the same bytes start without a lock another day."""
    ref = put_bytes(store, b"kept", "")
    store.retain(ref.sha256, TODAY - timedelta(days=1), LockMode.GOVERNANCE)
    store.remove(ref.sha256)
    assert files(root) == {"locks/turn"}


def test_left_overs_are_swept_by_age(store: LocalObjectStore, root: Path) -> None:
    """Old temporary files go; one that is being written to now stays, and so does every object."""
    ref = put_bytes(store, b"scan", "")
    old, young = root / "tmp" / "old.part", root / "tmp" / "young.part"
    for path in (old, young):
        path.write_bytes(b"half a sc")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    assert store.sweep_temporaries(timedelta(hours=1)) == 1
    assert files(root) == {ref.key, "tmp/young.part"}


def test_strange_files_in_the_tree_are_no_objects(store: LocalObjectStore, root: Path) -> None:
    """What somebody else put into the folders is not listed: links, folders, names that are no digest."""
    ref = put_bytes(store, b"scan", "")
    folder = (root / ref.key).parent
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / ("0" * 64)).symlink_to("/etc/passwd")
    (folder / ("1" * 64)).mkdir()
    (root / "objects" / "stray").write_bytes(b"x")
    assert [found.sha256 for found in store.list()] == [ref.sha256]


def test_the_store_says_what_it_is(store: LocalObjectStore) -> None:
    """No claim of object lock: write-once here is a convention."""
    assert store.capabilities().enforces_locks is False
    assert store.capabilities().durable is True


@pytest.mark.parametrize("first", list(LockMode))
@pytest.mark.parametrize("second", list(LockMode))
def test_locks_commute(first: LockMode, second: LockMode) -> None:
    """Two claims give the same lock in either order."""
    early, late = date(2030, 1, 1), date(2040, 1, 1)
    there = Lock().extended(early, first).extended(late, second)
    back = Lock().extended(late, second).extended(early, first)
    assert there == back
    assert there.until == late
    assert (there.mode is LockMode.COMPLIANCE) is (LockMode.COMPLIANCE in (first, second))
