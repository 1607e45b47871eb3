"""Collating a stack that was scanned one side at a time: which back belongs to which front.

What was declared is held against what is there: fronts and backs are as many, and the page numbers that are printed on
some of them do not speak for another order. Where they do, the stack waits for a person as it was delivered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from classify.layout import page_layout
from classify.printed_number import printed_number
from dossier.collation import Collation, believed, collated
from dossier.errors import Rejected
from dossier.register import VIETNAM
from dossier.scan import PageScan
from dossier.stacks import SeenPage, StackPage
from ingest.spool import full_is_told
from ingest.taken import TakenPage
from ocr.looker import BoundedLooker
from ocr.rules import rules_on
from pipeline.services import Services

_PILES = 2
_READ = 8  # sheets at each end: more would not say more


@dataclass(frozen=True, slots=True)
class Pile:
    """What was declared of a stack: how its backs come, and how many pages there are in all, as somebody counted."""

    how: Collation = Collation.NONE
    pages: int | None = None


@dataclass(slots=True)
class PageImages:
    """The page images of a stack, each in a file of its own, as long as the folder is there."""

    folder: Path
    scans: dict[StackPage, PageScan] = field(default_factory=dict)

    def keep(self, page: StackPage, taken: TakenPage) -> None:
        """Put a page's image down."""
        with full_is_told():
            self._path(page).write_bytes(taken.data)
        self.scans[page] = taken.scan

    def get(self, page: StackPage) -> tuple[PageScan, bytes]:
        """Return a page's image, and what it is."""
        return self.scans[page], self._path(page).read_bytes()

    def all_of(self, pages: Sequence[StackPage]) -> Iterator[tuple[PageScan, bytes]]:
        """Yield images of pages, one at a time."""
        return (self.get(page) for page in pages)

    def _path(self, page: StackPage) -> Path:
        return self.folder / f"{page.file}-{page.number}"


def in_order(
    seen: Sequence[SeenPage], pile: Pile, images: PageImages, services: Services
) -> tuple[list[SeenPage], Collation]:
    """Return the pages of a stack sheet by sheet, and how they lay; as they are and `NONE` where a person decides."""
    if not _goes_together(seen, pile, images):
        return list(seen), Collation.NONE
    how = believed(_numbers(seen, images, services), pile.how)
    if how is None:
        return list(seen), Collation.NONE
    return list(_with_bare_backs(collated(seen, how), images, services)), how


def _goes_together(seen: Sequence[SeenPage], pile: Pile, images: PageImages) -> bool:
    """Return whether it is certain where the fronts end: they are one file of two, or somebody has counted."""
    if not seen or len(seen) % _PILES or not all(each.page in images.scans for each in seen):
        return False
    if pile.pages is not None and pile.pages != len(seen):
        return False
    sizes = [len(list(pages)) for _, pages in groupby(seen, key=lambda each: each.page.file)]
    return sizes[0] == sizes[1] if len(sizes) == _PILES else pile.pages is not None


def _numbers(seen: Sequence[SeenPage], images: PageImages, services: Services) -> list[int | None]:
    """Return the printed numbers of the first and last sheets in both orders; None elsewhere, or none is read."""
    half = len(seen) // _PILES
    wanted = {*range(min(_READ, half)), *range(half, min(half + _READ, len(seen)))}
    wanted |= {*range(max(half, len(seen) - _READ), len(seen))}
    return [_number(each.page, images, services) if at in wanted else None for at, each in enumerate(seen)]


def _number(page: StackPage, images: PageImages, services: Services) -> int | None:
    scan, data = images.get(page)
    try:
        reading = services.reader.read(data, scan, effort="low")
    except Rejected:
        return None
    found = printed_number(page_layout(reading, 0, services.rules.layout)) if reading.text.words else None
    return found.number if found else None


def _with_bare_backs(seen: Sequence[SeenPage], images: PageImages, services: Services) -> Iterator[SeenPage]:
    """Yield pages, those that are the empty backs of separator sheets told as such: they are no pages of a dossier."""
    with BoundedLooker() as looker:
        for at, each in enumerate(seen):
            is_back = at % _PILES == 1 and bool(seen[at - 1].separators) and not each.separators
            yield replace(each, bare_back=is_back and _is_bare(each.page, images, looker, services))


def _is_bare(page: StackPage, images: PageImages, looker: BoundedLooker, services: Services) -> bool:
    scan, data = images.get(page)
    try:
        measures = dict(looker.look(data, scan, page.number).measures)
    except Rejected:
        return False
    rules = rules_on(services.clock().astimezone(VIETNAM).date())
    return measures["marks"] < rules.verdict.blank_marks
