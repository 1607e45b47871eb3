"""Writers that come at the same moment: threads with catalogues of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from catalog import Catalogue, Transaction

T = TypeVar("T")
_SOON = 0.15  # seconds in which a thread that is not held up gets anywhere


class Writers:
    """Runs writes, each in a transaction of its own."""

    def __init__(self, url: str, pool: ThreadPoolExecutor) -> None:
        self._url = url
        self._pool = pool

    def begin(self, write: Callable[[Transaction], T]) -> Future[T]:
        """Begin a write in a thread."""
        return self._pool.submit(self._write, write)

    def held_up(self, write: Callable[[Transaction], T]) -> Future[T]:
        """Begin a write that has to wait for a transaction which the caller holds open."""
        begun = self.begin(write)
        with_time = threading.Event()
        begun.add_done_callback(lambda _: with_time.set())
        assert not with_time.wait(_SOON), "nobody held it up"
        return begun

    def at_once(self, *writes: Callable[[Transaction], T]) -> list[T]:
        """Run writes that all start at the same moment; return what they return."""
        start = threading.Barrier(len(writes))

        def run(write: Callable[[Transaction], T]) -> T:
            start.wait(10)
            return self._write(write)

        return [done.result(60) for done in [self._pool.submit(run, write) for write in writes]]

    def _write(self, write: Callable[[Transaction], T]) -> T:
        own = Catalogue(self._url)
        try:
            with own.write() as tx:
                return write(tx)
        finally:
            own.close()
