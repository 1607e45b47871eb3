"""Read pages in one confined child process that may die without taking anything with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confine import Confined, Keeper, Limits, ends_rejected
from dossier.page import PageReading
from dossier.scan import PageScan
from ocr.settings import ReaderSettings

if TYPE_CHECKING:  # the pixels are the child's to handle, and so are their libraries
    from ocr.page import Effort

__all__ = ["BoundedReader", "ReaderSettings"]


class BoundedReader(Keeper):
    """Reads pages one after the other in a child process with hard limits on time and memory.

    The child is started by the first page and lives on; after a kill the next page gets a new one. Whether a page
    is tried again, and with how much effort, is the caller's decision. Use it from one thread only.
    """

    def __init__(self, settings: ReaderSettings | None = None) -> None:
        """Take the settings; nothing is started yet."""
        self._settings = settings or ReaderSettings()
        limits = Limits(
            wall_seconds=self._settings.wall_seconds,
            cpu_seconds=self._settings.cpu_seconds,
            memory_bytes=self._settings.memory_bytes,
        )
        super().__init__(Confined("ocr.child:read_page", limits, setup=("ocr.child:start", self._settings)))

    @property
    def pid(self) -> int | None:
        """Process id of the running child, or None."""
        return self._child.pid

    def read(self, data: bytes, scan: PageScan, effort: Effort = "full", *, cleared: bool = False) -> PageReading:
        """Return the words of a page, where they stand on the scan, and the verdict.

        Args:
            data: The page image's bytes.
            scan: What these bytes are; see `dossier.scan`.
            effort: "low" is the cheap second attempt: 150 dpi, strong filter, no search for the orientation.
            cleared: A person has said of this very page that its paper is no state secret.

        Returns:
            The reading. Word boxes are in pixels of the reading frame; `transform` leads to the scan. When
            `secret` is set, or a person is to be asked (`may_be_secret`), there are no words.

        Raises:
            Rejected: READ_TIMEOUT, READ_MEMORY or READ_CRASHED when the child had to be stopped or died;
                IMAGE_DAMAGED, IMAGE_BOMB or PAGE_ZERO_SIZE for the bytes themselves.
            Unavailable: MODEL_MISSING, the language data is not installed.
        """
        with ends_rejected():
            reading: PageReading = self._child.call(data, scan, effort, cleared)
        return reading
