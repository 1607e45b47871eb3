"""A tree or a disk comes in with its list: everything arrives, or is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from station import importing
from station.checksums import read_list
from station.importing import Import
from station.manifest import read_manifest
from tests.unit.station.conftest import Bench

_A, _B = "H99.27.14-260310-0001", "H99.27.14-260310-0002"
_FILES = {f"{_A}/to-khai/1.jpg": b"a1", f"{_A}/to-khai/10.jpg": b"a10", f"{_A}/2.jpg": b"a2", f"{_B}/1.jpg": b"b1"}


def _disk(bench: Bench, prefix: str = "") -> Path:
    disk = bench.root / "disk"
    for name, data in _FILES.items():
        path = disk / prefix / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return disk


def _list(disk: Path, name: str = "SHA256SUMS", prefix: str = "", **changed: str) -> None:
    lines = [f"{changed.get(own, of_bytes(data))}  {prefix}{own}\n" for own, data in _FILES.items()]
    (disk / name).write_text("".join(lines), encoding="utf-8")


def _import(bench: Bench, disk: Path) -> importing.Imported:
    return Import(disk, bench.hot, bench.root).run()


@pytest.mark.parametrize(("name", "prefix"), [("SHA256SUMS", ""), ("manifest-sha256.txt", "data/")])
def test_everything_arrives(name: str, prefix: str, bench: Bench) -> None:
    """As sha256sum or a bag lists it; the agent takes it as whole dossiers; a second time nothing is left to do."""
    disk = _disk(bench, prefix)
    _list(disk, name, prefix)
    (disk / "bagit.txt").write_text("BagIt-Version: 1.0\n", encoding="utf-8")
    told = _import(bench, disk)
    assert (told.dossiers, told.files, told.is_complete) == ([_A, _B], 4, True)
    manifest = read_manifest(bench.hot / _A / "ho-so.json")
    assert [(part.component, [file.name for file in part.files]) for part in manifest.parts] == [
        ("", ["2.jpg"]),
        ("to-khai", ["to-khai/1.jpg", "to-khai/10.jpg"]),
    ]
    bench.look()
    assert bench.look(6) == []
    taken = {item.original for batch in bench.queue.batches("sending") for item in bench.queue.all_items(batch)}  # type: ignore[arg-type]
    assert taken == {"1.jpg", "2.jpg", "to-khai/1.jpg", "to-khai/10.jpg"}
    again = _import(bench, disk)
    assert (again.dossiers, again.known) == ([], [_A, _B])


def test_what_is_wrong_is_named(bench: Bench) -> None:
    """And the dossier that it belongs to is not given on, unless it is only something that nobody has listed."""
    disk = _disk(bench)
    _list(disk, **{f"{_A}/2.jpg": "0" * 64})
    (disk / _B / "x.jpg").write_bytes(b"x")
    with (disk / "SHA256SUMS").open("a", encoding="utf-8") as stream:
        stream.write(f"{'0' * 64} *{_A[:-1]}9\\gone.jpg\n{'0' * 64}  y.jpg\n")
    (disk / "y.jpg").write_bytes(b"y")
    told = _import(bench, disk)
    assert told.dossiers == [_B]
    assert told.missing == [f"{_A[:-1]}9/gone.jpg"]
    assert told.differing == [f"{_A}/2.jpg"]
    assert told.extra == [f"{_B}/x.jpg"]
    assert told.unplaced == ["y.jpg"]
    assert not (bench.hot / _A).exists()
    _list(disk)
    assert _import(bench, disk).dossiers == [_A]


def test_a_disk_pulled_out_half_way(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was copied stays and is not copied again; nobody takes the half dossier meanwhile."""
    disk, copied, left = _disk(bench), list[str](), [2]
    _list(disk)
    whole = importing.copy_whole

    def copy(source: Path, target: Path) -> None:
        if left[0] == 0:
            raise OSError(5, "gone")
        left[0] -= 1
        copied.append(source.name)
        whole(source, target)

    monkeypatch.setattr(importing, "copy_whole", copy)
    with pytest.raises(OSError, match="gone"):
        _import(bench, disk)
    assert bench.look() == []
    left[0] = 10
    assert _import(bench, disk).is_complete
    assert sorted(copied) == ["1.jpg", "1.jpg", "10.jpg", "2.jpg"]


def test_without_a_list(bench: Bench) -> None:
    """Everything that lies below a mã hồ sơ counts."""
    told = _import(bench, _disk(bench, "năm 2026"))
    assert (told.dossiers, told.has_list, told.is_complete) == ([_A, _B], False, True)
    assert json.loads((bench.hot / _B / "ho-so.json").read_text(encoding="utf-8"))["not_secret"] is True


@pytest.mark.parametrize(
    "text",
    [
        "x",
        f"{'0' * 64}  ../x",
        f"{'0' * 64}  /x",
        f"{'0' * 64}  C:/x",
        f"{'0' * 63}  x",
        f"{'0' * 64}  x\n{'1' * 64}  x",
    ],
)
def test_a_list_that_cannot_be_believed(text: str, tmp_path: Path) -> None:
    """Names that lead outside, lines that are none, a file twice."""
    (tmp_path / "SHA256SUMS").write_text(text, encoding="utf-8")
    with pytest.raises(Rejected) as refused:
        read_list(tmp_path / "SHA256SUMS")
    assert refused.value.code is Code.MANIFEST_INVALID


def test_escaped_names(tmp_path: Path) -> None:
    """As sha256sum escapes them, and as a bag does."""
    digest = "0" * 64
    (tmp_path / "SHA256SUMS").write_text(f"\\{digest}  a\\\\b\\nc\n", encoding="utf-8")
    assert read_list(tmp_path / "SHA256SUMS") == {"a\\b\nc": digest}
    (tmp_path / "manifest-sha256.txt").write_text(f"{digest} *data/a%20b\n", encoding="utf-8")
    assert read_list(tmp_path / "manifest-sha256.txt") == {"data/a b": digest}
