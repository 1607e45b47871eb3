"""Look at pages in one confined child process, without the engine that reads words."""

from __future__ import annotations

from confine import Confined, Keeper, Limits, ends_rejected
from dossier.page_look import PageLook
from dossier.scan import PageScan

_LIMITS = Limits(wall_seconds=20, cpu_seconds=15, memory_bytes=2 << 30)


class BoundedLooker(Keeper):
    """Looks at one page after the other in a child with hard limits; after a kill the next page gets a new one.

    Use it from one thread only.
    """

    def __init__(self, limits: Limits = _LIMITS) -> None:
        """Take the limits of one page; nothing is started yet."""
        super().__init__(Confined("ocr.look_child:look", limits))

    def look(self, data: bytes, scan: PageScan, number: int, group: str = "", name: str = "") -> PageLook:
        """Return what can be told of the picture of a page; words are not read, nothing is kept on a disk.

        Args:
            data: The page image's bytes.
            scan: What these bytes are; see `dossier.scan`.
            number: Of the page in its file.
            group: Pages of one group are compared with each other; empty: with none.
            name: Of the page's file in its group.

        Returns:
            Verdict and reasons. A sheet that was looked at in its group before is told as `same_sheet`, with the place
            of the other; a child that had to be replaced has forgotten those before it.

        Raises:
            Rejected: READ_TIMEOUT, READ_MEMORY or READ_CRASHED when the child had to be stopped or died;
                IMAGE_DAMAGED, IMAGE_BOMB or PAGE_ZERO_SIZE for the bytes themselves.
        """
        with ends_rejected():
            found: PageLook = self._child.call(data, scan, number, group, name)
        return found
