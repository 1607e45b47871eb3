"""Read places of pages again in one confined child process that may die without taking anything with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from confine import Confined, Keeper, Limits, ends_rejected
from dossier.page import PageTransform
from dossier.scan import PageScan
from ocr.settings import ReaderSettings

if TYPE_CHECKING:  # the pixels are the child's to handle, and so are their libraries
    from ocr.again import Piece, Readings

_WALL_SECONDS, _CPU_SECONDS = 20.0, 15


class SecondReader(Keeper):
    """Reads places of one page after the other in a child process with hard limits on time and memory.

    The child is started by the first page that has doubtful places and lives on. Use it from one thread only.
    """

    def __init__(self, settings: ReaderSettings | None = None) -> None:
        """Take the settings of the reader, whose time for a whole page is cut down; nothing is started yet."""
        own = replace(settings or ReaderSettings(), wall_seconds=_WALL_SECONDS, cpu_seconds=_CPU_SECONDS)
        limits = Limits(own.wall_seconds, own.cpu_seconds, own.memory_bytes)
        super().__init__(Confined("ocr.again_child:read", limits, setup=("ocr.again_child:start", own)))

    def read(
        self, data: bytes, scan: PageScan, transform: PageTransform, pieces: Sequence[Piece]
    ) -> tuple[Readings, ...]:
        """Return what stands at each place of a page, read in several sizes; see `ocr.again.read_again`.

        Args:
            data: The page image's bytes.
            scan: What these bytes are; see `dossier.scan`.
            transform: How the page was turned and levelled when it was read at first.
            pieces: The places.

        Raises:
            Rejected: READ_TIMEOUT, READ_MEMORY or READ_CRASHED when the child had to be stopped or died;
                IMAGE_DAMAGED, IMAGE_BOMB or PAGE_ZERO_SIZE for the bytes themselves.
            Unavailable: MODEL_MISSING, the language data is not installed.
        """
        with ends_rejected():
            found: tuple[Readings, ...] = self._child.call(data, scan, transform, tuple(pieces))
        return found
