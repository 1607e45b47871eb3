"""The holding area gives back exactly what was put, or says that it cannot; a stop leaves nothing to read."""

import errno
import io
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.digest import of_bytes
from dossier.errors import Code, Rejected, Unavailable
from ingest import places
from ingest.holding import Holding
from ingest.places import FolderPlace
from ingest.sealing import CHUNK, seal, unseal

KEY = bytes(range(32))
SIZES = st.sampled_from([0, 1, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])


def sealed(data: bytes, context: bytes = b"name") -> bytes:
    """Return the sealed form."""
    return b"".join(seal([data], KEY, context))


def opened(data: bytes, context: bytes = b"name", key: bytes = KEY) -> bytes:
    """Return the plain form."""
    return b"".join(unseal(io.BytesIO(data), key, context))


@pytest.fixture
def area(tmp_path: Path) -> Holding:
    """A holding area with one batch."""
    made = Holding(FolderPlace(tmp_path / "holding"))
    made.open_batch("b1")
    return made


def disk(folder: Path) -> list[Path]:
    """Return all files below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


@given(size=SIZES, seed=st.binary(min_size=1, max_size=5), pieces=st.integers(1, 7))
@settings(max_examples=20, deadline=None)
def test_round_trip(size: int, seed: bytes, pieces: int) -> None:
    """Whatever the size and however it comes in pieces, the same bytes come out."""
    data = (seed * (size // len(seed) + 1))[:size]
    step = max(1, size // pieces)
    parts = [data[start : start + step] for start in range(0, size, step)]
    assert opened(b"".join(seal(parts, KEY, b"name"))) == data


@given(data=st.binary(max_size=300), at=st.integers(0, 10_000), bit=st.integers(0, 7))
@settings(max_examples=150, deadline=None)
def test_every_flipped_bit_is_found(data: bytes, at: int, bit: int) -> None:
    """One bit anywhere, header and salt too, and nothing is given."""
    damaged = bytearray(sealed(data))
    damaged[at % len(damaged)] ^= 1 << bit
    with pytest.raises(Rejected) as caught:
        opened(bytes(damaged))
    assert caught.value.code is Code.OBJECT_DAMAGED


@given(data=st.binary(max_size=300), kept=st.integers(0, 10_000))
@settings(max_examples=100, deadline=None)
def test_every_cut_is_found(data: bytes, kept: int) -> None:
    """However many bytes are missing from the end."""
    whole = sealed(data)
    with pytest.raises(Rejected):
        opened(whole[: kept % len(whole)])


def test_cut_swapped_repeated_and_added_chunks_are_found() -> None:
    """A cut at a chunk's border, which leaves only authentic chunks, is found as well."""
    whole = sealed(bytes(CHUNK) + b"\1" * CHUNK + b"end")
    head, size = 24, CHUNK + 16
    first, second, last = whole[head : head + size], whole[head + size : head + 2 * size], whole[head + 2 * size :]
    start = whole[:head]
    assert opened(start + first + second + last) == bytes(CHUNK) + b"\1" * CHUNK + b"end"
    for forged in (first + second, second + first + last, first + last, first + second + last + last, last, b""):
        with pytest.raises(Rejected):
            opened(start + forged)


def test_key_and_context_bind() -> None:
    """Bytes of one name do not pass for another's, nor under another key."""
    with pytest.raises(Rejected):
        opened(sealed(b"x"), context=b"other")
    with pytest.raises(Rejected):
        opened(sealed(b"x"), key=bytes(32))


def test_put_get_stream_and_has(area: Holding) -> None:
    """Bytes and streams go in, bytes and streams come out, odd names are names."""
    name = "đơn/..\\../\udce9\n.pdf"
    area.put("b1", name, b"one")
    area.put("b1", "stream", io.BytesIO(b"z" * (CHUNK + 5)))
    target = io.BytesIO()
    assert area.get("b1", name) == b"one"
    assert area.stream_to("b1", "stream", target) == CHUNK + 5
    assert target.getvalue() == b"z" * (CHUNK + 5)
    assert area.has("b1", name)
    assert not area.has("b1", "other")
    assert not area.has("b2", name)


def test_put_again_replaces_and_open_again_keeps(area: Holding) -> None:
    """Both are safe to repeat."""
    area.put("b1", "a", b"old")
    area.open_batch("b1")
    assert area.get("b1", "a") == b"old"
    area.put("b1", "a", b"new")
    assert area.get("b1", "a") == b"new"
    assert area.batches() == ["b1"]


def test_nothing_readable_is_on_disk(area: Holding, tmp_path: Path) -> None:
    """Neither content nor name is in the clear, and only the owner may look."""
    area.put("b1", "Nguyễn Văn An.pdf", b"secret words " * 100)
    files = disk(tmp_path)
    assert len(files) == 2
    for path in files:
        assert b"secret" not in path.read_bytes()
        assert "Nguy" not in str(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "holding" / "b1").stat().st_mode) == 0o700


def test_put_file_tells_digest_and_refuses_a_changing_file(area: Holding, tmp_path: Path) -> None:
    """A file is hashed while it is held; nothing is held of one that is not a plain file."""
    path = tmp_path / "a.pdf"
    path.write_bytes(b"page" * 1000)
    assert area.put_file("b1", "a", path) == (of_bytes(b"page" * 1000), 4000)
    assert area.get("b1", "a") == b"page" * 1000
    with pytest.raises(Rejected):
        area.put_file("b1", "gone", tmp_path / "gone.pdf")
    assert not area.has("b1", "gone")


def test_destroy_kills_the_key_first(area: Holding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the power fails right after the key is gone, the data can never be read, and the batch is still listed."""
    area.put("b1", "a", b"secret")
    key_file = tmp_path / "holding" / "b1" / "key"
    with key_file.open("rb") as still_open:
        key = still_open.read()

        def power_failure(_: Path) -> None:
            raise OSError(errno.EIO, "power failure")

        with monkeypatch.context() as patch:
            patch.setattr(places.shutil, "rmtree", power_failure)
            with pytest.raises(Unavailable):
                area.destroy("b1")
        still_open.seek(0)
        assert still_open.read() != key
    assert not key_file.exists()
    assert area.batches() == ["b1"]
    with pytest.raises(Rejected) as caught:
        area.get("b1", "a")
    assert caught.value.code is Code.OBJECT_MISSING
    area.destroy("b1")
    area.destroy("b1")
    assert area.batches() == []
    assert disk(tmp_path) == []


def test_reopening_a_destroyed_batch_starts_empty(area: Holding, tmp_path: Path) -> None:
    """Remains of a destruction are not adopted under a new key."""
    area.put("b1", "a", b"secret")
    (tmp_path / "holding" / "b1" / "key").unlink()
    area.open_batch("b1")
    assert not area.has("b1", "a")
    assert len(disk(tmp_path)) == 1


def test_purge_removes_everything(area: Holding, tmp_path: Path) -> None:
    """After promotion nothing stays, and doing it again is nothing."""
    area.put("b1", "a", b"x")
    area.purge("b1")
    area.purge("b1")
    assert disk(tmp_path) == []


def test_full_disk_waits_and_leaves_no_draft(area: Holding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full volume is the world's fault: nothing half-written stays and the old bytes are still there."""
    area.put("b1", "a", b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(places.os, "fsync", full)
        with pytest.raises(Unavailable) as caught:
            area.put("b1", "a", b"new")
    assert caught.value.code is Code.DISK_FULL
    assert area.get("b1", "a") == b"old"
    assert len(disk(tmp_path)) == 2


@pytest.mark.parametrize("batch_id", ["", ".", "..", "a/b", "../b1", "a b", "-a", "đ"])
def test_batch_ids_are_plain(area: Holding, batch_id: str) -> None:
    """No id can point outside the area."""
    with pytest.raises(ValueError, match="batch id"):
        area.open_batch(batch_id)
