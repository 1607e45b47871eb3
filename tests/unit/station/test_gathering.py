"""When a dossier in a hot folder is whole, and why it is not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dossier.digest import of_bytes
from station.queue import BatchState
from station.settings import NotSecret, WholeWhen
from tests.fakes.office import jpeg
from tests.unit.station.conftest import Bench

_CODE = "H99.27.14-260310-0001"


def _taken(bench: Bench) -> list[list[str]]:
    return [[item.original for item in bench.queue.all_items(batch)] for batch in bench.queue.batches(*BatchState)]


def test_quiet_for_long_enough(bench: Bench) -> None:
    """By our own clock: the times that a share gives its files may be of any year."""
    path = bench.put(f"{_CODE}/2.jpg", jpeg(1))
    bench.put(f"{_CODE}/10.jpg", jpeg(2))
    os.utime(path, (10, 10))
    assert bench.look() == [("writing", "2.jpg")]
    assert bench.look(6) == [("quiet", "")]
    os.utime(path, (4_000_000_000, 4_000_000_000))
    assert bench.look(60) == [("writing", "2.jpg")]
    assert bench.look(59) == [("quiet", "")]
    assert bench.look(2) == []
    assert _taken(bench) == [["2.jpg", "10.jpg"]]
    assert not (bench.hot / _CODE).exists()


def test_a_mark_says_that_it_is_whole(bench: Bench) -> None:
    """Whatever is in it; it goes with the papers."""
    bench.whole_when = WholeWhen.MARKER
    bench.put(f"{_CODE}/1.jpg", jpeg(1))
    bench.look()
    assert bench.look(1000) == [("marker", "")]
    bench.put(f"{_CODE}/XONG.TXT", b"")
    assert bench.look(1) == []
    assert _taken(bench) == [["1.jpg"]]
    assert not (bench.hot / _CODE).exists()


def test_files_that_are_written_or_cut_hold_everything_back(bench: Bench) -> None:
    """By name, by a process that writes, by a missing end."""
    part = bench.put(f"{_CODE}/2.jpg.part", jpeg(2))
    assert bench.look() == [("writing", "2.jpg.part")]
    bench.put(f"{_CODE}/1.jpg", jpeg(1))
    bench.look()
    assert bench.look(100) == [("writing", "2.jpg.part")]
    part.rename(part.with_suffix(""))
    bench.look()
    with part.with_suffix("").open("ab"):
        assert bench.look(100) == [("writing", "2.jpg")]
    bench.put(f"{_CODE}/3.jpg", jpeg(3)[:-50])
    bench.look()
    assert bench.look(100) == [("cut", "3.jpg")]
    assert _taken(bench) == []


def test_a_manifest_wins(bench: Bench) -> None:
    """What has the stated digest is finished at once; what is missing, too many or another holds everything back."""
    pages = {"to-khai/b.jpg": jpeg(1), "to-khai/a.jpg": jpeg(2)}
    listed = [{"name": name, "sha256": of_bytes(data)} for name, data in pages.items()]
    said = {"code": _CODE, "not_secret": True, "components": [{"component": "to-khai", "pages": 2, "files": listed}]}
    said["components"][0]["leaves"] = "từ tờ 1 đến tờ 2"
    bench.not_secret = NotSecret.MANIFEST
    bench.put("phieu 1/ho-so.json", json.dumps(said).encode())
    bench.put("phieu 1/to-khai/b.jpg", pages["to-khai/b.jpg"])
    bench.look()
    assert bench.look(6) == [("missing", "to-khai/a.jpg")]
    bench.put("phieu 1/to-khai/a.jpg", jpeg(9))
    assert bench.look() == [("writing", "to-khai/a.jpg")]
    assert bench.look(6) == [("digest", "to-khai/a.jpg")]
    extra = bench.put("phieu 1/x.jpg", jpeg(3))
    assert bench.look() == [("extra", "x.jpg")]
    extra.unlink()
    bench.put("phieu 1/to-khai/a.jpg", pages["to-khai/a.jpg"])
    os.utime(bench.hot / "phieu 1/to-khai/a.jpg", (1, 1))
    assert bench.look() == []
    assert _taken(bench) == [["to-khai/b.jpg", "to-khai/a.jpg"]]
    (batch,) = bench.queue.batches(*BatchState)
    (part,) = bench.queue.parts(batch)
    assert (batch.code, part.component, part.pages, part.leaves) == (_CODE, "to-khai", 2, "1-2")
    assert not (bench.hot / "phieu 1").exists()


def test_a_manifest_as_a_table(bench: Bench) -> None:
    """As a spreadsheet writes it, with a mark of its encoding in front."""
    text = "\ufeffcomponent;file;sha256;pages;leaves\nto-khai;1.jpg;;1;7\nket-qua;2.jpg;;;\n"
    bench.put(f"{_CODE}/ho-so.csv", text.encode())
    bench.put(f"{_CODE}/1.jpg", jpeg(1))
    bench.put(f"{_CODE}/2.jpg", jpeg(2))
    bench.look()
    assert bench.look(6) == []
    (batch,) = bench.queue.batches(*BatchState)
    found = [(part.component, part.pages, part.leaves) for part in bench.queue.parts(batch)]
    assert found == [("to-khai", 1, "7"), ("ket-qua", None, "")]
    bench.queue.drop(batch)
    assert bench.queue.batches(*BatchState) == []


@pytest.mark.parametrize(
    "text",
    [
        b"{",
        b"[]",
        b'{"components": [{"leaves": "2-1", "files": []}]}',
        b'{"components": [{"leaves": [1], "files": []}]}',
        b'{"components": []}',
        b'{"components": [{"files": [{"name": "../1.jpg"}]}]}',
        b'{"components": [{"files": [{"name": "C:\\\\1.jpg"}]}]}',
        b'{"components": [{"files": [{"name": "1.jpg"}, {"name": "1.JPG"}]}]}',
        b'{"components": [{"pages": true, "files": []}]}',
        b'{"components": [{"component": "../x", "files": []}]}',
        b'{"components": [{"files": [{"name": "1.jpg", "sha256": "0"}]}]}',
        b"[" * 100_000,
    ],
)
def test_a_manifest_that_cannot_be_believed(text: bytes, bench: Bench) -> None:
    """Nothing is taken, and the clerk is told which file is meant."""
    bench.put(f"{_CODE}/ho-so.json", text)
    bench.put(f"{_CODE}/1.jpg", jpeg(1))
    bench.look()
    assert bench.look(100) == [("manifest_bad", "ho-so.json")]


def test_who_says_that_nothing_is_secret(bench: Bench) -> None:
    """The agent never does by itself."""
    bench.not_secret = NotSecret.MANIFEST
    bench.put(f"{_CODE}/1.jpg", jpeg(1))
    bench.look()
    assert bench.look(100) == [("secrecy", "")]


def test_names_that_say_nothing(bench: Bench) -> None:
    """A folder without a code waits; loose files with one are a dossier, without one they go to a tray."""
    bench.put("giấy tờ/1.jpg", jpeg(1))
    bench.put(f"{_CODE}_01.jpg", jpeg(2))
    bench.put(f"{_CODE}_02.jpg", jpeg(3))
    bench.put("scan0001.jpg", jpeg(4))
    bench.put("Thumbs.db", b"x")
    bench.put(f"{_CODE}-x/a/b/c/1.jpg", b"x")
    bench.look()
    assert bench.look(100) == [("code", ""), ("deep", "a/b")]
    assert _taken(bench) == [[f"{_CODE}_01.jpg", f"{_CODE}_02.jpg"]]
    assert (bench.hot / "chua-ro-ho-so" / "scan0001.jpg").read_bytes() == jpeg(4)
    assert (bench.hot / "Thumbs.db").exists()
    assert bench.gatherer.standing.stray == 0
    gatherer = bench.gatherer
    gatherer.gather()
    assert gatherer.standing.stray == 1


def test_links_are_not_followed(bench: Bench, tmp_path: Path) -> None:
    """Neither those to files nor those to folders."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "1.jpg").write_bytes(jpeg(1))
    (bench.hot / _CODE).symlink_to(outside)
    bench.put("H99.27.14-260310-0002/2.jpg", jpeg(2))
    (bench.hot / "H99.27.14-260310-0002" / "1.jpg").symlink_to(outside / "1.jpg")
    bench.look()
    bench.look(100)
    assert _taken(bench) == [["2.jpg"]]


def test_fronts_and_then_backs(bench: Bench) -> None:
    """A list that counts the pages has the sheets put together; what does not go together waits for a person."""
    pages = {f"{number}.jpg": jpeg(number) for number in (1, 3, 6, 4)}
    listed = [{"name": name, "sha256": of_bytes(data)} for name, data in pages.items()]
    for name, data in pages.items():
        bench.put(f"phieu/{name}", data)

    def said(count: int | None, how: str, files: list[dict[str, str]]) -> bytes:
        part = {"component": "", "pages": count, "files": files}
        return json.dumps({"code": _CODE, "not_secret": True, "collate": how, "components": [part]}).encode()

    for count, how, subject in ((None, "turned", "4/?"), (6, "turned", "4/6"), (4, "printed", "4/4")):
        bench.put("phieu/ho-so.json", said(count, how, listed))
        bench.look()
        assert bench.look(6) == [("sides", subject)]
    bench.put("phieu/ho-so.json", said(4, "sideways", listed))
    bench.look()
    assert bench.look(6) == [("manifest_bad", "ho-so.json")]
    bench.put("phieu/ho-so.json", said(4, "turned", listed))
    bench.look()
    assert bench.look(6) == []
    assert _taken(bench) == [["1.jpg", "4.jpg", "3.jpg", "6.jpg"]]
    (batch,) = bench.queue.batches(*BatchState)
    sent = [item.name for item in bench.queue.all_items(batch)]
    assert sent == ["0001-mat-truoc-1.jpg", "0002-mat-sau-4.jpg", "0003-mat-truoc-3.jpg", "0004-mat-sau-6.jpg"]
