"""The holding area keeps its promises wherever it lies. A new place is one more entry in PLACES."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from minio.versioningconfig import VersioningConfig

from dossier.errors import Code, HososoError, Rejected, Unavailable
from ingest.holding import Holding
from ingest.places import FolderPlace, Place
from ingest.sealing import CHUNK
from storage.bucket_place import BucketPlace
from storage.s3_client import S3Client
from tests.servers.seaweed import Seaweed


@pytest.fixture(scope="module")
def bucket(request: pytest.FixtureRequest) -> S3Client:
    """Return one bucket for all tests: a server's buckets are few and dear."""
    return S3Client(request.getfixturevalue("seaweed").make_bucket(locked=False))


def folder_place(_: pytest.FixtureRequest, folder: Path) -> Place:
    """Return a new folder."""
    return FolderPlace(folder / "holding")


def bucket_place(request: pytest.FixtureRequest, folder: Path) -> Place:
    """Return the bucket, emptied."""
    place = BucketPlace(request.getfixturevalue("bucket"), folder / "scratch")
    for batch in place.batches():
        place.remove(batch)
    return place


PLACES: dict[str, Callable[[pytest.FixtureRequest, Path], Place]] = {"folder": folder_place, "bucket": bucket_place}
KINDS = [pytest.param(kind, marks=pytest.mark.server if kind == "bucket" else ()) for kind in PLACES]


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Return an empty place of each kind."""
    return PLACES[request.param](request, tmp_path)


@pytest.fixture
def area(place: Place) -> Holding:
    """Return a holding area with one batch."""
    made = Holding(place)
    made.open_batch("b1")
    return made


def content(place: Place, batch: str, name: str) -> bytes:
    """Return a file of a place."""
    with place.open(batch, name) as stream:
        return stream.read()


def test_a_place_keeps_whole_files(place: Place) -> None:
    """Put, put again, look, delete; a batch is there while anything is in it."""
    assert place.batches() == []
    assert place.put_new("b1", "key", b"one")
    assert not place.put_new("b1", "key", b"two")
    place.put("b1", "data/x", iter([b"1", b"", b"23"]))
    place.put("b1", "data/x", iter([b"4"]))
    place.put("b1", "data/empty", iter([]))
    assert content(place, "b1", "key") == b"one"
    assert content(place, "b1", "data/x") == b"4"
    assert content(place, "b1", "data/empty") == b""
    assert sorted(place.names("b1")) == ["data/empty", "data/x", "key"]
    assert place.batches() == ["b1"]
    for _ in range(2):
        place.delete("b1", "data/x")
        assert not place.exists("b1", "data/x")
        place.shred("b1", "key")
        assert not place.exists("b1", "key")
    assert place.exists("b1", "data/empty")
    for _ in range(2):
        place.remove("b1")
        assert place.names("b1") == []
        assert place.batches() == []


def test_batches_do_not_meet(place: Place) -> None:
    """A name that another begins with is another batch."""
    for batch in ("b1", "b10", "b1-"):
        assert place.put_new(batch, "key", batch.encode())
    place.remove("b1")
    assert sorted(place.batches()) == ["b1-", "b10"]
    assert content(place, "b10", "key") == b"b10"


def test_a_file_that_is_not_there_is_missing(place: Place) -> None:
    """In a batch that is there and in one that is not."""
    place.put_new("b1", "key", b"x")
    for batch, name in (("b1", "data/none"), ("b2", "key")):
        with pytest.raises(Rejected) as caught, place.open(batch, name):
            raise AssertionError("it was opened")
        assert caught.value.code is Code.OBJECT_MISSING
        assert not place.exists(batch, name)
    assert place.names("b2") == []


def test_a_read_gives_what_was_asked_for(place: Place) -> None:
    """A stream gives fewer bytes than asked for only at its end, however the network cut it."""
    data = bytes(range(256)) * 9000
    place.put_new("b1", "key", b"x")
    place.put("b1", "data/x", (data[start : start + 70_001] for start in range(0, len(data), 70_001)))
    with place.open("b1", "data/x") as stream:
        assert stream.read(1_000_003) == data[:1_000_003]
        assert stream.read(2 << 20) == data[1_000_003:]
        assert stream.read(1) == b""


@pytest.mark.parametrize("fault", [Rejected(Code.FILE_CHANGED_WHILE_READ), Unavailable(Code.STORE_UNAVAILABLE)])
def test_a_source_that_fails_puts_nothing(place: Place, fault: HososoError) -> None:
    """The error passes through; what was there before is still there."""

    def failing() -> Iterator[bytes]:
        yield b"new"
        raise fault

    place.put_new("b1", "key", b"x")
    place.put("b1", "data/x", [b"old"])
    with pytest.raises(type(fault)):
        place.put("b1", "data/x", failing())
    assert content(place, "b1", "data/x") == b"old"
    assert sorted(place.names("b1")) == ["data/x", "key"]


def test_of_many_who_put_new_one_wins(place: Place) -> None:
    """The file is the winner's, whole."""
    together = Barrier(8)

    def put_new(number: int) -> bool:
        together.wait()
        return place.put_new("b1", "key", bytes([number]) * 32)

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(put_new, range(8)))
    assert won.count(True) == 1
    assert content(place, "b1", "key") == bytes([won.index(True)]) * 32


def test_workers_that_open_one_batch_at_once_share_its_key(place: Place) -> None:
    """A zombie and the item's new owner: what each puts right after opening is there for both."""
    together = Barrier(6)
    place.put_new("b1", "key", bytes(32))
    place.put("b1", "data/remains", [b"of a destruction"])
    place.delete("b1", "key")

    def work(number: int) -> None:
        own = Holding(place)
        together.wait()
        own.open_batch("b1")
        own.put("b1", f"page-{number}", bytes([number]))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    area = Holding(place)
    assert [area.get("b1", f"page-{number}") for number in range(6)] == [bytes([number]) for number in range(6)]
    assert len(place.names("b1")) == 7


def test_what_is_put_comes_back(area: Holding) -> None:
    """Bytes, streams and an odd name; the same name again replaces; what is forgotten is gone."""
    name = "đơn/..\\../\udce9\n.pdf"
    area.put("b1", name, b"one")
    area.put("b1", "stream", io.BytesIO(b"z" * (2 * CHUNK + 5)))
    target = io.BytesIO()
    assert area.get("b1", name) == b"one"
    assert area.stream_to("b1", "stream", target) == 2 * CHUNK + 5
    assert target.getvalue() == b"z" * (2 * CHUNK + 5)
    area.put("b1", name, b"two")
    assert area.get("b1", name) == b"two"
    for _ in range(2):
        area.forget("b1", name)
        assert not area.has("b1", name)
    area.forget("b2", name)


def test_nothing_readable_lies_in_the_place(area: Holding, place: Place) -> None:
    """Neither content nor name is in the clear."""
    area.put("b1", "Nguyễn Văn An.pdf", b"secret words " * 100)
    held = [(name, content(place, "b1", name)) for name in place.names("b1")]
    assert len(held) == 2
    assert not any("Nguy" in name or b"secret" in data for name, data in held)


class PowerCut(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("point", ["shred", "delete", "remove"])
def test_a_destruction_that_is_cut_off_goes_on(
    area: Holding, place: Place, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """Wherever it is cut, the batch is still listed; once the key is gone nothing can be read; repeating ends it."""

    def cut(*_: object) -> None:
        raise PowerCut

    area.put("b1", "a", b"secret")
    with monkeypatch.context() as patch:
        patch.setattr(place, point, cut)
        with pytest.raises(PowerCut):
            area.destroy("b1")
    assert area.batches() == ["b1"]
    assert area.has("b1", "a") is (point == "shred")
    for _ in range(2):
        area.destroy("b1")
        assert area.batches() == []
        assert not area.has_key("b1")


def test_a_key_is_overwritten_before_it_is_deleted(
    area: Holding, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill between the two leaves a key that opens nothing."""

    def cut(*_: object) -> None:
        raise PowerCut

    area.put("b1", "a", b"secret")
    old = content(place, "b1", "key")
    seam = (Path, "unlink") if isinstance(place, FolderPlace) else (place, "delete")
    with monkeypatch.context() as patch:
        patch.setattr(*seam, cut)
        with pytest.raises(PowerCut):
            area.destroy("b1")
    assert content(place, "b1", "key") != old
    assert not area.has("b1", "a")
    area.destroy("b1")
    assert area.batches() == []


def test_a_put_that_comes_after_the_destruction_leaves_nothing(area: Holding, place: Place) -> None:
    """A zombie that has read the key before writes after it: refused, and its bytes are not left behind."""

    class Late(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            Holding(place).destroy("b1")
            return super().read(size)

    with pytest.raises(Rejected) as caught:
        area.put("b1", "a", Late(b"secret"))
    assert caught.value.code is Code.OBJECT_MISSING
    assert place.names("b1") == []
    area.destroy("b1")
    assert area.batches() == []


def test_a_put_under_a_key_that_was_made_anew_is_refused(area: Holding, place: Place) -> None:
    """Bytes under the old key would never be found under the new one."""

    class Late(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            other = Holding(place)
            if self.tell() == 0:
                other.destroy("b1")
                other.open_batch("b1")
            return super().read(size)

    with pytest.raises(Rejected):
        area.put("b1", "a", Late(b"secret"))
    assert place.names("b1") == ["key"]


def test_remains_of_a_destruction_are_not_adopted(area: Holding, place: Place) -> None:
    """A batch that is opened again is empty."""
    area.put("b1", "a", b"secret")
    place.delete("b1", "key")
    area.open_batch("b1")
    assert not area.has("b1", "a")
    assert place.names("b1") == ["key"]


def test_who_has_the_place_without_the_secret_opens_no_key(place: Place) -> None:
    """A host with another secret, or none, waits; keys of two batches do not pass for each other's."""
    area = Holding(place, b"a secret of all hosts")
    for batch in ("b1", "b2"):
        area.open_batch(batch)
        area.put(batch, "a", batch.encode())
    assert Holding(place, b"a secret of all hosts").get("b1", "a") == b"b1"
    with pytest.raises(Unavailable):
        Holding(place, b"another").get("b1", "a")
    with pytest.raises(Rejected):
        Holding(place).get("b1", "a")
    stolen = content(place, "b2", "key")
    place.put("b1", "key", [stolen])
    with pytest.raises(Unavailable):
        area.get("b1", "a")
    area.destroy("b1")
    assert area.batches() == ["b2"]


def test_a_batch_with_many_names_is_removed(area: Holding, place: Place) -> None:
    """More than a server lists at once would do; a dozen show that each goes."""
    for number in range(12):
        area.put("b1", f"page-{number}", b"x")
    assert len(place.names("b1")) == 13
    area.purge("b1")
    assert place.names("b1") == []
    assert area.batches() == []


@pytest.mark.parametrize("act", [Holding.open_batch, Holding.destroy, Holding.purge, Holding.has_key])
def test_batch_ids_are_plain(area: Holding, act: Callable[[Holding, str], object]) -> None:
    """No id can point outside the area."""
    for batch_id in ("", "..", "a/b", "../b1", "-a", "đ"):
        with pytest.raises(ValueError, match="batch id"):
            act(area, batch_id)


@pytest.mark.parametrize("status", ["lock", "Enabled", "Suspended"])
def test_a_bucket_that_keeps_what_is_deleted_gets_no_batch(seaweed: Seaweed, tmp_path: Path, status: str) -> None:
    """Also when somebody switches versioning on later: each new batch asks; batches that are there go on."""
    settings = seaweed.make_bucket(locked=status == "lock")
    area = Holding(BucketPlace(S3Client(settings), tmp_path))
    if status != "lock":
        area.open_batch("earlier")
        seaweed.sdk().set_bucket_versioning(settings.bucket, VersioningConfig(status))
    with pytest.raises(Unavailable) as caught:
        area.open_batch("b1")
    assert caught.value.code is Code.HOLDING_UNFIT
    assert area.batches() == ([] if status == "lock" else ["earlier"])
