"""Pictures of the pages of a PDF, for a browser: made in a confined child process, for the file may be anybody's."""

from __future__ import annotations

from pathlib import Path

from confine import Confined, Keeper, Limits, ends_rejected

_LIMITS = Limits(wall_seconds=20, cpu_seconds=15, memory_bytes=2 << 30)


class BoundedPreviewer(Keeper):
    """Makes pictures one after the other in a child process with hard limits. Use it from one thread at a time."""

    def __init__(self) -> None:
        """Nothing is started yet."""
        super().__init__(Confined("rendition.preview_child:shown", _LIMITS))

    def picture(self, path: Path, number: int, turn: int, width: int) -> bytes:
        """Return a page as JPEG, as it is read.

        Args:
            path: The PDF.
            number: Which page, from 1.
            turn: Degrees clockwise by which the scan in it is turned to be upright; what the file itself says is
                taken into account.
            width: Pixels across. A page that is much longer than wide comes narrower.

        Raises:
            Rejected: PDF_DAMAGED, it has no such page or is none; READ_TIMEOUT, READ_MEMORY or READ_CRASHED when the
                child had to be stopped or died.
        """
        with ends_rejected():
            made: bytes = self._child.call(str(path), number, turn, width)
        return made
