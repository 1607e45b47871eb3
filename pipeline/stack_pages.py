"""Pages of parts of stacks as people see them: each as a PDF of its own, from where it waits."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from catalog.stacks import StackPart
from dossier.errors import Code, Rejected
from pipeline.services import Services
from rendition.plain import write_scans


@contextmanager
def page_as_pdf(own: StackPart, at: int, services: Services) -> Iterator[tuple[Path, int]]:
    """Give a PDF with a page of a part that waits, and which page of it that is.

    Args:
        own: The part.
        at: Which of its pages, from 1.
        services: Of this process; of another host's parts nothing lies here.

    Raises:
        Rejected: PAGE_UNKNOWN, there is no such page here; what its file's kind may be rejected for.
    """
    piece, number = _piece(own, at, services)
    if piece.suffix == ".pdf":
        yield piece, number
        return
    with tempfile.TemporaryDirectory(dir=services.scratch) as folder:
        drawn = Path(folder) / "trang.pdf"
        with drawn.open("wb") as stream:
            own_page = ((page.scan, page.data) for page in services.taker.pages(piece) if page.number == number)
            write_scans(stream, own_page)
        yield drawn, 1


def _piece(own: StackPart, at: int, services: Services) -> tuple[Path, int]:
    """Return the file of a part that has a page, as `stacks.take_stack` has cut it, and the page's number in it."""
    folder = services.spool.stack(own.stack_id) / str(own.position)
    before = 0
    for number, (_, group) in enumerate(groupby(own.part.pages, key=lambda page: page.file), start=1):
        count = len(list(group))
        if before < at <= before + count:
            found = next(folder.glob(f"{number:03}.*"), None)
            if found is not None:
                return found, at - before
        before += count
    raise Rejected(Code.PAGE_UNKNOWN)
