"""A hot folder and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from station.claiming import Spool
from station.gatherer import Gatherer
from station.queue import Queue
from station.settings import HotFolder, NotSecret, StationSettings, WholeWhen
from station.watching import Watch


@dataclass
class Clock:
    """A clock that only runs when it is told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@dataclass
class Bench:
    """A hot folder with all that looks at it."""

    root: Path
    queue: Queue
    whole_when: WholeWhen = WholeWhen.QUIET
    not_secret: NotSecret = NotSecret.FOLDER
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.hot, self.spool = self.root / "quet", Spool(self.root / "tep")
        for folder in (self.hot, self.spool.root):
            folder.mkdir(exist_ok=True)
        self.watch = Watch(5.0, self.clock)

    @property
    def gatherer(self) -> Gatherer:
        """Return what looks at the folder, with a memory that outlives it."""
        folder = HotFolder(self.hot, self.whole_when, 60.0, self.not_secret)
        settings = StationSettings("", None, None, self.root, 1.0, 5.0, (folder,), ())
        return Gatherer(settings, self.queue, self.spool, self.watch)

    def put(self, name: str, data: bytes) -> Path:
        """Put a file into the folder."""
        path = self.hot / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def look(self, later: float = 0.0) -> list[tuple[str, str]]:
        """Let time go by, look, and return what waits: why, and which file."""
        self.clock.now += later
        gatherer = self.gatherer
        gatherer.gather()
        return [(each.wait, each.subject) for each in gatherer.standing.waiting]

    def kept(self) -> dict[str, bytes]:
        """Return every file that is anywhere, by digest of place: bytes of papers only."""
        return {
            str(path): path.read_bytes()
            for place in (self.hot, self.spool.root)
            for path in place.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Give an empty hot folder."""
    with closing(Queue(tmp_path / "queue.db")) as queue:
        yield Bench(tmp_path, queue)
