"""Copies with a printed look-up mark: pictures of the pages in a file of their own, each with the mark below it.

The archived file is only read. What comes out carries no signature and cannot be taken for the original: every page
says that it is a copy, of what, when and for whom it was made, with a code in words and as QR (ISO/IEC 18004).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from confine import Confined, Keeper, Limits, ends_rejected
from dossier.errors import Code, Rejected
from rendition.fonts import find_serif

_LIMITS = Limits(wall_seconds=110, cpu_seconds=100, memory_bytes=2 << 30)
MOST_PAGES = 300


@dataclass(frozen=True, slots=True)
class Mark:
    """What each page says: a title, lines below it, and what the QR holds."""

    title: str
    lines: tuple[str, ...]
    qr: str


class BoundedMarker(Keeper):
    """Makes marked copies one after the other in a child process with hard limits. From one thread at a time."""

    def __init__(self) -> None:
        """Nothing is started yet."""
        super().__init__(Confined("rendition.marked_child:made", _LIMITS))

    def copy(self, path: Path, target: Path, turns: Sequence[int], mark: Mark) -> None:
        """Write a marked copy.

        Args:
            path: The PDF that is copied; it may be anybody's.
            target: Where the copy is written.
            turns: For each page, degrees clockwise by which it is turned to be upright.
            mark: What stands below each page.

        Raises:
            Rejected: COPY_TOO_LONG, it has more pages than are copied; PDF_DAMAGED; READ_TIMEOUT, READ_MEMORY or
                READ_CRASHED when the child had to be stopped or died.
            Unavailable(FONT_MISSING): No font for the mark.
        """
        if len(turns) > MOST_PAGES:
            raise Rejected(Code.COPY_TOO_LONG, f"more than {MOST_PAGES} pages")
        font = find_serif()
        with ends_rejected():
            self._child.call(str(path), str(target), list(turns), mark.title, list(mark.lines), mark.qr, str(font))
