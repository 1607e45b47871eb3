"""Looks at single files for somebody who waits: a station asks what a page is worth before its hand-over is complete.

One thread with children of its own does it, apart from the first looks at hand-overs, so that a page just scanned does
not wait behind a box of them. Nothing is kept.
"""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from dossier.errors import Code, HososoError, Unavailable
from dossier.page_look import PageLook
from ingest.limits import Limits
from pipeline.looking import FileLooker

_WAITING = 50
_MOST_PAGES = 20
_LONGEST_SECONDS = 60.0
_LAST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Asked:
    path: Path
    group: str
    name: str
    answer: Future[tuple[PageLook, ...]]


@dataclass
class SingleLooks:
    """Looks at one file after the other. Any thread may ask; the children are started by the first question.

    Attributes:
        limits: On files.
    """

    limits: Limits
    _waiting: queue.Queue[_Asked | None] = field(default_factory=lambda: queue.Queue(_WAITING))
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, path: Path, group: str, name: str) -> tuple[PageLook, ...]:
        """Return the look at each of the first twenty pages of a file, in order; a page that a program wrote has none.

        Args:
            path: The file; it may go once this has returned.
            group: Pages of one group are compared with each other.
            name: Of the file in its group.

        Raises:
            Rejected: Of the file, see `FileLooker`.
            Unavailable(UPLOAD_BUSY): Too many wait, or it takes too long.
        """
        asked = _Asked(path, group, name, Future())
        try:
            self._waiting.put_nowait(asked)
        except queue.Full:
            raise Unavailable(Code.UPLOAD_BUSY, "many looks wait") from None
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="single-looks", daemon=True)
                self._thread.start()
        try:
            return asked.answer.result(_LONGEST_SECONDS)
        except TimeoutError:
            asked.answer.cancel()
            raise Unavailable(Code.UPLOAD_BUSY, "the look takes long") from None

    def close(self) -> None:
        """End the thread and its children."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join(_LAST_SECONDS)

    def _run(self) -> None:
        with FileLooker(self.limits) as looker:
            while (asked := self._waiting.get()) is not None:
                if not asked.answer.set_running_or_notify_cancel():
                    continue
                try:
                    found = islice(looker.looks(asked.path, asked.group, asked.name), _MOST_PAGES)
                    asked.answer.set_result(tuple(found))
                except (HososoError, OSError) as exc:
                    asked.answer.set_exception(exc)
