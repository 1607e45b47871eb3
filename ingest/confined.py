"""Take pages out of files that nobody vouches for: in a child process with bounded time and memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from confine import Confined, Died, Keeper, OutOfMemory, TimedOut
from confine import Limits as ConfineLimits
from dossier.errors import Code, Rejected
from dossier.page import PageReading
from ingest.limits import Limits
from ingest.taken import Inspection, TakenPage


class BoundedTaker(Keeper):
    """`ingest.take` and `ingest.born_digital` in a confined child; one page crosses over at a time.

    Args:
        limits: Bounds on files and on each call into the child.

    All methods raise Rejected with the file's own code, and FILE_UNREADABLE when the child had to be stopped or
    died of the file; the next call gets a fresh child. Use it from one thread.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        bounds = ConfineLimits(self._limits.wall_seconds, self._limits.cpu_seconds, self._limits.memory_bytes)
        super().__init__(Confined("ingest.child:take", bounds))

    def inspect(self, path: Path, name: str = "") -> Inspection:
        """Return page count, signature and media type of a file, `name` being its own where it lies under another."""
        inspection: Inspection = self._ask("inspect", path, 0, name)
        return inspection

    def pages(self, path: Path, name: str = "") -> Iterator[TakenPage]:
        """Yield the pages of a file in order, `name` being its own where it lies under another."""
        for number in range(1, self.inspect(path, name).pages + 1):
            page: TakenPage = self._ask("page", path, number, name)
            yield page

    def readings(self, path: Path) -> Iterator[PageReading]:
        """Yield the text of each page of a PDF in order, as `ingest.born_digital.page_readings`."""
        for number in range(1, self.inspect(path).pages + 1):
            reading: PageReading = self._ask("reading", path, number)
            yield reading

    def _ask(self, action: str, path: Path, number: int = 0, name: str = "") -> Any:  # noqa: ANN401 - typed by its callers
        try:
            return self._child.call(action, path, self._limits, number, name)
        except TimedOut as exc:
            raise Rejected(Code.FILE_UNREADABLE, f"{action} took too long") from exc
        except OutOfMemory as exc:
            raise Rejected(Code.FILE_UNREADABLE, f"{action} needed too much memory") from exc
        except Died as exc:
            raise Rejected(Code.FILE_UNREADABLE, f"{action} ended by signal {exc.signal}") from exc
