"""An index writer that is killed at any moment leaves content and mark of one and the same update."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dossier.errors import Code, Unavailable
from search import IndexPage, SearchIndex, parse_query
from search.fts5_index import Fts5Index
from search.tantivy_index import TantivyIndex

INDEXES: dict[str, Callable[[Path, float], SearchIndex]] = {"TantivyIndex": TantivyIndex, "Fts5Index": Fts5Index}
CHILD = """
import sys
from pathlib import Path
from search import IndexPage
from search.fts5_index import Fts5Index
from search.tantivy_index import TantivyIndex

index = {"TantivyIndex": TantivyIndex, "Fts5Index": Fts5Index}[sys.argv[1]](Path(sys.argv[2]))
mark = index.mark()
while True:
    mark += 1
    name = f"d{mark % 5}"
    pages = [IndexPage(f"{name}:{n}", name, "", n, "", "", 2026, "", f"lần {mark}") for n in range(1, 40)]
    index.update(pages, [f"d{(mark + 1) % 5}"], mark)
    print(mark, flush=True)
"""


def state(index: SearchIndex) -> dict[str, int]:
    """Return how many pages of each update the index holds."""
    mark = index.mark()
    counts = {f"lần {n}": index.search(parse_query(f'"lần {n}"')).total for n in range(max(1, mark - 6), mark + 2)}
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("kind", INDEXES)
def test_killed_writers_leave_content_and_mark_together(kind: str, tmp_path: Path) -> None:
    """After each of many kills the index opens, and holds exactly the documents that its mark says."""
    last = 0
    for attempt in range(8):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, kind, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
        )
        assert child.stdout is not None
        acknowledged = int(child.stdout.readline())
        time.sleep(0.013 * attempt)
        child.kill()
        rest = child.stdout.read().split()
        child.stdout.close()
        child.wait()
        acknowledged = max([acknowledged, *(int(line) for line in rest if line)])
        index = INDEXES[kind](tmp_path, 5.0)
        mark = index.mark()
        assert mark in (acknowledged, acknowledged + 1)
        assert mark > last
        # Each update writes document d(mark mod 5) and removes the next one: the last four updates are there.
        assert state(index) == {f"lần {n}": 39 for n in range(max(1, mark - 3), mark + 1)}
        last = mark


@pytest.mark.parametrize("kind", INDEXES)
def test_writers_take_turns_and_readers_read_on(kind: str, tmp_path: Path) -> None:
    """While one writer is at work another waits, then gives up with INDEX_UNAVAILABLE; readers are not stopped."""
    first, second = INDEXES[kind](tmp_path, 5.0), INDEXES[kind](tmp_path, 0.2)
    plain = IndexPage("d1:1", "d1", "", 1, "", "", 2026, "", "đất")
    first.update([plain], [], 1)
    entered, leave = threading.Event(), threading.Event()

    def slow_pages() -> Iterator[IndexPage]:
        entered.set()
        leave.wait(10)
        yield plain

    writer = threading.Thread(target=lambda: first.update(slow_pages(), [], 2))
    writer.start()
    assert entered.wait(10)
    with pytest.raises(Unavailable) as told:
        second.update([plain], [], 3)
    assert told.value.code is Code.INDEX_UNAVAILABLE
    assert second.search(parse_query("dat")).total == 1
    leave.set()
    writer.join(10)
    second.update([plain], [], 3)
    assert first.mark() == 3


@pytest.mark.parametrize("kind", INDEXES)
def test_a_damaged_index_is_told_and_cleared(kind: str, tmp_path: Path) -> None:
    """Overwritten files are INDEX_UNAVAILABLE, not a wrong answer; clear puts it right and the replay fills it."""
    pages = [IndexPage(f"d{n}:1", f"d{n}", "", 1, "", "", 2026, "", "đất") for n in range(300)]
    INDEXES[kind](tmp_path, 5.0).update(pages, [], 4)
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.stat().st_size:
            path.chmod(0o644)
            path.write_bytes(b"\xff" * path.stat().st_size)
    index = INDEXES[kind](tmp_path, 5.0)
    for call in (index.mark, lambda: index.search(parse_query("dat")), lambda: index.update(pages, [], 5)):
        with pytest.raises(Unavailable) as told:
            call()
        assert told.value.code is Code.INDEX_UNAVAILABLE
    index.clear()
    assert index.mark() == 0
    index.update(pages, [], 5)
    assert index.search(parse_query("dat")).total == 300


@pytest.mark.parametrize("kind", INDEXES)
def test_a_deleted_index_is_built_anew(kind: str, tmp_path: Path) -> None:
    """The folder may be deleted while a process has it open: the mark reads 0 and the replay fills it again."""
    folder = tmp_path / "index"
    page = IndexPage("d1:1", "d1", "", 1, "", "", 2026, "", "đất")
    index = INDEXES[kind](folder, 5.0)
    index.update([page], [], 4)
    assert index.mark() == 4
    shutil.rmtree(folder)
    assert index.mark() == 0
    assert index.search(parse_query("dat")).total == 0
    index.update([page], [], 1)
    assert index.search(parse_query("dat")).total == 1


def test_files_of_a_killed_commit_are_no_obstacle(tmp_path: Path) -> None:
    """Killed after its files and before its meta.json, a tantivy commit is made again under the same file names."""
    index = TantivyIndex(tmp_path)
    pages = [IndexPage(f"d{n}:1", f"d{n}", "", 1, "", "", 2026, "", "đất") for n in range(9)]
    index.update(pages, [], 1)
    (meta,) = tmp_path.rglob("meta.json")
    before = meta.read_bytes()
    index.update([], ["d3"], 2)
    meta.write_bytes(before)
    for path in tmp_path.rglob("*.lock"):
        path.unlink()
    again = TantivyIndex(tmp_path)
    assert again.mark() == 1
    again.update([], ["d3"], 2)
    assert again.search(parse_query("dat")).total == 8
