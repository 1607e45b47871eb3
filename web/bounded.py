"""Work that may hang, asked for from a server that must not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Bounded(Generic[Found]):
    """Runs one piece of blocking work in a thread of its own, one run at a time.

    Whoever asks while it runs waits for that run. Whoever has waited too long goes away; the run goes on, and as long
    as it does no other is begun, so work that hangs costs one thread however often it is asked for. The thread does
    not keep the process from ending.
    """

    def __init__(self, work: Callable[[], Found], seconds: float) -> None:
        self._work = work
        self._seconds = seconds
        self._run: Future[Found] | None = None

    async def ask(self) -> Found:
        """Return what the work returns, or raise what it raises.

        Raises:
            TimeoutError: It takes longer than the time limit.
        """
        if self._run is None or self._run.done():
            self._run = Future()
            threading.Thread(target=self._do, args=(self._run,), daemon=True).start()
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._run)), self._seconds)

    def _do(self, run: Future[Found]) -> None:
        try:
            found = self._work()
        except Exception as exc:  # noqa: BLE001 - whatever ends the work is told to those who asked
            run.set_exception(exc)
        else:
            run.set_result(found)
