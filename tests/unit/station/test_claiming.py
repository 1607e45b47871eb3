"""Claiming, cut off at every step, on one volume and across two: no page is lost, none is there twice."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from station.claiming import Lost, Spool, claim, recover
from station.gathering import planned
from station.hot_folder import look_into
from station.queue import BatchState, FileState, Queue
from tests.fakes.office import jpeg
from tests.unit.station.conftest import Bench

_CODE = "H99.27.14-260310-0001"
_PAGES = {f"{number}.jpg": jpeg(40 * number) for number in range(3)}


class Killed(BaseException):
    """The process ends here."""


class Killing:
    """Ends the process at the so-many-th change of anything."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int, *, across: bool) -> None:
        self.left = at
        for owner, name in ((Path, "rename"), (Path, "unlink"), (Path, "replace"), (Queue, "_set"), (Queue, "add")):
            monkeypatch.setattr(owner, name, self._counted(getattr(owner, name), across=across and name == "rename"))

    def _counted(self, do: Callable[..., object], *, across: bool) -> Callable[..., object]:
        def counted(*arguments: object, **named: object) -> object:
            self.left -= 1
            if self.left == 0:
                raise Killed
            if across and Path(str(arguments[0])).parent != Path(str(arguments[1])).parent:
                raise OSError(errno.EXDEV, "another volume")
            return do(*arguments, **named)

        return counted


@pytest.mark.parametrize("across", [False, True])
def test_killed_at_every_step(bench: Bench, monkeypatch: pytest.MonkeyPatch, *, across: bool) -> None:
    """After each start the dossier lies where it lay, or is taken as a whole."""
    for name, data in _PAGES.items():
        bench.put(f"{_CODE}/{name}", data)
    bench.put(f"{_CODE}/xong.txt", b"")
    bench.look()
    kills = 0
    while bench.queue.batches(BatchState.SENDING) == []:
        kills += 1
        with monkeypatch.context() as patched:
            Killing(patched, kills, across=across)
            try:
                recover(bench.queue, bench.spool)
                bench.look(100)
                bench.look(100)
            except Killed:
                pass
        kept = sorted(data for path, data in bench.kept().items() if not path.endswith((".txt", ".part")))
        assert sorted(set(kept)) == sorted(_PAGES.values())
    assert kills > 10
    recover(bench.queue, bench.spool)
    assert sorted(bench.kept().values()) == sorted(_PAGES.values())
    assert not (bench.hot / _CODE).exists()
    (batch,) = bench.queue.batches(*BatchState)
    assert {item.state for item in bench.queue.all_items(batch)} == {FileState.CLAIMED}
    assert {item.name: bench.spool.path(item).read_bytes() for item in bench.queue.all_items(batch)} == _PAGES


def test_a_name_that_was_taken_meanwhile_keeps_its_file(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is put back takes another name then."""
    for name, data in _PAGES.items():
        bench.put(f"{_CODE}/{name}", data)
    bench.look()
    with monkeypatch.context() as patched:
        Killing(patched, 6, across=False)
        with pytest.raises(Killed):
            bench.look(100)
    bench.put(f"{_CODE}/0.jpg", b"another")
    recover(bench.queue, bench.spool)
    there = {path.name: path.read_bytes() for path in (bench.hot / _CODE).iterdir()}
    assert there == {**_PAGES, "0.jpg": b"another", "0-2.jpg": _PAGES["0.jpg"]}


def test_two_stations_over_one_folder(bench: Bench, tmp_path: Path) -> None:
    """Who renames first has the page; the other one has taken nothing."""
    for name, data in _PAGES.items():
        bench.put(f"{_CODE}/{name}", data)
    bench.look()
    bench.clock.now += 100
    folder = bench.gatherer.settings.folders[0]
    plan = planned(look_into(bench.hot / _CODE), folder, bench.watch)
    with closing(Queue(tmp_path / "other.db")) as queue:
        other = Spool(tmp_path / "other")
        other.root.mkdir()
        claim(plan, bench.hot, queue, other)
        with pytest.raises(Lost):
            claim(plan, bench.hot, bench.queue, bench.spool)
        assert sorted(path.read_bytes() for path in other.root.iterdir()) == sorted(_PAGES.values())
    assert bench.kept() == {}
    assert bench.queue.batches(*BatchState) == []


def test_a_full_disk(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost of what could not be copied; with room again it is taken."""
    for name, data in _PAGES.items():
        bench.put(f"{_CODE}/{name}", data)
    bench.look()

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        Killing(patched, 10_000, across=True)
        patched.setattr("station.claiming.copy_whole", full)
        with pytest.raises(OSError, match="full"):
            bench.look(100)
    assert sorted(bench.kept().values()) == sorted(_PAGES.values())
    recover(bench.queue, bench.spool)
    bench.look()
    assert bench.look(100) == []
    assert len(bench.queue.batches(BatchState.SENDING)) == 1
