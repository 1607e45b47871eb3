"""What the site keeps in memory for a while: pictures of pages, and what has been noted a moment ago."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dossier.errors import Code, Unavailable
from rendition.marked import BoundedMarker, Mark
from rendition.preview import BoundedPreviewer

_SELDOM = 600.0
_COPY_PATIENCE = 20.0
_MOST_PICTURES, _MOST_BYTES = 200, 48 << 20


class Noted:
    """Remembers what was noted in the last ten minutes."""

    def __init__(self, most: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[str, ...], float] = OrderedDict()

    def again(self, *what: str) -> bool:
        """Return whether this has been noted a moment ago; from now on it has."""
        with self._lock:
            now, before = self._clock(), self._seen.pop(what, None)
            if before is not None and now - before < _SELDOM:
                self._seen[what] = before
                return True
            self._seen[what] = now
            while len(self._seen) > self._most:
                self._seen.popitem(last=False)
            return False


class Copier:
    """Makes marked copies in a child process, one at a time; whoever comes too late for a turn is told to try again."""

    def __init__(self) -> None:
        self._turn = threading.Semaphore(1)
        self._marker = BoundedMarker()

    def make(self, path: Path, target: Path, turns: Sequence[int], mark: Mark) -> None:
        """Write a copy; raises as `BoundedMarker.copy` does, and Unavailable(COPY_BUSY)."""
        if not self._turn.acquire(timeout=_COPY_PATIENCE):
            raise Unavailable(Code.COPY_BUSY)
        try:
            self._marker.copy(path, target, turns, mark)
        finally:
            self._turn.release()

    def close(self) -> None:
        """End the child process."""
        self._marker.close()


class Pictures:
    """Makes pictures of pages in child processes, two at a time, and keeps those asked for last."""

    def __init__(self, most: int = 2) -> None:
        self._idle = [BoundedPreviewer() for _ in range(most)]
        self._turn = threading.Semaphore(most)
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._bytes = 0

    def kept(self, key: tuple[str, int, int]) -> bytes | None:
        """Return a picture that was made before."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def make(self, key: tuple[str, int, int], *scan: Any) -> bytes:  # noqa: ANN401 - as `BoundedPreviewer.picture`
        """Make a picture; raises as `BoundedPreviewer.picture` does."""
        with self._turn:
            with self._lock:
                previewer = self._idle.pop()
            try:
                made = previewer.picture(*scan)
            finally:
                with self._lock:
                    self._idle.append(previewer)
        with self._lock:
            self._kept[key] = made
            self._bytes += len(made)
            while self._kept and (len(self._kept) > _MOST_PICTURES or self._bytes > _MOST_BYTES):
                self._bytes -= len(self._kept.popitem(last=False)[1])
        return made

    def close(self) -> None:
        """End the child processes."""
        for previewer in self._idle:
            previewer.close()
