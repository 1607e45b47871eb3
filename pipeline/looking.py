"""Looking at the pages of a file before anybody reads them: with children of one's own, keeping nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from dossier.errors import Code, Rejected
from dossier.page_look import PageLook
from ingest.confined import BoundedTaker
from ingest.limits import Limits
from ocr.looker import BoundedLooker


class FileLooker:
    """Takes files apart and looks at their pages, in confined children. Use it from one thread, in a `with` block."""

    def __init__(self, limits: Limits) -> None:
        """Take the limits of files; nothing is started yet."""
        self._taker, self._looker = BoundedTaker(limits), BoundedLooker()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(self._taker)
        self._stack.enter_context(self._looker)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def looks(self, path: Path, group: str, name: str) -> Iterator[PageLook]:
        """Yield the look at each page of a file in order.

        A page that is no scan, of a PDF that a program wrote, has none.

        Args:
            path: The file.
            group: Pages of one group are compared with each other.
            name: Of the file in its group; where it has no ending the path's counts.

        Raises:
            Rejected: Of the file, see `BoundedTaker`; of a page, see `BoundedLooker`.
        """
        for page in self._taker.pages(path, Path(name).name if Path(name).suffix else ""):
            if page.scan.resampled:
                continue
            try:
                yield self._looker.look(page.data, page.scan, page.number, group, name)
            except Rejected as exc:
                if exc.code not in _UNSEEN:
                    raise


_UNSEEN = (Code.READ_TIMEOUT, Code.READ_MEMORY, Code.READ_CRASHED)
"""Such a page is told of once it is read; the others are looked at all the same."""
