"""Put one outside file through what happens to a delivered one: taken in one child, read in another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bench.processes import forget_peak, peak_memory
from dossier.errors import Code, HososoError, Rejected
from ingest.confined import BoundedTaker
from ingest.limits import Limits
from ingest.taken import TakenPage
from ocr.reader import BoundedReader, ReaderSettings

# The clock may stop each child once more than it allows for: see `confine.parent.Confined.call`.
_PATIENCE: Final = 2.5
_CHILD_ENDED: Final = frozenset({Code.READ_CRASHED, Code.READ_MEMORY, Code.READ_TIMEOUT})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page, or of a file that was refused before it had pages (`page` 0).

    Attributes:
        file: Path below the folder of outside images.
        page: From 1.
        result: The verdict, or the code of the refusal.
        detail: Reasons of the verdict, or the detail of the refusal.
        words: Number of words read.
        text: What was read.
        seconds: By the clock, taking and reading.
        memory: Peak of the reader in MiB.
        effort: "low" when the first attempt killed its reader.
        fault: Why this is not acceptable whatever the file is, or empty.
    """

    file: str
    page: int
    result: str
    detail: str = ""
    words: int = 0
    text: str = ""
    seconds: float = 0.0
    memory: float = 0.0
    effort: str = "full"
    fault: str = ""


class Trial:
    """A taker and a reader with the limits of production, one file after the other."""

    def __init__(self, root: Path, most_pages: int) -> None:
        """Try files below `root`, no more than `most_pages` of each."""
        self._root = root
        self._most_pages = most_pages
        self._limits = Limits()
        self._settings = ReaderSettings()
        self._taker = BoundedTaker(self._limits)
        self._reader = BoundedReader(self._settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._taker.close()
        self._reader.close()

    def outcomes(self, path: Path) -> Iterator[Outcome]:
        """Yield what becomes of the pages of a file."""
        name = path.relative_to(self._root).as_posix()
        pages = self._taker.pages(path)
        for number in range(1, self._most_pages + 1):
            start = time.monotonic()
            try:
                page = next(pages, None)
            except Exception as exc:  # noqa: BLE001 - a crash is what this program looks for
                yield _stopped(name, number - 1, exc, time.monotonic() - start)
                return
            if page is None:
                return
            yield self._read(name, page, start)

    def _read(self, name: str, page: TakenPage, start: float) -> Outcome:
        if self._reader.pid is not None:
            forget_peak(self._reader.pid)
        killed = ""
        for effort in ("full", "low"):
            try:
                reading = self._reader.read(page.data, page.scan, effort)
            except Exception as exc:  # noqa: BLE001 - a crash is what this program looks for
                stopped = _stopped(name, page.number, exc, time.monotonic() - start, effort)
                if not isinstance(exc, Rejected) or exc.code not in _CHILD_ENDED or effort == "low":
                    return stopped
                killed = stopped.result
                continue
            break
        seconds = time.monotonic() - start
        hung = seconds > _PATIENCE * (self._limits.wall_seconds + 2 * self._settings.wall_seconds)
        return Outcome(
            name,
            page.number,
            reading.verdict.value,
            " ".join((killed, *reading.reasons)).strip(),
            len(reading.text.words),
            reading.text.plain(),
            seconds,
            peak_memory(self._reader.pid or 0),
            effort,
            "hung" if hung else "",
        )


def _stopped(name: str, page: int, exc: Exception, seconds: float, effort: str = "full") -> Outcome:
    if not isinstance(exc, HososoError):
        return Outcome(name, page, type(exc).__name__, str(exc), seconds=seconds, effort=effort, fault="bug")
    detail = exc.detail or ""
    unexpected = exc.code is Code.FILE_UNREADABLE and (" while " in detail or "signal" in detail)
    fault = "crash" if exc.code is Code.READ_CRASHED else "unexpected" if unexpected else ""
    return Outcome(name, page, exc.code.value, detail, seconds=seconds, effort=effort, fault=fault)
