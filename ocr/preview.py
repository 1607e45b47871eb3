"""Pictures of pages for a browser: made in a confined child process, for the bytes of a scan are hostile."""

from __future__ import annotations

from confine import Confined, Died, Keeper, Limits, OutOfMemory, TimedOut
from dossier.errors import Code, Rejected
from dossier.scan import PageScan

MOST_WIDTH = 2500
_LIMITS = Limits(wall_seconds=20, cpu_seconds=15, memory_bytes=2 << 30)


class BoundedPreviewer(Keeper):
    """Makes pictures one after the other in a child process with hard limits. Use it from one thread at a time."""

    def __init__(self) -> None:
        """Nothing is started yet."""
        super().__init__(Confined("ocr.preview_child:shown", _LIMITS))

    def picture(self, data: bytes, scan: PageScan, turn: int, width: int) -> bytes:
        """Return a page upright as JPEG.

        Args:
            data: The page image's bytes.
            scan: What these bytes are.
            turn: Degrees clockwise that make it upright: 0, 90, 180, 270.
            width: Pixels across; a smaller scan is not enlarged. At most 2500.

        Raises:
            Rejected: IMAGE_DAMAGED, IMAGE_BOMB or PAGE_ZERO_SIZE for the bytes; READ_TIMEOUT, READ_MEMORY or
                READ_CRASHED when the child had to be stopped or died.
        """
        try:
            made: bytes = self._child.call(data, scan, turn, min(width, MOST_WIDTH))
        except TimedOut as exc:
            raise Rejected(Code.READ_TIMEOUT, str(exc)) from exc
        except OutOfMemory as exc:
            raise Rejected(Code.READ_MEMORY, "address space") from exc
        except Died as exc:
            raise Rejected(Code.READ_CRASHED, str(exc)) from exc
        return made
