"""Read the codes of pages in one confined child process, without the engine that reads words."""

from __future__ import annotations

from confine import Confined, Keeper, Limits, ends_rejected
from dossier.page import PageCodes
from dossier.scan import PageScan

_LIMITS = Limits(wall_seconds=20, cpu_seconds=15, memory_bytes=2 << 30)


class BoundedCodeReader(Keeper):
    """Looks at one page after the other in a child with hard limits; after a kill the next page gets a new one.

    Use it from one thread only.
    """

    def __init__(self, limits: Limits = _LIMITS) -> None:
        """Take the limits of one page; nothing is started yet."""
        super().__init__(Confined("ocr.code_child:look", limits))

    def look(self, data: bytes, scan: PageScan) -> PageCodes:
        """Return the codes on a page.

        Args:
            data: The page image's bytes.
            scan: What these bytes are; see `dossier.scan`.

        Returns:
            The codes, with boxes in pixels of the scan, and what looks like one and is not readable.

        Raises:
            Rejected: READ_TIMEOUT, READ_MEMORY or READ_CRASHED when the child had to be stopped or died;
                IMAGE_DAMAGED, IMAGE_BOMB or PAGE_ZERO_SIZE for the bytes themselves.
        """
        with ends_rejected():
            found: PageCodes = self._child.call(data, scan)
        return found
